"""What stands in the outbox, and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, get_args
from zlib import crc32

from wire.message import Event, Manifest, Prio, Segment, Sos

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from wire.message import Envelope, Up
    from wire.topic import Kind

TABLES = """
CREATE TABLE IF NOT EXISTS row (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch TEXT NOT NULL, seq INTEGER NOT NULL,
    lane INTEGER NOT NULL, prio INTEGER NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL,
    thumb INTEGER NOT NULL, crc INTEGER,
    UNIQUE (epoch, seq)
);
CREATE INDEX IF NOT EXISTS row_order ON row (lane, prio, id);
CREATE INDEX IF NOT EXISTS row_thumb ON row (id) WHERE thumb;
CREATE TABLE IF NOT EXISTS given_up (
    epoch TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (epoch, seq)
) WITHOUT ROWID;
CREATE TEMP TABLE under_way (id INTEGER PRIMARY KEY, since REAL NOT NULL, until REAL NOT NULL);
CREATE INDEX temp.under_way_until ON under_way (until);
"""
_INSERT = """
INSERT INTO row (epoch, seq, lane, prio, kind, data, thumb, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""


class Lane(IntEnum):
    """Which goes first; only BULK is ever given up."""

    ALARM = 0
    STATE = 1
    BULK = 2


@dataclass(slots=True)
class Numbers:
    """What one start counts its messages by."""

    epoch: str
    last: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One message that is due: its number in this file, its lane, its identity and its bytes as sent."""

    id: int
    lane: Lane
    epoch: str
    seq: int
    kind: Kind
    data: bytes


@dataclass(frozen=True, slots=True)
class Counts:
    """How full it is."""

    queued: int
    """Rows without a receipt."""
    under_way: int
    """Those of them that were handed to the link."""
    dropped: int
    """Rows given up or refused since start because outbox or disk was full; only ever bulk ones."""
    thinned: int
    """Events that went without their thumbnail, since start, for the same reason."""
    size: int
    """Bytes of all messages."""
    lanes: tuple[int, int, int] = (0, 0, 0)
    """Rows without a receipt by lane."""
    given_up: int = 0
    """Numbers given up of which the hub has not said yet that it will not miss them."""
    refused: int = 0
    """Messages other than bulk that could not be promised since start: the disk took nothing at all."""
    held: int = 0
    """Alarms among them that are in memory now, sent and not receipted."""
    works: bool = True
    """Whether the disk took the last message that matters."""
    spoilt: int = 0
    """Rows whose bytes were no longer those that were promised, since start; the hub finds them missing."""
    salvaged: int = 0
    """Rows read out of a damaged file at this start."""


URGENT = frozenset({"p0", "p1"})


def lane_of(body: Up, prio: Prio) -> Lane:
    """Where a body stands in the queue: help and what is urgent and new first, files' announcements last."""
    if isinstance(body, Sos) or (isinstance(body, Event) and body.phase == "new" and prio in URGENT):
        return Lane.ALARM
    return Lane.BULK if isinstance(body, Manifest | Segment) else Lane.STATE


def kind_of(body: Up) -> str:
    """The kind by which topics name this body."""
    return str(type(body).__struct_config__.tag)


def is_pictured(body: Up) -> bool:
    """Whether there is a thumbnail to do without."""
    return isinstance(body, Event) and body.thumb is not None


def insert(db: sqlite3.Connection, rows: Sequence[tuple[Envelope, Lane, bytes]]) -> int:
    """Write numbered messages in the caller's transaction; one that stands there already is left as it is.

    Returns:
        How many were new.
    """
    before = db.total_changes
    db.executemany(
        _INSERT,
        [
            (
                envelope.epoch,
                envelope.seq,
                lane,
                get_args(Prio).index(envelope.prio),
                kind_of(envelope.body),
                data,
                is_pictured(envelope.body),
                crc32(data),
            )
            for envelope, lane, data in rows
        ],
    )
    return db.total_changes - before
