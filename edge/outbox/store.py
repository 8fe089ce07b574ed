"""The outbox's file and what is counted of it; its caller lets in one thread at a time."""

from __future__ import annotations

import logging
import random
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

from edge.disk import DiskError, connect, transaction, trouble, unhurried
from edge.outbox import query, room
from edge.outbox.row import TABLES, Counts, Lane, Row, insert, is_pictured
from edge.outbox.salvage import salvage
from wire.message import decode, encode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from edge.outbox.group import Wish
    from edge.outbox.row import Numbers
    from wire.message import Envelope, Range

log = logging.getLogger(__name__)

SPREAD = 0.2
"""By at most this share the time until a row comes again is longer, so that edges do not keep step."""
OVERTAKEN = 5.0
"""Seconds: a hub that receipts what was sent so much later will not receipt what was sent before. Each kind
is a stream of its own, and one may lag behind another."""


class Store:
    """Rows, and which of them are under way; the latter in memory only."""

    def __init__(self, path: Path, numbers: Numbers, most_bytes: int) -> None:
        """Open or make the file; raises DiskError."""
        self._path, self._numbers, self._most = path, numbers, most_bytes
        self._dropped = self._thinned = self._refused = self._salvaged = self._spoilt = 0
        self._works = True
        self._db = self._open()

    def reopen(self) -> None:
        """The file is damaged: set it aside and go on with what can be read of it."""
        self._db.close()
        self._db = self._open()

    def fold(self) -> None:
        """Bring the journal into the file and give its room back, if there is room to do so."""
        with suppress(sqlite3.DatabaseError):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def keep(self, wishes: Sequence[Wish], *, lean: bool = False) -> None:
        """Number these and commit them; a bulk one for which there is no room is refused.

        Args:
            wishes: in the order of their numbers.
            lean: thumbnails are left out.

        Raises:
            DiskError: nothing of them was kept.
        """
        with transaction(self._db):
            kept = list(wishes)
            rows = self._numbered(kept, lean=lean)
            missing = self._size + sum(len(row[2]) for row in rows) - self._most
            freed, thinned = room.thin(self._db, missing) if missing > 0 else (0, 0)
            given_up = room.give_up(self._db, missing - freed) if missing > freed else []
            if missing > freed + sum(given_up):
                kept = [wish for wish in wishes if wish.lane is not Lane.BULK]
                rows = self._numbered(kept, lean=lean)
            insert(self._db, rows)
        self._works = self._works or bool(rows)
        self._numbers.last += len(rows)
        self._size += sum(len(row[2]) for row in rows) - freed - sum(given_up)
        self._thinned += thinned + sum(lean and is_pictured(wish.envelope.body) for wish in kept)
        self._dropped += len(given_up)
        self._lanes[Lane.BULK] -= len(given_up)
        self._settle(wishes, kept, rows)

    def adopt(self, rows: Iterable[Row]) -> None:
        """Commit rows that have their numbers already; raises DiskError."""
        said = [(decode(row.data), row.lane, row.data) for row in rows]
        with transaction(self._db):
            insert(self._db, said)
        for _, lane, data in said:
            self._lanes[lane] += 1
            self._size += len(data)

    def refuse(self, wish: Wish, error: DiskError) -> None:
        """It cannot be promised."""
        wish.refusal = error
        if wish.lane is Lane.BULK:
            self._dropped += 1
        else:
            self._refused += 1
            self._works = False

    def due(self, now: float, limit: int, fresh: Lane, again: Lane) -> list[Row]:
        """Rows never sent up to lane `fresh`, and expired ones up to lane `again`, the most urgent first."""
        with trouble():
            rows = self._db.execute(query.FRESH, (fresh, limit)).fetchall()
            rows += self._db.execute(query.AGAIN, (now, again, limit)).fetchall()
        rows = sorted(rows, key=lambda row: (row[3], row[0], row[2]))[:limit]
        spoilt = [row for row in rows if row[1] not in {None, crc32(row[7])}]
        if spoilt:
            self._strike(spoilt)
        return [Row(row[2], Lane(row[3]), *row[4:]) for row in rows if row not in spoilt]

    def mark(self, ids: Iterable[int], now: float, seconds: float) -> None:
        """Under way, from now until about `seconds` later."""
        until = now + seconds * random.uniform(1.0, 1.0 + SPREAD)  # noqa: S311 - jitter, not a secret
        self._db.executemany(
            "INSERT OR REPLACE INTO temp.under_way VALUES (?, ?, ?)", [(each, now, until) for each in ids]
        )

    def again(self, before: float, keep: Collection[int], last: Lane) -> None:
        """What was sent before that second, up to lane `last`, is as if it had never been, except `keep`."""
        db, marks = self._db, ",".join("?" * len(keep))
        db.execute(f"{query.FORGET_SENT} AND id NOT IN ({marks})", (before, last, *keep))

    def forget(self, ranges: Iterable[Range]) -> int:
        """Delete receipted rows; a power cut may bring some back, which the hub then knows.

        Rows that were sent well before one of these and are not receipted were lost on the way: they are due.
        """
        gone: list[tuple[int, int, int]] = []
        with unhurried(self._db), transaction(self._db):
            newest: dict[str, float] = {}
            for span in ranges:
                where = (span.epoch, span.first, span.last)
                for kind, since in self._db.execute(query.SENT, where):
                    newest[kind] = max(newest.get(kind, 0.0), since)
                gone += self._db.execute(
                    "DELETE FROM row WHERE epoch = ? AND seq BETWEEN ? AND ?"
                    " RETURNING id, lane, LENGTH(data)",
                    where,
                ).fetchall()
                self._db.execute("DELETE FROM given_up WHERE epoch = ? AND seq BETWEEN ? AND ?", where)
            self._db.executemany("DELETE FROM temp.under_way WHERE id = ?", [row[:1] for row in gone])
            self._db.executemany(
                query.OVERTAKE, [(since - OVERTAKEN, kind) for kind, since in newest.items()]
            )
        for _, lane, size in gone:
            self._lanes[lane] -= 1
            self._size -= size
        return len(gone)

    def calls(self, limit: int) -> list[Row]:
        """Calls for help without a receipt."""
        with trouble():
            rows = self._db.execute(query.CALLS, (Lane.ALARM, limit)).fetchall()
        return [Row(row[0], Lane(row[1]), *row[2:]) for row in rows]

    def given_up(self, most: int) -> tuple[Range, ...]:
        """The first numbers that were given up and are not receipted."""
        with trouble():
            return room.ranges(self._db.execute("SELECT epoch, seq FROM given_up ORDER BY epoch, seq"), most)

    def under_way(self) -> int:
        """How many rows are."""
        return self._sum("COUNT(*)", "temp.under_way")

    def counts(self) -> Counts:
        """How full it is now."""
        return Counts(
            queued=sum(self._lanes),
            under_way=self.under_way(),
            dropped=self._dropped,
            thinned=self._thinned,
            size=self._size,
            lanes=(self._lanes[0], self._lanes[1], self._lanes[2]),
            given_up=self._sum("COUNT(*)", "given_up"),
            refused=self._refused,
            works=self._works,
            spoilt=self._spoilt,
            salvaged=self._salvaged,
        )

    def _open(self) -> sqlite3.Connection:
        self._db = connect(self._path, TABLES, self._rescue)
        with trouble():
            if not self._sum("COUNT(*)", "pragma_table_info('row') WHERE name = 'crc'"):
                self._db.execute("ALTER TABLE row ADD COLUMN crc INTEGER")  # a file of an earlier version
        self._size = self._sum("SUM(LENGTH(data))")
        self._lanes = [self._sum("COUNT(*)", f"row WHERE lane = {lane.value}") for lane in Lane]
        return self._db

    def _rescue(self, db: sqlite3.Connection, damaged: Path) -> None:
        self._salvaged += salvage(db, damaged)

    def _strike(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows that are no longer what was promised are not sent; the hub sees that their numbers miss."""
        with transaction(self._db):
            self._db.executemany("DELETE FROM row WHERE id = ?", [(row[2],) for row in rows])
        for row in rows:
            self._lanes[row[3]] -= 1
            self._size -= len(row[7])
            self._spoilt += 1
            log.error("the disk altered message %s of epoch %s; it is lost", row[5], row[4])

    def _numbered(self, wishes: Sequence[Wish], *, lean: bool) -> list[tuple[Envelope, Lane, bytes]]:
        rows = []
        for seq, wish in enumerate(wishes, self._numbers.last + 1):
            envelope = room.bare(wish.envelope) if lean and is_pictured(wish.envelope.body) else wish.envelope
            numbered = msgspec.structs.replace(envelope, epoch=self._numbers.epoch, seq=seq)
            rows.append((numbered, wish.lane, encode(numbered)))
        return rows

    def _settle(
        self, wishes: Sequence[Wish], kept: Sequence[Wish], rows: Sequence[tuple[Envelope, Lane, bytes]]
    ) -> None:
        """Tell each wish what became of it, once it is certain."""
        for wish, row in zip(kept, rows, strict=True):
            wish.seq = row[0].seq or 0
            self._lanes[wish.lane] += 1
        words = "the outbox is full of events that wait for the hub; this bulk message is given up"
        for wish in wishes:
            if wish.open:
                self.refuse(wish, DiskError(words))

    def _sum(self, what: str, table: str = "row") -> int:
        with trouble():
            return int(self._db.execute(f"SELECT {what} FROM {table}").fetchone()[0] or 0)  # noqa: S608
