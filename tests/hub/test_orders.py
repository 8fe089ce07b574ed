"""The door that sends: what devices are told is signed, repeated, and never kept when it must not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.ingest.orders import EVERY, Orders
from hub.service import order as orders
from hub.store.base import readings, sessions
from hub.store.order import Command
from tests.hub.gear.listener import eventually
from tests.hub.town import NOON, actor
from wire import order as wire
from wire.sign import Checker, Signer, make_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

SECOND = timedelta(seconds=1)


@dataclass
class Air:
    """Port Link that keeps what was said; `fault` is what it raises instead."""

    said: list[tuple[str, bytes, int, bool]] = field(default_factory=list)
    fault: Exception | None = None
    tried: int = 0

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        self.tried += 1
        if self.fault:
            raise self.fault
        self.said.append((topic, data, qos, retain))


@dataclass
class Still:
    """Port Clock."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


class Door:
    def __init__(self, on: Engine, folder: Path) -> None:
        make_key(folder / "orders.pem")
        self.signer, self.air, self.clock = Signer(folder / "orders.pem"), Air(), Still()
        self.sessions, self.woken = sessions(on), 0
        self.orders = Orders(
            self.sessions, self.air, self.signer, self.clock, readings=readings(on), woke=self._woke
        )

    def _woke(self) -> None:
        self.woken += 1

    def order(self, op: str = "still") -> str:
        with self.sessions.begin() as s:
            given = {"op": op} if op == "restart" else {"op": op, "camera": "c-3-1"}
            return orders.command(s, actor(s, "zhou"), "edge-1", given, self.clock.at).id

    def desire(self) -> str:
        with self.sessions.begin() as s:
            fields = b'{"cameras": {"c-3-1": {"fps": 2}}}'
            return orders.desire(s, actor(s, "zhou"), "edge-1", fields, 0, self.clock.at).id


@pytest.fixture
def door(database: Engine, tmp_path: Path) -> Door:
    return Door(database, tmp_path)


@pytest.fixture
def running(on: Engine, tmp_path: Path) -> Iterator[Door]:
    one = Door(on, tmp_path)
    one.orders.start()
    yield one
    one.orders.stop()


def test_a_command_is_signed_and_the_broker_never_keeps_it(door: Door) -> None:
    made = door.order()
    assert door.orders.once(NOON) == 1
    ((topic, data, qos, retain),) = door.air.said
    assert (topic, qos, retain) == ("lf/v1/yunda/edge-1/command", 1, False)
    command = wire.decode_command(data)
    assert command.id == made
    assert Checker(door.signer.public).good(command)


def test_a_configuration_is_signed_and_the_broker_keeps_it_for_who_comes_later(door: Door) -> None:
    made = door.desire()
    door.orders.once(NOON)
    ((topic, data, _, retain),) = door.air.said
    assert (topic, retain) == ("lf/v1/yunda/edge-1/config", True)
    config = wire.decode_config(data)
    assert config.id == made
    assert Checker(door.signer.public).good(config)


def test_what_is_sent_again_is_the_same_to_the_last_byte(door: Door) -> None:
    door.order()
    door.desire()
    for seconds in range(0, 40, 2):
        door.orders.once(NOON + seconds * SECOND)
    commands = [data for topic, data, _, _ in door.air.said if topic.endswith("command")]
    configs = [data for topic, data, _, _ in door.air.said if topic.endswith("config")]
    assert (len(commands), len(set(commands))) == (15, 1), "every 2 s for 30 s"
    assert (len(configs), len(set(configs))) == (2, 1), "every 30 s"


def test_nothing_is_due_nothing_is_written(door: Door) -> None:
    with door.sessions.begin():  # on SQLite nobody else can write meanwhile
        assert door.orders.once(NOON) == 0
    assert door.air.said == []


def test_an_order_that_expires_is_told_to_the_walls(door: Door) -> None:
    made = door.order()
    door.orders.once(NOON)
    door.orders.once(NOON + 36 * SECOND)
    assert door.woken == 1
    with door.sessions() as s:
        assert s.get_one(Command, made).state == "expired"


def test_what_could_not_be_handed_over_is_sent_again(door: Door) -> None:
    door.order()
    door.air.fault = RuntimeError("the link is gone")
    with pytest.raises(RuntimeError):
        door.orders.once(NOON)
    door.air.fault = None
    assert door.orders.once(NOON + 2 * SECOND) == 1


@pytest.fixture
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks by itself once an hour."""
    monkeypatch.setattr("hub.ingest.orders.EVERY", 3600.0)


@pytest.mark.usefixtures("seldom")
def test_whoever_orders_need_not_wait_for_the_next_look(running: Door) -> None:
    running.order()
    running.orders.wake()
    assert eventually(lambda: running.air.said)


def test_without_being_woken_it_looks_twice_a_second(running: Door) -> None:
    running.order()
    assert eventually(lambda: running.air.said)
    assert EVERY <= 0.5


def test_a_fault_does_not_end_it(running: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.ingest.orders.TROUBLED", 0.05)
    running.air.fault = RuntimeError("the link is gone")
    running.order("restart")
    running.orders.wake()
    assert eventually(lambda: running.air.tried)
    running.air.fault = None
    running.order()
    running.orders.wake()
    assert eventually(lambda: running.air.said)
