"""What devices are told to do: who may, what is sent when, and what their answers change."""

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
from hub.service.order import right
from hub.store.base import engine, sessions
from hub.store.device import Device
from hub.store.order import Command
from tests.hub.service.order.said import SECOND, answer, desired, lines, ordered
from tests.hub.town import MARKET, NOON, actor, envelope, event
from wire import order as wire
from wire.message import Beat, new_id
from wire.message import Twin as Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

PLAIN = wire.OPS - right.STEERS - right.TRIES
"""What is ordered at a device's page; the others have pages of their own."""


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
        ({"op": "clip", "camera": "c-3-1", "begin": "2026-11-22T03:00:00Z"}, "command.shape"),
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
        ("qin", PLAIN),
        ("zhou", PLAIN),
        ("ji", {"test-alarm", "restart", "siren"}),
        ("zhu", set()),
        ("he", set()),
        ("qiu", set()),
        ("li", set()),
    ],
)
def test_who_may_order_what(s: Session, person: str, ops: set[str]) -> None:
    for op in ops:
        assert ordered(s, op, person).op == op
    for op in PLAIN - ops:
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
