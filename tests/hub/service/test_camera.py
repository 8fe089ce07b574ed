"""What boxes say of themselves, and what their silence says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.alert import State
from hub.service import alert, camera, wall
from hub.service.camera import DARK_AFTER
from hub.store.alert import Alert
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.evidence import Line
from tests.hub import town
from tests.hub.town import MARKET, NOON
from wire.message import Beat, CameraHealth, Event, new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

SECOND = timedelta(seconds=1)


def beat(*cameras: tuple[str, str], reason: str | None = None) -> Beat:
    said = tuple(CameraHealth(name, state, NOON, reason) for name, state in cameras)  # type: ignore[arg-type]
    return Beat(uptime_s=60, rss_mb=120, queued=3, dropped=1, cameras=said)


def lines(s: Session) -> list[Line]:
    return list(s.scalars(select(Line).order_by(Line.id)))


def test_a_beat_shows_the_box_online_and_its_cameras_as_they_are(s: Session) -> None:
    said = beat(("c-3-1", "lost"), ("c-3-2", "live"), reason="401")
    changed = camera.health(s, MARKET, "edge-1", said, NOON)
    assert [row.id for row in changed] == ["c-3-1"]
    assert (changed[0].state, changed[0].reason, changed[0].since) == ("lost", "401", NOON)
    box = s.get_one(Device, "edge-1")
    assert (box.online, box.seen_at, box.queued, box.dropped) == (True, NOON, 3, 1)


def test_only_a_change_is_written_down(s: Session) -> None:
    for _ in range(3):
        camera.health(s, MARKET, "edge-1", beat(("c-3-1", "lost")), NOON)
    s.flush()
    assert [(line.act, line.public["camera"], line.public["was"]) for line in lines(s)] == [
        ("camera.state", "c-3-1", "live")
    ]


def test_a_box_does_not_speak_for_the_cameras_of_another(s: Session) -> None:
    assert camera.health(s, MARKET, "edge-1", beat(("c-3-3", "lost"), ("c-9-9", "lost")), NOON) == []
    foreign = town.event("covered", camera="c-3-3", zone=None).body
    assert isinstance(foreign, Event)
    assert camera.health(s, MARKET, "edge-1", foreign, NOON) == []
    assert s.get_one(Camera, "c-3-3").state == "live"


def test_a_state_that_lies_in_the_future_begins_now(s: Session) -> None:
    said = CameraHealth("c-3-1", "frozen", NOON + timedelta(days=3))
    body = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0, cameras=(said,))
    assert camera.health(s, MARKET, "edge-1", body, NOON)[0].since == NOON


def test_the_end_of_another_trouble_does_not_make_a_camera_see(s: Session) -> None:
    for kind, phase in (("covered", "new"), ("moved", "end")):
        body = town.event(kind, zone=None, phase=phase).body
        assert isinstance(body, Event)
        camera.health(s, MARKET, "edge-1", body, NOON)
    assert s.get_one(Camera, "c-3-1").state == "covered"


def tell(s: Session, kind: str, phase: str, event: str, now: datetime) -> None:
    """As the ingest takes it: the alert and the camera's state."""
    alert.receive(s, MARKET, "edge-1", town.event(kind, now, zone=None, phase=phase, event=event), now)
    s.flush()


def blind(s: Session) -> dict[str, str]:
    """What the wall names as blind: camera and why."""
    page = wall.snapshot(s, town.actor(s, "lin"), NOON)
    named = {row["id"]: row["state"] for row in page["cameras"] if row["state"] != "live"}
    assert page["blind"]["cameras"] == len(named)
    return named


@pytest.mark.parametrize("kind", sorted(camera.SHOWN))
def test_each_fault_of_sight_is_on_the_wall_until_the_camera_sees_again(s: Session, kind: str) -> None:
    name = new_id()
    tell(s, kind, "new", name, NOON)
    assert blind(s) == {"c-3-1": kind}
    tell(s, kind, "update", name, NOON + SECOND)
    camera.health(s, MARKET, "edge-1", beat(("c-3-1", kind)), NOON + SECOND)
    assert blind(s) == {"c-3-1": kind}
    tell(s, kind, "end", name, NOON + 2 * SECOND)
    assert blind(s) == {}
    states = [line.public["state"] for line in lines(s) if line.act == "camera.state"]
    assert states == [kind, "live"]


@pytest.mark.parametrize("kind", sorted(camera.SHOWN))
def test_an_edge_that_dies_during_a_fault_and_comes_back_heals_what_nobody_ended(
    s: Session, kind: str
) -> None:
    tell(s, kind, "new", new_id(), NOON)
    later = NOON + timedelta(minutes=1)
    camera.health(s, MARKET, "edge-1", beat(("c-3-1", "opening")), later)
    camera.health(s, MARKET, "edge-1", beat(("c-3-1", "live")), later + 30 * SECOND)
    assert blind(s) == {}


@pytest.mark.parametrize("kind", sorted(camera.SHOWN))
def test_a_fault_that_outlives_the_edges_restart_is_told_again(s: Session, kind: str) -> None:
    tell(s, kind, "new", new_id(), NOON)
    later = NOON + timedelta(minutes=1)
    camera.health(s, MARKET, "edge-1", beat(("c-3-1", "live")), later)
    tell(s, kind, "new", new_id(), later + 5 * SECOND)
    assert blind(s) == {"c-3-1": kind}


def test_one_fault_that_turns_into_another_is_the_later_one(s: Session) -> None:
    covered, moved = new_id(), new_id()
    tell(s, "covered", "new", covered, NOON)
    tell(s, "covered", "end", covered, NOON + SECOND)
    tell(s, "moved", "new", moved, NOON + SECOND)
    assert blind(s) == {"c-3-1": "moved"}


def test_a_clock_that_is_off_blinds_nobody(s: Session) -> None:
    tell(s, "clock", "new", new_id(), NOON)
    assert blind(s) == {}


def test_a_box_that_misses_three_beats_is_dark_and_somebody_hears(s: Session) -> None:
    camera.health(s, MARKET, "edge-1", beat(("c-3-1", "live")), NOON)
    assert camera.silent(s, NOON + DARK_AFTER) == []
    assert [box.id for box in camera.silent(s, NOON + DARK_AFTER + SECOND)] == ["edge-1"]
    states = {row.id: row.state for row in s.scalars(select(Camera))}
    assert states == {"c-3-1": "lost", "c-3-2": "lost", "c-3-3": "live"}
    alarm = s.scalars(select(Alert)).one()
    assert (alarm.kind, alarm.severity, alarm.state, alarm.device) == ("dark", 1, State.NEW, "edge-1")
    assert alarm.place_zh == "前端 edge-1"


def test_a_dark_box_is_told_of_once(s: Session) -> None:
    camera.health(s, MARKET, "edge-1", beat(), NOON)
    for minutes in (2, 3, 4):
        camera.silent(s, NOON + timedelta(minutes=minutes))
    assert len(s.scalars(select(Alert)).all()) == 1


def test_a_box_that_comes_back_may_go_dark_again(s: Session) -> None:
    for hours in (0, 1):
        now = NOON + timedelta(hours=hours)
        camera.health(s, MARKET, "edge-1", beat(("c-3-1", "live"), ("c-3-2", "live")), now)
        assert s.get_one(Camera, "c-3-2").state == "live"
        camera.silent(s, now + 2 * DARK_AFTER)
    rows = s.scalars(select(Alert).order_by(Alert.number)).all()
    assert [row.open_key is None for row in rows] == [True, False]


def test_a_box_that_never_spoke_is_not_dark(s: Session) -> None:
    assert camera.silent(s, NOON + timedelta(days=9)) == []
