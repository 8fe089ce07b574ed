"""The courier: nothing is lost when it dies, one message a death goes twice at most, no way waits."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core import address
from hub.core.glossary import Pair
from hub.courier import AT_ONCE, Courier
from hub.gear.notify.gateway import Gateway, Template
from hub.gear.seal import Fernets
from hub.ports import UndeliveredError
from hub.service import channel as channels
from hub.service import notice
from hub.store.base import engine, sessions
from hub.store.notify import Channel, Delivery
from tests.hub.gear.listener import eventually
from tests.hub.gear.notify.catcher import Catcher
from tests.hub.town import MARKET, NOON, actor
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from hub.core.notice import Letter
    from hub.ports import Notifier

WORDS = Pair("一号巷有烟", "Smoke in aisle 1")
MINUTE = timedelta(minutes=1)


@dataclass
class Hands:
    """Port Clock that tests set."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass
class Way:
    """Port Notifier that remembers; `no` is raised, and `hold` is waited for."""

    got: list[tuple[str, Letter]] = field(default_factory=list)
    no: Exception | None = None
    hold: threading.Event | None = None

    def send(self, address: str, letter: Letter) -> None:
        self.got.append((address, letter))
        if self.hold:
            self.hold.wait(30)
        if self.no:
            raise self.no


@pytest.fixture
def seal(tmp_path: Path) -> Fernets:
    return Fernets(tmp_path / "seal.key")


def own(s: Session, seal: Fernets, kind: str = "sms", person: str = "lin", address: str = "138") -> None:
    row = Channel(id=new_id(), market=MARKET, person=person, kind=kind, shown="***", made_at=NOON)
    row.address, row.verified_at = seal.close(address), NOON
    s.add(row)
    s.flush()


def tell(make: sessionmaker[Session], person: str = "lin", times: int = 1, severity: int = 0) -> None:
    with make.begin() as s:
        for number in range(times):
            notice.tell(s, MARKET, [person], f"case/{number}", "step", WORDS, NOON, severity=severity)


def states(make: sessionmaker[Session]) -> list[str]:
    with make() as s:
        return sorted(s.scalars(select(Delivery.state)))


def courier(make: sessionmaker[Session], seal: Fernets, clock: Hands, **ways: Notifier) -> Courier:
    return Courier(make, ways, seal, clock)


def test_a_message_goes_to_the_opened_address_and_is_noted(
    store: sessionmaker[Session], seal: Fernets
) -> None:
    with store.begin() as s:
        own(s, seal)
    tell(store)
    way = Way()
    one = courier(store, seal, Hands(), sms=way)
    assert one.once(NOON) == 1
    assert one.rest(20)
    assert [(address, letter.zh) for address, letter in way.got] == [("138", "【紧急】12:00 一号巷有烟")]
    assert states(store) == ["sent"]
    assert one.once(NOON + MINUTE) == 0


def test_a_code_goes_out_and_shows_that_the_channel_arrives(
    store: sessionmaker[Session], seal: Fernets
) -> None:
    with store.begin() as s:
        made = channels.add(s, actor(s, "lin"), "sms", address.read("sms", "13800000000"), seal, NOON).id
    way = Way()
    one = courier(store, seal, Hands(), sms=way)
    one.once(NOON)
    assert one.rest(20)
    code = way.got[0][1].en.split("code: ")[1][:6]
    with store.begin() as s:
        assert not channels.verify(s, actor(s, "lin"), made, "000000" if code != "000000" else "1", NOON)
        assert channels.verify(s, actor(s, "lin"), made, code, NOON)
        row = s.scalars(select(Delivery)).one()
        assert row.secret is None, "the code is nowhere once it went out"


def test_a_way_that_hangs_keeps_no_other_waiting(store: sessionmaker[Session], seal: Fernets) -> None:
    with store.begin() as s:
        for kind in ("email", "sms"):
            own(s, seal, kind)
    tell(store, times=AT_ONCE + 2)
    hold = threading.Event()
    slow, quick = Way(hold=hold), Way()
    one = courier(store, seal, Hands(), email=slow, sms=quick)
    one.once(NOON)
    assert eventually(lambda: len(quick.got) == AT_ONCE)
    assert eventually(lambda: states(store).count("sent") == AT_ONCE)
    one.once(NOON)
    assert eventually(lambda: len(quick.got) == AT_ONCE + 2)
    assert len(slow.got) == AT_ONCE, "no more of a kind than that are under way"
    hold.set()
    assert one.rest(20)


def test_a_way_that_stumbles_is_tried_again_and_says_so(store: sessionmaker[Session], seal: Fernets) -> None:
    with store.begin() as s:
        own(s, seal)
    tell(store)
    way, clock = Way(no=RuntimeError("boom")), Hands()
    one = courier(store, seal, clock, sms=way)
    one.once(NOON)
    assert one.rest(20)
    way.no = UndeliveredError(Pair("无", "None"))
    clock.at = NOON + timedelta(seconds=10)
    one.once(clock.at)
    assert one.rest(20)
    way.no = None
    clock.at = NOON + timedelta(seconds=30)
    one.once(clock.at)
    assert one.rest(20)
    assert len({letter.id for _, letter in way.got}) == 1
    assert len(way.got) == 3
    assert states(store) == ["sent"]


def test_a_kind_that_is_not_set_up_any_more_is_given_up_with_a_reason(
    store: sessionmaker[Session], seal: Fernets
) -> None:
    with store.begin() as s:
        own(s, seal)
    tell(store)
    one = courier(store, seal, Hands())
    one.once(NOON)
    assert one.rest(20)
    assert states(store) == ["failed"]


def test_an_address_sealed_with_a_lost_key_is_given_up_with_a_reason(
    store: sessionmaker[Session], seal: Fernets, tmp_path: Path
) -> None:
    with store.begin() as s:
        own(s, Fernets(tmp_path / "other.key"))
    tell(store)
    way = Way()
    one = courier(store, seal, Hands(), sms=way)
    one.once(NOON)
    assert one.rest(20)
    assert (way.got, states(store)) == ([], ["failed"])


def test_two_couriers_share_the_work_and_repeat_nothing(database: Engine, seal: Fernets) -> None:
    make = sessions(database)
    with make.begin() as s:
        own(s, seal)
    tell(make, times=12)
    way, clock = Way(), Hands()
    both = [courier(make, seal, clock, sms=way) for _ in range(2)]
    for one in both:
        one.start()
    assert eventually(lambda: states(make) == ["sent"] * 12)
    for one in both:
        one.stop()
    assert len(way.got) == len({letter.id for _, letter in way.got}) == 12


def _carry(url: str, key: Path, gateway: str) -> None:
    """A courier in a process of its own."""
    on = engine(url)
    way = Gateway(Template(gateway, '{"id": "{id}"}'))
    Courier(sessions(on), {"sms": way}, Fernets(key), Hands()).run()


@pytest.fixture
def child() -> Iterator[list[multiprocessing.process.BaseProcess]]:
    running: list[multiprocessing.process.BaseProcess] = []
    yield running
    for one in running:
        one.kill()
        one.join(10)


def test_killed_between_sending_and_noting_it_repeats_one_message_and_loses_none(
    sqlite: Engine,
    seal: Fernets,
    tmp_path: Path,
    child: list[multiprocessing.process.BaseProcess],
) -> None:
    make = sessions(sqlite)
    with make.begin() as s:
        own(s, seal)
    tell(make)
    with Catcher(hold=threading.Event()) as catcher:
        spawn = multiprocessing.get_context("spawn")
        given = (str(sqlite.url), tmp_path / "seal.key", catcher.url)
        child.append(spawn.Process(target=_carry, args=given))
        child[0].start()
        assert eventually(lambda: catcher.asked), "the gateway has it, and the courier has no answer"
        assert child[0].pid is not None
        os.kill(child[0].pid, signal.SIGKILL)
        child[0].join(10)
        assert states(make) == ["waiting"]
        assert catcher.hold is not None
        catcher.hold.set()
        clock = Hands()
        one = Courier(make, {"sms": Gateway(Template(catcher.url, '{"id": "{id}"}'))}, seal, clock)
        assert one.once(NOON + timedelta(seconds=59)) == 0
        for seconds in (60, 120, 180):
            one.once(NOON + timedelta(seconds=seconds))
            assert one.rest(20)
        assert states(make) == ["sent"]
        assert len(catcher.asked) == 2
        assert len({asked.body for asked in catcher.asked}) == 1, "whoever gets both can tell by the id"
