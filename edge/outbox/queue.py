"""What the edge has promised and the hub has not yet receipted: a queue in one SQLite file.

`put` returns after the commit; from then on the row outlives a power cut. It is deleted by the hub's receipt
alone, whatever a broker has acknowledged meanwhile. Which rows are under way is kept in memory only: after a
restart all of them are due.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, get_args

import msgspec

from edge.disk import DiskError, connect, transaction
from wire.message import Event, Prio, decode, encode, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from wire.message import Envelope, Range
    from wire.topic import Kind

AGAIN = 30.0
"""Seconds after which a row without a receipt is sent again."""
AHEAD = 1000
"""Most rows under way without a receipt; past it only the alarm lane goes on, so that while the hub is away
the broker is not sent the whole backlog every half minute."""
_TABLES = """
CREATE TABLE IF NOT EXISTS row (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch TEXT NOT NULL, seq INTEGER NOT NULL,
    lane INTEGER NOT NULL, prio INTEGER NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL,
    thumb INTEGER NOT NULL,
    UNIQUE (epoch, seq)
);
CREATE INDEX IF NOT EXISTS row_order ON row (lane, prio, id);
CREATE INDEX IF NOT EXISTS row_thumb ON row (id) WHERE thumb;
CREATE TEMP TABLE under_way (id INTEGER PRIMARY KEY, until REAL NOT NULL);
"""
_DUE = """
SELECT id, epoch, seq, kind, data FROM row
WHERE lane <= ? AND id NOT IN (SELECT id FROM under_way)
ORDER BY lane, prio, id LIMIT ?
"""


class Lane(IntEnum):
    """Which goes first; only BULK is ever given up."""

    ALARM = 0
    STATE = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One message that is due: its number in this file, its identity and its bytes as they are sent."""

    id: int
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
    """Rows given up since start because it was full."""
    thinned: int
    """Events that went without their thumbnail, since start, because it was full."""
    size: int
    """Bytes of all messages."""


class Outbox:
    """The queue of one device; may be called from any thread."""

    def __init__(self, path: Path, *, most_bytes: int = 256 << 20) -> None:
        """Open or make the file; a damaged one is set aside with the rest of its name saying so.

        Args:
            path: the SQLite file; its folder exists.
            most_bytes: from this on thumbnails and bulk rows make room for newer ones.

        Raises:
            DiskError: another process uses it, or the folder cannot be written.
        """
        self.epoch = new_id()
        self._seq = 0
        self._most = most_bytes
        self._dropped = self._thinned = 0
        self._lock = threading.Lock()
        self._db = connect(path, _TABLES)
        self._size = self._sum("SUM(LENGTH(data))")

    def put(self, envelope: Envelope, lane: Lane) -> int:
        """Keep a message; it is promised when this returns.

        Epoch and seq are set here, `seq` counting from 1 without a gap.

        Raises:
            Bad: the hub would refuse it; nothing is kept.
            DiskError: it cannot be kept, such as on a full disk, or for a bulk message in a full outbox.
        """
        with self._lock:
            numbered = msgspec.structs.replace(envelope, epoch=self.epoch, seq=self._seq + 1)
            data = encode(numbered)
            decode(data)
            self._make_room(len(data), lane)
            self._insert(numbered, lane, data)
            self._seq += 1
            self._size += len(data)
            return self._seq

    def due(self, now: float, limit: int) -> list[Row]:
        """The next rows to send, at most `limit`; they count as under way from monotonic second `now`."""
        with self._lock:
            self._db.execute("DELETE FROM temp.under_way WHERE until <= ?", (now,))
            under_way = self._sum("COUNT(*)", "temp.under_way")
            last = Lane.BULK if under_way < AHEAD else Lane.ALARM
            rows = [Row(*row) for row in self._db.execute(_DUE, (last, limit))]
            self._mark((row.id for row in rows), now)
            return rows

    def sent(self, ids: Iterable[int], now: float) -> None:
        """The broker has these: wait for the receipt for some time from `now`. Deletes nothing."""
        with self._lock:
            self._mark(ids, now)

    def again(self, keep: Iterable[int] = ()) -> None:
        """A new connection: every row is due again, except `keep`, which the client itself still holds."""
        with self._lock:
            held = list(keep)
            marks = ",".join("?" * len(held))
            self._db.execute(f"DELETE FROM temp.under_way WHERE id NOT IN ({marks})", held)  # noqa: S608

    def receipted(self, ranges: Iterable[Range]) -> int:
        """The hub has committed these: forget them; returns how many there were."""
        gone = 0
        with self._lock, transaction(self._db):
            for span in ranges:
                where = (span.epoch, span.first, span.last)
                ids = self._db.execute(
                    "SELECT id, LENGTH(data) FROM row WHERE epoch = ? AND seq BETWEEN ? AND ?", where
                ).fetchall()
                gone += self._delete(ids)
        return gone

    def counts(self) -> Counts:
        """How full it is now."""
        with self._lock:
            queued, under_way = self._sum("COUNT(*)"), self._sum("COUNT(*)", "temp.under_way")
            return Counts(queued, under_way, self._dropped, self._thinned, self._size)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _insert(self, envelope: Envelope, lane: Lane, data: bytes) -> None:
        body = envelope.body
        kind = str(type(body).__struct_config__.tag)
        thumb = isinstance(body, Event) and body.thumb is not None
        prio = get_args(Prio).index(envelope.prio)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO row (epoch, seq, lane, prio, kind, data, thumb) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (envelope.epoch, envelope.seq, lane, prio, kind, data, thumb),
            )

    def _make_room(self, size: int, lane: Lane) -> None:
        """Free `size` bytes, oldest first: thumbnails, then bulk rows; the rest is kept whatever it takes."""
        missing = self._size + size - self._most
        if missing > 0:
            missing -= self._thin(missing)
        if missing > 0:
            missing -= self._drop(missing)
        if missing > 0 and lane is Lane.BULK:
            self._dropped += 1
            raise DiskError(
                "the outbox is full of events that wait for the hub; this bulk message is given up"
            )

    def _thin(self, size: int) -> int:
        freed = 0
        while freed < size:
            found = self._db.execute("SELECT id, data FROM row WHERE thumb ORDER BY id LIMIT 1").fetchone()
            if found is None:
                break
            envelope = decode(found[1])
            body = msgspec.structs.replace(envelope.body, thumb=None)
            data = encode(msgspec.structs.replace(envelope, body=body))
            with transaction(self._db):
                self._db.execute("UPDATE row SET data = ?, thumb = 0 WHERE id = ?", (data, found[0]))
            freed += len(found[1]) - len(data)
            self._size -= len(found[1]) - len(data)
            self._thinned += 1
        return freed

    def _drop(self, size: int) -> int:
        rows: list[tuple[int, int]] = []
        freed = 0
        bulk = "SELECT id, LENGTH(data) FROM row WHERE lane = ? ORDER BY prio DESC, id"
        for row in self._db.execute(bulk, (Lane.BULK,)):
            rows.append(row)
            freed += row[1]
            if freed >= size:
                break
        with transaction(self._db):
            self._dropped += self._delete(rows)
        return freed

    def _delete(self, rows: Sequence[tuple[int, int]]) -> int:
        ids = [(row[0],) for row in rows]
        self._db.executemany("DELETE FROM row WHERE id = ?", ids)
        self._db.executemany("DELETE FROM temp.under_way WHERE id = ?", ids)
        self._size -= sum(row[1] for row in rows)
        return len(ids)

    def _mark(self, ids: Iterable[int], now: float) -> None:
        """Under way until AGAIN seconds from now; one that was receipted meanwhile is not marked any more."""
        self._db.executemany(
            "INSERT OR REPLACE INTO temp.under_way SELECT id, ? FROM row WHERE id = ?",
            [(now + AGAIN, each) for each in ids],
        )

    def _sum(self, what: str, table: str = "row") -> int:
        return int(self._db.execute(f"SELECT {what} FROM {table}").fetchone()[0] or 0)  # noqa: S608
