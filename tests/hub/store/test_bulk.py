"""Many rows at once are the rows that one by one would make."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.store.base import Base, sessions
from hub.store.bulk import among, pour
from hub.store.device import DeadLetter, Inbox
from hub.store.market import Street
from tests.hub import town
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table

TABLES = Base.metadata.tables


def inbox(seq: int) -> dict[str, Any]:
    return {"device": "edge-1", "epoch": town.EPOCH, "seq": seq, "received_at": NOON + timedelta(seconds=seq)}


def test_every_kind_of_value_arrives_as_it_was(database: Engine) -> None:
    letters: Table = TABLES[DeadLetter.__tablename__]
    one = {"id": "a", "market": "m", "device": None, "topic": "b{c},\\", "reason": 'sagt "nein"'}
    two = {"id": "b", "market": "m", "device": "d", "topic": "中", "reason": "NULL"}
    payloads = {"payload": bytes(range(256)), "received_at": NOON}
    ring = [[0, 1.5], [2, None]]
    with database.begin() as connection:
        assert pour(connection, letters, [one | payloads, two | payloads]) == 2
        street = {"id": "x", "market": town.MARKET, "kind": "aisle", "ring": ring}
        pour(connection, TABLES[Street.__tablename__], [street])
    with sessions(database)() as s:
        for row in (one, two):
            kept = s.get_one(DeadLetter, row["id"])
            assert {name: getattr(kept, name) for name in row} == row
            assert (kept.payload, kept.received_at) == (payloads["payload"], NOON)
        assert s.get_one(Street, "x").ring == ring


def test_a_known_key_is_refused_or_passed_over(database: Engine) -> None:
    table: Table = TABLES[Inbox.__tablename__]
    with database.begin() as connection:
        pour(connection, table, [inbox(1), inbox(2)])
    with database.begin() as connection, pytest.raises(IntegrityError):
        pour(connection, table, [inbox(2), inbox(3)])
    with database.begin() as connection:
        assert pour(connection, table, [inbox(2), inbox(3), inbox(3)], or_skip=True) == 1
        assert pour(connection, table, []) == 0
    with sessions(database)() as s:
        assert sorted(s.scalars(select(Inbox.seq))) == [1, 2, 3]


def test_as_many_as_one_likes_are_asked_for_at_once(database: Engine) -> None:
    table: Table = TABLES[DeadLetter.__tablename__]
    rest = {"market": "m", "topic": "t", "reason": "r", "payload": b"", "received_at": NOON}
    with database.begin() as connection:
        pour(connection, table, [rest | {"id": f"{n:04d}", "device": "d" if n else None} for n in range(900)])
    with sessions(database)() as s:
        ids = select(DeadLetter.id).order_by(DeadLetter.id)
        wanted = {f"{n:04d}" for n in range(100, 2000)}
        assert s.scalars(ids.where(among(s, DeadLetter.id, wanted))).all() == sorted(wanted)[:800]
        assert s.scalars(ids.where(among(s, DeadLetter.id, []))).all() == []
        assert len(s.scalars(ids.where(among(s, DeadLetter.device, ["d", "e"]))).all()) == 899
