"""What devices are told to be and to do: who may, what is sent when, and what their answers change."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core import glossary
from hub.core.refuse import Refused
from hub.service import alert, camera
from hub.service import order as orders
from hub.service.order import answer as answer_module
from hub.store.base import engine, sessions
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.order import Command, Desired, Twin
from tests.hub.town import MARKET, NOON, actor, envelope, event
from wire import order as wire
from wire.message import Beat, Outcome, Reply, new_id
from wire.message import Twin as Said

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

SLOW = b'{"cameras": {"c-3-1": {"fps": 2}}}'
SECOND = timedelta(seconds=1)


@pytest.fixture
def store(database: Engine) -> sessionmaker[Session]:
    return sessions(database)


def ordered(s: Session, op: str = "still", person: str = "qin", now: datetime = NOON, **more: Any) -> Command:
    camera = {} if op == "restart" else {"camera": "c-3-1"}
    more = {"until": now + timedelta(hours=1)} | more if op in {"arm", "disarm"} else more
    return orders.command(s, actor(s, person), "edge-1", {"op": op} | camera | more, now)


def desired(s: Session, fields: bytes = SLOW, match: int = 0, now: datetime = NOON) -> Desired:
    return orders.desire(s, actor(s, "ji"), "edge-1", fields, match, now)


def answer(
    s: Session,
    to: str,
    outcome: Outcome,
    reason: str | None = None,
    device: str = "edge-1",
    now: datetime = NOON,
) -> None:
    said = envelope(Reply(to=to, outcome=outcome, reason=reason), now, device)
    orders.replied(s, MARKET, device, said, now)


def beat(s: Session, version: int, digest: str | None = None, now: datetime = NOON) -> None:
    body = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0, twin=Said(version=version, digest=digest))
    orders.reported(s, "edge-1", envelope(body, now), now)


def lines(s: Session) -> list[tuple[str, dict[str, Any]]]:
    s.flush()
    return [(line.act, line.public) for line in s.scalars(select(Line).order_by(Line.id))]


def test_a_command_is_sent_at_once_and_again_until_it_is_answered(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made = ordered(s)
        s.flush()
        assert orders.waiting(s, NOON)
        ((market, told),) = orders.due(s, NOON)
        assert (market, told.target, told.id) == (MARKET, "edge-1", made.id)
        assert isinstance(told, wire.Command)
        assert wire.decode_command(wire.encode(told)).args == wire.Still(camera="c-3-1")
        assert orders.due(s, NOON + SECOND) == []
        assert not orders.waiting(s, NOON + SECOND)
        assert [again.id for _, again in orders.due(s, NOON + 2 * SECOND)] == [made.id]
        answer(s, made.id, "done")
        assert orders.due(s, NOON + 10 * SECOND) == []
        assert (made.state, made.tries) == ("done", 2)


def test_what_nobody_answers_is_over_after_half_a_minute_and_never_sent_again(
    store: sessionmaker[Session],
) -> None:
    with store.begin() as s:
        made = ordered(s)
        s.flush()
        assert orders.due(s, NOON + 30 * SECOND) == []
        assert orders.expire(s, NOON + 34 * SECOND) == 0
        assert orders.waiting(s, NOON + 35 * SECOND)
        assert orders.expire(s, NOON + 35 * SECOND) == 1
        assert made.state == "expired"
        assert lines(s)[-1][0] == "device.expired"
        assert orders.due(s, NOON + 40 * SECOND) == []
        assert not orders.waiting(s, NOON + 40 * SECOND)


def test_a_reply_that_was_long_on_its_way_still_tells_that_it_was_done(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made, other = ordered(s), ordered(s, "restart")
        s.flush()
        orders.expire(s, NOON + 60 * SECOND)
        answer(s, made.id, "done", now=NOON + timedelta(hours=5))
        answer(s, other.id, "refused", "expired", now=NOON + timedelta(hours=5))
        assert (made.state, other.state) == ("done", "expired")


def test_the_first_answer_holds(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made = ordered(s)
        answer(s, made.id, "done")
        answer(s, made.id, "refused", "interrupted")
        assert (made.state, made.reason) == ("done", None)
        assert [act for act, _ in lines(s)] == ["device.command", "device.replied"]


def test_an_answer_to_what_was_never_told_is_refused(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made, config = ordered(s), desired(s)
        for to, outcome, device in (
            (new_id(), "done", "edge-1"),
            (made.id, "done", "edge-2"),
            (made.id, "applied", "edge-1"),
            (config.id, "done", "edge-1"),
        ):
            with pytest.raises(Refused, match="never told"):
                answer(s, to, outcome, device=device)  # type: ignore[arg-type]
        assert (made.state, config.state) == ("queued", "queued")


def test_the_counter_rises_with_every_command_and_after_a_restored_backup_too(
    store: sessionmaker[Session],
) -> None:
    with store.begin() as s:
        first, second = ordered(s), ordered(s)
        earlier = ordered(s, now=NOON - timedelta(days=9))
        assert first.counter < second.counter < earlier.counter, "a clock that was set back changes nothing"
        later = ordered(s, now=NOON + SECOND)
        assert later.counter >= int((NOON + SECOND).timestamp() * 1000) > earlier.counter


def test_two_people_who_order_at_once_get_two_numbers(store: sessionmaker[Session]) -> None:
    faults: list[BaseException] = []

    def order() -> None:
        try:
            for _ in range(4):
                with store.begin() as s:
                    ordered(s)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            faults.append(error)

    people = [threading.Thread(target=order) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert faults == []
    with store() as s:
        assert len(set(s.scalars(select(Command.counter)))) == 8


def test_two_doors_that_look_at_once_do_not_both_send(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made = ordered(s).id
    sent: list[str] = []

    def look() -> None:
        with store.begin() as s:
            sent.extend(told.id for _, told in orders.due(s, NOON))

    doors = [threading.Thread(target=look) for _ in range(2)]
    for one in doors:
        one.start()
    for one in doors:
        one.join()
    assert sent == [made]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"op": "shell", "camera": "c-3-1"}, "command.shape"),
        ({"op": "still"}, "command.shape"),
        ({"op": "still", "camera": "c-3-1", "url": "http://elsewhere"}, "command.shape"),
        ({"op": "clip", "camera": "c-3-1", "seconds": 31}, "command.shape"),
        ({"op": "relay.start", "camera": "c-3-1", "seconds": 121}, "command.shape"),
        ({"op": "restart", "camera": "c-3-1"}, "command.shape"),
        ({"op": "still", "camera": "c-3-3"}, "device.camera"),
        ({"op": "still", "camera": "c-9-9"}, "device.camera"),
        ({}, "command.shape"),
    ],
)
def test_what_is_not_in_the_closed_list_cannot_be_commanded(
    s: Session, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        orders.command(s, actor(s, "zhou"), "edge-1", given, NOON)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("person", "ops"),
    [
        ("lin", {"still", "clip", "relay.start", "relay.stop"}),
        ("qin", wire.OPS),
        ("zhou", wire.OPS),
        ("ji", {"test-alarm", "restart"}),
        ("zhu", set()),
        ("he", set()),
        ("qiu", set()),
        ("li", set()),
    ],
)
def test_who_may_order_what(s: Session, person: str, ops: set[str]) -> None:
    for op in ops:
        assert ordered(s, op, person).op == op
    for op in wire.OPS - ops:
        with pytest.raises(Refused) as refused:
            ordered(s, op, person)
        assert refused.value.kind == "right"


def test_every_operation_and_every_end_has_its_words() -> None:
    assert set(glossary.OP) == wire.OPS
    states = {"queued", "sent", "expired", "replaced", *answer_module.COMMANDS.values()}
    assert set(glossary.ORDER) == states | set(answer_module.CONFIGS.values())


def test_a_device_of_another_market_is_not_there(s: Session) -> None:
    with pytest.raises(Refused, match="There is no device"):
        orders.command(s, actor(s, "zhou"), "edge-9", {"op": "restart"}, NOON)


@pytest.mark.parametrize("status", ["planned", "suspended", "revoked"])
def test_a_device_that_may_not_speak_is_told_nothing(s: Session, status: str) -> None:
    made = ordered(s)
    s.get_one(Device, "edge-1").status = status
    s.flush()
    assert orders.due(s, NOON) == []
    with pytest.raises(Refused, match="let it in again"):
        ordered(s)
    with pytest.raises(Refused, match="let it in again"):
        desired(s)
    assert orders.expire(s, NOON + 60 * SECOND) == 1
    assert made.state == "expired"


def test_somebody_who_keeps_pressing_is_told_to_wait(s: Session) -> None:
    for _ in range(16):
        ordered(s)
    with pytest.raises(Refused, match="wait half a minute"):
        ordered(s)


def test_a_configuration_is_sent_until_the_device_says_that_it_has_it(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made = desired(s)
        s.flush()
        ((_, told),) = orders.due(s, NOON)
        assert isinstance(told, wire.Config)
        assert wire.decode_config(wire.encode(told)).fields.cameras["c-3-1"].fps == 2
        assert orders.due(s, NOON + 29 * SECOND) == []
        assert len(orders.due(s, NOON + 30 * SECOND)) == 1
        beat(s, 0, now=NOON + 31 * SECOND)
        assert len(orders.due(s, NOON + 31 * SECOND)) == 1, "it has just come and does not have it"
        answer(s, made.id, "applied")
        assert orders.due(s, NOON + timedelta(hours=1)) == []
        assert made.state == "applied"


def test_a_device_that_has_lost_its_memory_is_told_again(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made = desired(s)
        beat(s, made.version, made.digest)
        assert made.state == "applied"
        beat(s, 0)
        s.flush()
        assert [told.id for _, told in orders.due(s, NOON)] == [made.id]


@pytest.mark.parametrize("outcome", ["rejected", "rolled-back"])
def test_what_a_device_does_not_take_is_not_sent_again_and_its_reason_is_kept(
    store: sessionmaker[Session], outcome: Outcome
) -> None:
    with store.begin() as s:
        made = desired(s)
        answer(s, made.id, outcome, "c-3-1 stayed dark")
        beat(s, 0)
        s.flush()
        assert orders.due(s, NOON + timedelta(hours=1)) == []
        assert (made.state, made.reason) == (outcome, "c-3-1 stayed dark")
        act, public = lines(s)[-1]
        assert (act, public["state"], public["version"]) == ("device.replied", outcome, 1)


def test_of_two_who_change_it_at_once_one_is_told_to_look_again(s: Session) -> None:
    desired(s)
    with pytest.raises(Refused, match="meanwhile"):
        desired(s)
    assert desired(s, b"{}", match=1).version == 2


def test_only_the_newest_version_is_sent(s: Session) -> None:
    first = desired(s)
    second = desired(s, b"{}", match=1)
    s.flush()
    assert [told.id for _, told in orders.due(s, NOON)] == [second.id]
    answer(s, first.id, "applied")
    assert first.state == "replaced"


def test_after_a_restored_backup_the_next_version_is_above_what_the_device_has(s: Session) -> None:
    beat(s, 41)
    assert desired(s).version == 42


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"[]",
        b'{"cameras": {"c-3-1": {"url": "rtsp://elsewhere/"}}}',
        b'{"cameras": {"c-3-1": {"fps": 1e999}}}',
        b'{"cameras": {"c-3-1": {"zones": [{"id": "z", "polygon": [[0,0],[1,1],[2,2]], "rules": []}]}}}',
        b'{"data": "/etc"}',
    ],
)
def test_a_device_is_told_nothing_that_is_not_in_the_closed_list(s: Session, fields: bytes) -> None:
    with pytest.raises(Refused, match="No device takes this"):
        desired(s, fields)


def test_another_devices_camera_cannot_be_configured_through_this_one(s: Session) -> None:
    with pytest.raises(Refused, match="has no camera c-3-3"):
        desired(s, b'{"cameras": {"c-3-3": {"fps": 2}}}')


@pytest.mark.parametrize("person", ["qin", "lin", "he", "zhu", "qiu"])
def test_who_runs_no_devices_configures_none(s: Session, person: str) -> None:
    with pytest.raises(Refused) as refused:
        orders.desire(s, actor(s, person), "edge-1", SLOW, 0, NOON)
    assert refused.value.kind == "right"


def test_what_a_beat_says_stands_on_the_devices_page(s: Session) -> None:
    made = desired(s)
    beat(s, made.version, made.digest)
    s.flush()
    shown = orders.device(s, actor(s, "zhu"), "edge-1", NOON)
    assert (shown["desired"]["state"], shown["reported"]["version"]) == ("applied", 1)
    assert [camera["id"] for camera in shown["cameras"]] == ["c-3-1", "c-3-2"]
    assert (shown["clock_source"], shown["may"]) == ("ntp", [])
    assert orders.device(s, actor(s, "zhou"), "edge-1", NOON)["may"] == [
        "device.look",
        "device.command",
        "device.arm",
        "device.configure",
    ]


def test_the_first_hubs_key_is_the_one_that_devices_know(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        assert orders.pinned(s) is None
        assert orders.pin(s, "first", NOON)
    with store.begin() as s:
        assert orders.pin(s, "first", NOON)
        assert not orders.pin(s, "second", NOON)
        assert orders.pinned(s) == "first"


def test_of_two_hubs_that_begin_at_once_one_has_the_key(store: sessionmaker[Session]) -> None:
    known: list[bool] = []

    def begin(key: str) -> None:
        with store.begin() as s:
            known.append(orders.pin(s, key, NOON))

    hubs = [threading.Thread(target=begin, args=(key,)) for key in ("first", "second")]
    for one in hubs:
        one.start()
    for one in hubs:
        one.join()
    assert sorted(known) == [False, True]


def test_a_beat_of_an_older_device_changes_nothing(s: Session) -> None:
    body = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0)
    orders.reported(s, "edge-1", envelope(body), NOON)
    assert s.get(Twin, "edge-1") is None


@pytest.mark.postgres
def test_people_who_order_and_devices_that_report_do_not_bar_each_other(postgres: Callable[[], str]) -> None:
    on = engine(postgres())
    store, faults = sessions(on), list[BaseException]()

    def order() -> None:
        with store.begin() as s:
            made = ordered(s, "restart")
        with store.begin() as s:
            s.get_one(Command, made.id).state = "done"

    def take() -> None:
        with store.begin() as s:
            alert.receive_all(s, MARKET, [("edge-1", event())], NOON)
            body = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0, twin=Said())
            camera.health(s, MARKET, "edge-1", body, NOON)
            orders.reported(s, "edge-1", envelope(body), NOON)

    def again(act: Callable[[], None]) -> None:
        try:
            for _ in range(40):
                act()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            faults.append(error)

    threads = [threading.Thread(target=again, args=(act,)) for act in (order, take)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    on.dispose()
    assert faults == []


def test_what_is_armed_by_hand_stands_on_the_devices_page_until_its_end_once_the_device_has_done_it(
    s: Session,
) -> None:
    def by_hand(now: datetime) -> list[tuple[str | None, bool]]:
        shown = orders.device(s, actor(s, "zhou"), "edge-1", now)["by_hand"]
        return [(one["zone"], one["armed"]) for one in shown]

    gate = ordered(s, "disarm", zone="gate")
    assert by_hand(NOON) == [], "the device has not answered yet"
    answer(s, gate.id, "done")
    yard = ordered(s, "arm", zone="yard", until=NOON + timedelta(days=7))
    answer(s, yard.id, "done")
    answer(s, ordered(s, "arm", zone="cellar").id, "refused", "there is none")
    assert by_hand(NOON) == [("gate", False), ("yard", True)]
    assert by_hand(NOON + timedelta(hours=1)) == [("yard", True)]
    answer(s, ordered(s, "timetable", zone="yard").id, "done")
    assert by_hand(NOON) == [("gate", False)]
    answer(s, ordered(s, "disarm").id, "done")
    assert by_hand(NOON) == [(None, False)], "the whole camera was told last"


@pytest.mark.parametrize("until", [NOON, NOON - SECOND, NOON + timedelta(days=7, seconds=1)])
def test_a_hand_without_a_sound_end_is_not_ordered(s: Session, until: datetime) -> None:
    with pytest.raises(Refused) as refused:
        ordered(s, "disarm", until=until)
    assert refused.value.code == "command.shape"


def test_the_ledger_says_what_was_disarmed_and_until_when(s: Session) -> None:
    ordered(s, "disarm", zone="gate")
    ((act, public),) = lines(s)
    assert act == "device.command"
    assert (public["op"], public["zone"], public["until"]) == ("disarm", "gate", "2026-11-22T05:00:00Z")
