"""What boxes report: one alert for what is one happening, and never one that swallows another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import event, func, select

from hub.core.alert import CAP, WINDOW, State
from hub.core.refuse import Refused
from hub.service import alert
from hub.store.alert import AlarmRecord, Alert, AlertEvent
from hub.store.base import sessions
from hub.store.camera import Camera
from hub.store.evidence import Line
from tests.hub import town
from tests.hub.service.steps import seen
from tests.hub.town import MARKET, NOON
from wire.message import Box, Clock, Envelope, Event, Manifest, MediaRef, new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

SECOND = timedelta(seconds=1)


def receive(s: Session, envelope: Envelope, now: datetime = NOON) -> Alert | None:
    return alert.receive(s, MARKET, "edge-1", envelope, now)


def again(envelope: Envelope, **changed: Any) -> Envelope:
    """The same event once more, as another message."""
    body = msgspec.structs.replace(envelope.body, **changed)
    return msgspec.structs.replace(envelope, id=new_id(), body=body)


def count(s: Session, table: Any = Alert) -> int:
    return s.scalar(select(func.count()).select_from(table)) or 0


def test_an_event_opens_an_alert_that_knows_its_place(s: Session) -> None:
    found = seen(s, "intrusion", camera="c-3-2")
    assert (found.state, found.severity, found.grid, found.group) == (State.NEW, 1, "east", "east-2")
    assert (found.place_zh, found.x, found.y) == ("2 号巷", 20.0, 20.0)
    assert found.number == "A-20261122-0001"
    assert found.ack_due == NOON + timedelta(minutes=2)


def test_the_fact_is_kept_as_received(database: Engine) -> None:
    message = town.event(score=0.71, thumb=b"\xff\xd8jpeg")
    with sessions(database).begin() as s:
        receive(s, message, NOON + SECOND)
    with sessions(database)() as s:
        record = s.get_one(AlarmRecord, message.id)
        assert record.body["body"]["score"] == 0.71
        assert record.body["epoch"] == message.epoch
        assert "thumb" not in record.body["body"]
        assert record.thumb == b"\xff\xd8jpeg"
        assert (record.at, record.received_at) == (NOON, NOON + SECOND)
        assert record.clock_source == "ntp"


def test_the_same_message_twice_is_one_fact(s: Session) -> None:
    message = town.event()
    first = receive(s, message)
    assert receive(s, message) is first
    assert (count(s), count(s, AlarmRecord)) == (1, 1)


def test_the_same_event_under_two_numbers_counts_once(s: Session) -> None:
    message = town.event()
    receive(s, message)
    found = receive(s, again(message, phase="update", score=0.95, seconds=12.0))
    assert found is not None
    assert (found.count, found.score, found.seconds) == (1, 0.95, 12.0)
    assert count(s, AlarmRecord) == 2


def test_events_of_one_key_within_the_window_are_one_alert(s: Session) -> None:
    first = seen(s)
    for minutes in (1, 2, 3):
        seen(s, now=NOON + timedelta(minutes=minutes))
    assert count(s) == 1
    assert (first.count, first.last_at) == (4, NOON + timedelta(minutes=3))


def test_each_line_names_the_version_that_it_made(s: Session) -> None:
    for minutes in (0, 1, 2):
        found = seen(s, now=NOON + timedelta(minutes=minutes))
    told = [(line.act, line.public["version"]) for line in s.scalars(select(Line).order_by(Line.id))]
    assert told == [("alert.new", 1), ("alert.update", 2), ("alert.update", 3)]
    assert found.version == 3


@pytest.mark.parametrize("other", [{"zone": "gate"}, {"camera": "c-3-2"}, {"zone": None}, {"drill": True}])
def test_another_zone_or_camera_or_a_drill_is_another_alert(s: Session, other: dict[str, Any]) -> None:
    seen(s)
    seen(s, **other)
    assert count(s) == 2


def test_after_a_quiet_while_it_is_a_new_alert(s: Session) -> None:
    first = seen(s)
    second = seen(s, now=NOON + WINDOW + SECOND)
    assert first.id != second.id
    assert (first.open_key, second.open_key is not None) == (None, True)


def test_a_permanent_false_alarm_does_not_swallow_a_true_one(s: Session) -> None:
    at = NOON
    while at <= NOON + CAP:
        seen(s, now=at)
        at += WINDOW
    assert count(s) == 1
    seen(s, now=at)
    assert count(s) == 2


def test_a_graver_event_makes_the_alert_new_again(s: Session) -> None:
    first = seen(s, "smoke")
    alert.take(s, town.actor(s, "lin"), first.id, NOON)
    raised = seen(s, "smoke", now=NOON + 10 * SECOND, trust="high")
    assert raised is first
    assert (first.severity, first.state, first.lease_person) == (0, State.NEW, None)
    assert first.ack_due == NOON + 40 * SECOND
    assert first.ack_run == 2


def test_a_graver_event_does_not_disappear_in_a_case(s: Session) -> None:
    first = seen(s, "intrusion", trust="low")
    alert.confirm(s, town.actor(s, "lin"), first.id, NOON)
    assert seen(s, "intrusion", now=NOON + SECOND, trust="low") is first
    second = seen(s, "intrusion", now=NOON + 2 * SECOND, trust="high")
    assert (second.id != first.id, second.severity, second.state) == (True, 1, State.NEW)


def test_what_follows_a_confirmed_alert_counts_into_it(s: Session) -> None:
    first = seen(s)
    opened = alert.confirm(s, town.actor(s, "lin"), first.id, NOON)
    seen(s, now=NOON + SECOND)
    assert (count(s), first.count, first.case) == (1, 2, opened.id)


def test_after_a_dismissal_the_next_event_is_new_and_the_same_one_is_not(s: Session) -> None:
    message = town.event()
    first = receive(s, message)
    assert first is not None
    alert.dismiss(s, town.actor(s, "lin"), first.id, "animal", NOON)
    assert receive(s, again(message, phase="end"), NOON + SECOND) is first
    assert first.state == State.DISMISSED
    assert seen(s, now=NOON + SECOND).id != first.id


def test_news_that_overtakes_its_beginning_makes_the_alert(s: Session) -> None:
    message = town.event()
    found = receive(s, again(message, phase="update"))
    assert receive(s, message) is found
    assert found is not None
    assert (found.count, count(s)) == (1, 1)


def test_an_event_that_comes_a_week_late_keeps_its_time_and_its_own_alert(s: Session) -> None:
    today = seen(s)
    late = receive(s, town.event(at=NOON - timedelta(days=7)))
    assert late is not None
    assert late.id != today.id
    assert (late.first_at, late.received_at) == (NOON - timedelta(days=7), NOON)
    later = receive(s, town.event(at=NOON - timedelta(days=7) + SECOND))
    assert later is late


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)])
def test_a_wrong_clock_is_kept_but_not_believed(s: Session, wrong: datetime) -> None:
    message = msgspec.structs.replace(town.event(at=wrong), clock=Clock("none", -1e11))
    found = receive(s, message)
    assert found is not None
    assert found.first_at == NOON
    assert s.get_one(AlarmRecord, message.id).at == wrong


@pytest.mark.parametrize(
    ("device", "camera"), [("edge-2", "c-3-1"), ("edge-1", "c-9-9"), ("edge-9", "c-3-1")]
)
def test_a_box_speaks_for_its_own_cameras_only(s: Session, device: str, camera: str) -> None:
    with pytest.raises(Refused) as caught:
        alert.receive(s, MARKET, device, town.event(camera=camera), NOON)
    assert caught.value.kind == "missing"
    assert count(s, AlarmRecord) == 0


def test_one_bad_message_of_a_batch_harms_no_other(s: Session) -> None:
    batch = [("edge-1", town.event()), ("edge-2", town.event()), ("edge-1", town.event(camera="c-3-2"))]
    outcomes = alert.receive_all(s, MARKET, batch, NOON)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Alert", "Refused", "Alert"]


def test_what_is_not_an_event_is_refused(s: Session) -> None:
    ref = MediaRef("still", "0" * 64, 10, "image/jpeg")
    manifest = Manifest(new_id(), "c-3-1", NOON, NOON, (ref,))
    with pytest.raises(Refused, match="not an event"):
        receive(s, town.envelope(manifest))


def test_boxes_lie_in_the_unit_square_of_the_picture(s: Session) -> None:
    box = Box(left=320, top=120, width=64, height=240, label="person", score=0.9, track=7)
    found = seen(s, boxes=(box,), picture=(640, 480))
    assert found.boxes == [
        {"left": 0.5, "top": 0.25, "width": 0.1, "height": 0.5, "label": "person", "score": 0.9, "track": 7}
    ]


def test_boxes_stay_those_of_the_picture_that_is_shown(s: Session) -> None:
    box = Box(left=320, top=120, width=64, height=240, label="person", score=0.6)
    message = town.event("intrusion", boxes=(box,), picture=(640, 480), score=0.6)
    found = receive(s, message)
    assert found is not None
    first = list(found.boxes)
    nearer = msgspec.structs.replace(box, left=10, score=0.9)
    receive(s, again(message, phase="update", boxes=(nearer,), score=0.9))
    assert (found.boxes, found.score) == (first, 0.9)


def test_boxes_of_a_picture_of_unknown_size_are_not_drawn(s: Session) -> None:
    box = Box(left=320, top=120, width=64, height=240, label="person", score=0.9)
    assert seen(s, boxes=(box,)).boxes == []


def test_a_camera_that_is_covered_is_shown_so_until_it_sees_again(s: Session) -> None:
    message = town.event("covered", zone=None, reason="too dark")
    receive(s, message)
    camera = s.get_one(Camera, "c-3-1")
    assert (camera.state, camera.since, camera.reason) == ("covered", NOON, "too dark")
    receive(s, again(message, phase="end", at=NOON + SECOND), NOON + SECOND)
    assert (camera.state, camera.reason) == ("live", None)


def test_a_batch_writes_one_line_an_alert(s: Session) -> None:
    batch = [("edge-1", town.event(at=NOON + n * SECOND)) for n in range(20)]
    alert.receive_all(s, MARKET, batch, NOON + 20 * SECOND)
    assert s.scalars(select(Line.act)).all() == ["alert.new"]


def test_a_storm_costs_a_number_of_statements_that_does_not_grow_with_it(store: Any, on: Engine) -> None:
    def cost(size: int, kind: str) -> int:
        ran: list[str] = []
        batch = [("edge-1", town.event(kind, NOON + n * SECOND / 10)) for n in range(size)]
        event.listen(on, "before_cursor_execute", tell := lambda *given: ran.append(given[2]))
        with store.begin() as s:
            alert.receive_all(s, MARKET, batch, NOON + 60 * SECOND)
        event.remove(on, "before_cursor_execute", tell)
        return len(ran)

    cost(1, "linger")
    assert cost(500, "crowd") <= cost(20, "line") + 10


def test_every_event_of_a_batch_finds_its_alert_again(s: Session) -> None:
    batch = [("edge-1", town.event(camera=camera)) for camera in ("c-3-1", "c-3-2") * 5]
    alert.receive_all(s, MARKET, batch, NOON)
    assert count(s, AlertEvent) == 10
    assert count(s) == 2
    for _, message in batch:
        body = message.body
        assert isinstance(body, Event)
        found = receive(s, again(message, phase="end"))
        assert found is not None
        assert found.camera == body.camera
