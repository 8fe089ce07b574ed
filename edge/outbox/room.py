"""Makes room in a full outbox, oldest first: thumbnails, then bulk rows; whatever matters is never touched.

A number that was given up is kept until the hub has receipted it, so that the hub does not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from edge.outbox.row import Lane
from wire.message import Bad, Range, decode, encode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from wire.message import Envelope


def bare(envelope: Envelope) -> Envelope:
    """The same message without its thumbnail."""
    return msgspec.structs.replace(envelope, body=msgspec.structs.replace(envelope.body, thumb=None))


def thin(db: sqlite3.Connection, size: int) -> tuple[int, int]:
    """Take thumbnails away until `size` bytes are free; returns bytes freed and events thinned."""
    freed = thinned = 0
    while freed < size:
        found = db.execute("SELECT id, data FROM row WHERE thumb ORDER BY id LIMIT 1").fetchone()
        if found is None:
            break
        try:
            data = encode(bare(decode(found[1])))
        except Bad:  # the disk altered it, which is found when it is due
            db.execute("UPDATE row SET thumb = 0 WHERE id = ?", found[:1])
            continue
        db.execute("UPDATE row SET data = ?, thumb = 0, crc = ? WHERE id = ?", (data, crc32(data), found[0]))
        freed += len(found[1]) - len(data)
        thinned += 1
    return freed, thinned


def give_up(db: sqlite3.Connection, size: int) -> list[int]:
    """Give bulk rows up until `size` bytes are free; returns the length of each."""
    chosen: list[tuple[int, str, int, int]] = []
    freed = 0
    bulk = "SELECT id, epoch, seq, LENGTH(data) FROM row WHERE lane = ? ORDER BY prio DESC, id"
    for row in db.execute(bulk, (Lane.BULK,)):
        chosen.append(row)
        freed += row[3]
        if freed >= size:
            break
    db.executemany("INSERT OR IGNORE INTO given_up VALUES (?, ?)", [row[1:3] for row in chosen])
    db.executemany("DELETE FROM row WHERE id = ?", [row[:1] for row in chosen])
    db.executemany("DELETE FROM temp.under_way WHERE id = ?", [row[:1] for row in chosen])
    return [row[3] for row in chosen]


def ranges(numbers: Iterable[tuple[str, int]], most: int) -> tuple[Range, ...]:
    """The first `most` ranges of (epoch, seq) in order; numbers that follow one another join."""
    found: list[Range] = []
    for epoch, seq in numbers:
        last = found[-1] if found else None
        if last is not None and (last.epoch, last.last + 1) == (epoch, seq):
            found[-1] = Range(epoch, last.first, seq)
        elif len(found) == most:
            break
        else:
            found.append(Range(epoch, seq, seq))
    return tuple(found)
