from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.service import device, inbox
from hub.store.device import DeadLetter, Device
from tests.hub.town import MARKET, NOON, envelope
from wire.message import State, new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EPOCH = new_id()


def test_a_number_is_known_once_it_was_received_in_its_epoch_from_its_device(s: Session) -> None:
    inbox.receive(s, ("edge-1", EPOCH, 1), NOON)
    s.flush()
    asked = {("edge-1", EPOCH, 1), ("edge-1", EPOCH, 2), ("edge-1", new_id(), 1), ("edge-2", EPOCH, 1)}
    assert inbox.known(s, asked) == {("edge-1", EPOCH, 1)}
    assert inbox.known(s, set()) == set()


def test_the_database_itself_refuses_a_number_twice(s: Session) -> None:
    for _ in range(2):
        inbox.receive(s, ("edge-1", EPOCH, 1), NOON)
    with pytest.raises(IntegrityError):
        s.flush()


def test_a_bad_message_is_kept_but_not_without_end(s: Session) -> None:
    inbox.set_aside(s, MARKET, None, "t" * 900, "r" * 900, b"x" * 100_000, NOON)
    s.flush()
    (kept,) = s.scalars(select(DeadLetter)).all()
    assert (len(kept.topic), len(kept.reason), len(kept.payload)) == (200, 500, 65_536)


def test_only_devices_in_good_standing_have_a_key_that_opens(s: Session) -> None:
    for name, status in (("edge-1", "active"), ("edge-2", "revoked")):
        row = s.get_one(Device, name)
        row.key_hash, row.status = f"hash of {name}", status
    s.flush()
    assert device.speaking(s, MARKET) == [("edge-1", "hash of edge-1")]
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
