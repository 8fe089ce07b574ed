"""What edges keep is shown as a timeline; nobody is sent a piece of it before the register has a row."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import alert, media, order, recording
from hub.service.recording import COMING, Wish
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.order import Command
from hub.store.recording import Segment
from hub.store.staff import Access
from tests.hub import town
from tests.hub.town import MARKET, NOON, actor
from wire.message import Clock, Envelope, Gap, Manifest, MediaRef, Reply, new_id
from wire.message import Segment as Told

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

MINUTE = timedelta(minutes=1)
CAMERA = "c-3-1"


def told(number: int, began: datetime, *, hole: Gap | None = None, **how: Any) -> Told:
    values: dict[str, Any] = {
        "camera": CAMERA,
        "began": began,
        "ended": began + MINUTE,
        "size": 1_000_000,
        "codec": "h264",
        "picture": (1280, 720),
        "stream": "main",
        "sha256": f"{number:064x}",
        "before": f"{number - 1:064x}" if number > 1 else None,
        "hole": hole,
        "cores": 0.004,
        "kept_from": NOON - timedelta(days=30),
        "days": 41.0,
    }
    return Told(**(values | how))


def take(s: Session, *pieces: Told) -> None:
    for piece in pieces:
        recording.take(s, MARKET, "edge-1", piece, NOON)
    s.flush()


def line(s: Session, person: str = "lin", hours: float = 2) -> dict[str, Any]:
    begin = NOON - timedelta(hours=1)
    return recording.timeline(s, actor(s, person), CAMERA, begin, begin + timedelta(hours=hours), NOON)


def test_pieces_that_follow_one_another_are_one_stretch(s: Session) -> None:
    take(s, *(told(number, NOON - (20 - number) * MINUTE) for number in range(1, 11)))
    shown = line(s)
    assert shown["stretches"] == [
        {
            "stream": "main",
            "codec": "h264",
            "began": "2026-11-22T03:41:00.000Z",
            "ended": "2026-11-22T03:51:00.000Z",
        }
    ]
    assert shown["holes"] == []
    assert shown["camera"]["kept_from"] == "2026-10-23T04:00:00.000Z"
    assert (shown["camera"]["days"], shown["camera"]["cores"]) == (41.0, 0.004)


def test_a_hole_is_shown_with_its_reason_and_parts_the_stretches(s: Session) -> None:
    hole = Gap(NOON - 9 * MINUTE, "quota", "full")
    take(s, told(1, NOON - 10 * MINUTE), told(2, NOON - 5 * MINUTE, hole=hole))
    shown = line(s)
    assert len(shown["stretches"]) == 2
    assert shown["holes"] == [
        {
            "began": "2026-11-22T03:51:00.000Z",
            "ended": "2026-11-22T03:55:00.000Z",
            "reason": "quota",
            "detail": "full",
        }
    ]


def test_another_stream_is_another_stretch(s: Session) -> None:
    take(s, told(1, NOON - 2 * MINUTE), told(2, NOON - MINUTE, stream="sub"))
    assert [one["stream"] for one in line(s)["stretches"]] == ["main", "sub"]


def test_told_twice_or_late_changes_nothing(s: Session) -> None:
    first, second = told(1, NOON - 2 * MINUTE), told(2, NOON - MINUTE, kept_from=NOON - 9 * MINUTE)
    take(s, second, first, second, first)
    assert len(s.scalars(select(Segment)).all()) == 2
    camera = line(s)["camera"]
    assert camera["kept_from"] == "2026-11-22T03:51:00.000Z"
    assert camera["runs"]


def test_an_edge_speaks_of_its_own_cameras_only(s: Session) -> None:
    with pytest.raises(Refused, match="register the camera"):
        recording.take(s, MARKET, "edge-1", told(1, NOON, camera="c-3-3"), NOON)


def test_alerts_stand_on_the_timeline(s: Session) -> None:
    alert.receive(s, MARKET, "edge-1", town.event(), NOON)
    (mark,) = line(s)["alerts"]
    assert mark["kind"]["id"] == "intrusion"
    assert mark["began"].startswith("2026-11-22T0")


@pytest.mark.parametrize("person", ["qiu", "shen", "han", "jia", "zhu", "ji", "qin"])
def test_who_may_not_play_sees_no_timeline_and_gets_no_piece(s: Session, person: str) -> None:
    take(s, told(1, NOON - MINUTE))
    with pytest.raises(Refused) as caught:
        line(s, person)
    assert caught.value.kind == "right"
    with pytest.raises(Refused) as caught:
        asked(s, person)
    assert caught.value.kind == "right"
    assert s.scalars(select(Command)).all() == []


def test_a_day_at_a_time(s: Session) -> None:
    with pytest.raises(Refused, match="at most 25 hours"):
        line(s, hours=26)


def asked(s: Session, person: str = "lin", *, online: bool = True) -> Command:
    s.get_one(Device, "edge-1").online = online
    wish = Wish(NOON - MINUTE, 10.0, "a bag was lost at noon")
    return recording.ask(s, actor(s, person), CAMERA, wish, "session", NOON)


def test_asking_is_registered_and_told_to_the_edge(s: Session) -> None:
    made = asked(s)
    s.flush()
    (row,) = s.scalars(select(Access)).all()
    assert (row.kind, row.person, row.purpose) == ("playback", "lin", "a bag was lost at noon")
    assert row.subject == "c-3-1 2026-11-22T03:59:00.000Z +10s"
    (entry,) = s.scalars(select(Line).where(Line.act == "video.play"))
    assert entry.public["command"] == made.id
    assert made.args == {
        "op": "clip",
        "camera": "c-3-1",
        "seconds": 10.0,
        "begin": "2026-11-22T03:59:00Z",
        "browser": True,
    }


def test_an_edge_that_is_away_is_said_at_once(s: Session) -> None:
    with pytest.raises(Refused, match="nothing is lost"):
        asked(s, online=False)
    assert s.scalars(select(Access)).all() == []


def test_what_is_to_come_cannot_be_asked_for(s: Session) -> None:
    s.get_one(Device, "edge-1").online = True
    with pytest.raises(Refused, match="still to come"):
        recording.ask(s, actor(s, "lin"), CAMERA, Wish(NOON + MINUTE, 10.0, "why"), "session", NOON)


def piece(s: Session, made: Command, person: str = "lin", *, later: timedelta = MINUTE) -> dict[str, Any]:
    s.flush()
    return recording.piece(s, actor(s, person), made.id, NOON + later)


def test_a_piece_goes_from_asked_to_ready(s: Session) -> None:
    made = asked(s)
    assert piece(s, made)["state"] == "asked"
    ref = MediaRef("clip", "d" * 64, 5_000, "video/mp4")
    manifest = Manifest(made.id, CAMERA, NOON - MINUTE, NOON - MINUTE / 2, (ref,), 3.1)
    media.announce(s, MARKET, "edge-1", manifest, NOON)
    assert piece(s, made)["state"] == "cut"
    media.stored(s, "d" * 64, 5_000, "video/mp4", NOON)
    shown = piece(s, made)
    assert (shown["state"], shown["cpu_s"], shown["size"]) == ("ready", 3.1, 5_000)
    assert media.show(s, actor(s, "lin"), shown["media"], "session", NOON).sha256 == "d" * 64
    with pytest.raises(Refused):
        media.show(s, actor(s, "qiu"), shown["media"], "session", NOON)


def test_what_the_edge_refuses_is_said_in_its_words(s: Session) -> None:
    made = asked(s)
    made.state, made.counter = "sent", made.counter
    said = Envelope(
        v="1.2", id=new_id(), device="edge-1", epoch=new_id(), at=NOON, mono_ms=1, clock=Clock("ntp"),
        prio="p3", body=Reply(made.id, "refused", "nothing is recorded of c-3-1 at that time"), seq=1,
    )  # fmt: skip
    order.replied(s, MARKET, "edge-1", said, NOON)
    shown = piece(s, made)
    assert (shown["state"], shown["reason"]) == ("failed", "nothing is recorded of c-3-1 at that time")


def test_a_piece_that_never_comes_has_failed(s: Session) -> None:
    assert piece(s, asked(s), later=COMING + MINUTE)["state"] == "failed"


def test_a_piece_belongs_to_whoever_asked_for_it(s: Session) -> None:
    made = asked(s)
    with pytest.raises(Refused):
        piece(s, made, "he")


def test_the_list_holds_the_cameras_and_how_they_are_recorded(s: Session) -> None:
    take(s, told(1, NOON - 2 * MINUTE))
    found = {one["id"]: one for one in recording.cameras(s, actor(s, "lin"), NOON)}
    assert found[CAMERA]["runs"]
    assert not found["c-3-3"]["recorded"]
    with pytest.raises(Refused):
        recording.cameras(s, actor(s, "qiu"), NOON)
