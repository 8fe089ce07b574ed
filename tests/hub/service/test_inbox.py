from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.service import device, inbox
from hub.store.base import sessions
from hub.store.device import DeadLetter, Device, Inbox, InboxMark
from tests.hub.town import MARKET, NOON, envelope
from wire.message import State, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

EPOCH = new_id()


@pytest.fixture
def both(database: Engine) -> Iterator[Session]:
    """One open transaction, on SQLite and on PostgreSQL."""
    with sessions(database)() as session:
        yield session


def keys(*numbers: int, epoch: str = EPOCH, name: str = "edge-1") -> set[inbox.Key]:
    return {(name, epoch, number) for number in numbers}


def test_a_number_is_received_once_in_its_epoch_from_its_device(both: Session) -> None:
    assert inbox.receive(both, keys(1, 2, 3), NOON) == keys(1, 2, 3)
    assert inbox.receive(both, keys(2, 3, 4), NOON) == keys(4)
    assert inbox.receive(both, keys(2), NOON) == set()
    others = keys(1, epoch=new_id()) | keys(1, name="edge-2")
    assert inbox.receive(both, others, NOON) == others
    assert inbox.known(both, keys(1, 4, 5) | keys(9, name="edge-2")) == keys(1, 4)
    assert inbox.known(both, set()) == set()


def test_what_is_forgotten_may_come_again(both: Session) -> None:
    inbox.receive(both, keys(1, 2), NOON)
    inbox.forget(both, keys(1))
    assert inbox.receive(both, keys(1, 2), NOON) == keys(1)


def test_below_the_mark_of_its_epoch_a_number_is_known_without_a_row(both: Session) -> None:
    both.add(InboxMark(device="edge-1", epoch=EPOCH, upto=5, at=NOON))
    both.flush()
    assert inbox.known(both, keys(5, 6)) == keys(5)
    assert inbox.receive(both, keys(4, 5, 6), NOON) == keys(6)
    assert both.scalars(select(Inbox.seq)).all() == [6]


def test_two_workers_that_hear_the_same_at_once_share_it(database: Engine) -> None:
    """Each message goes to one of them, whoever is quicker, and neither fails."""
    make, start = sessions(database), threading.Barrier(2)

    def worker(numbers: list[int]) -> set[inbox.Key]:
        got: set[inbox.Key] = set()
        start.wait()
        for begin in range(0, len(numbers), 50):
            with make.begin() as session:
                got |= inbox.receive(session, keys(*numbers[begin : begin + 50]), NOON)
        return got

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(worker, (list(range(1, 501)), list(range(500, 0, -1))))
    assert first & second == set()
    assert first | second == keys(*range(1, 501))


def test_a_bad_message_is_kept_but_not_without_end(both: Session) -> None:
    inbox.set_aside(both, [(MARKET, None, "t" * 900, "r\x00" * 900, b"x" * 100_000)], NOON)
    (kept,) = both.scalars(select(DeadLetter)).all()
    assert (len(kept.topic), len(kept.reason), len(kept.payload)) == (200, 500, 65_536)
    assert (kept.size, kept.state) == (100_000, "open")


def test_only_devices_in_good_standing_have_a_key_that_opens(s: Session) -> None:
    for name, status in (("edge-1", "active"), ("edge-2", "revoked")):
        row = s.get_one(Device, name)
        row.key_hash, row.status = f"hash of {name}", status
    s.flush()
    assert device.speaking(s, [MARKET]) == [(MARKET, "edge-1", "hash of edge-1")]
    assert [device.key_of(s, MARKET, name) for name in ("edge-1", "edge-2", "edge-9")] == [
        "hash of edge-1",
        None,
        None,
    ]
    assert device.key_of(s, "other", "edge-1") is None
    assert device.standings(s, MARKET, {"edge-1", "edge-2", "edge-9"}) == {
        "edge-1": "active",
        "edge-2": "revoked",
    }


def test_a_camera_is_served_by_its_own_device(s: Session) -> None:
    assert device.serves(s, "edge-1", "c-3-1")
    assert not device.serves(s, "edge-2", "c-3-1")
    assert not device.serves(s, "edge-1", "c-9-9")


def test_a_last_will_alone_makes_nobody_silent(s: Session) -> None:
    device.stated(s, "edge-1", envelope(State(online=True)), NOON)
    device.stated(s, "edge-1", envelope(State(online=False)), NOON)
    row = s.get_one(Device, "edge-1")
    assert (row.online, row.seen_at, row.epoch) == (True, NOON, envelope(State(online=True)).epoch)
