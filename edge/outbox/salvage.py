"""Reads out of a damaged file what can still be read, so that damage costs as few promises as it can.

Two ways, since each finds what the other misses: SQL from both ends up to the damage, which also finds large
messages, and a search of the raw bytes for whole messages, which also works without a readable beginning.
The second brings some that were receipted long ago; the hub knows them by their number.
"""

from __future__ import annotations

import json
import logging
import mmap
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from edge.outbox.row import Lane, insert, lane_of
from wire.message import MAX_BYTES, Bad, decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wire.message import Envelope

log = logging.getLogger(__name__)

BEGINNING = b'{"v":"1.'
TAILS = ("", "-wal")
_SCANS = ("SELECT lane, data FROM row ORDER BY id", "SELECT lane, data FROM row ORDER BY id DESC")
_json = json.JSONDecoder()

Found = tuple["Envelope", Lane, bytes]


def salvage(db: sqlite3.Connection, damaged: Path) -> int:
    """Bring every message that can be read in `damaged` into `db`; returns how many."""
    found: dict[tuple[str, int], Found] = {}
    for one in (*_by_sql(damaged), *_by_bytes(damaged)):
        found.setdefault((one[0].epoch, one[0].seq or 0), one)
    with db:
        db.execute("BEGIN IMMEDIATE")
        number = insert(db, [found[key] for key in sorted(found)])
    log.warning("%d messages were read out of %s and are sent again", number, damaged.name)
    return number


def _by_sql(damaged: Path) -> Iterator[Found]:
    """What a copy of the file gives; the file itself stays as it was found."""
    copy = damaged.with_name(f"{damaged.name}.copy")
    try:
        for tail in TAILS:
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{damaged}{tail}", f"{copy}{tail}")
        with closing(sqlite3.connect(copy)) as db:
            for scan in _SCANS:
                with suppress(sqlite3.DatabaseError):
                    for lane, data in db.execute(scan):
                        with suppress(Bad, TypeError, ValueError):
                            yield _sound(decode(data)), Lane(lane), bytes(data)
    except (OSError, sqlite3.DatabaseError) as error:
        log.warning("%s cannot be read in order (%s); its bytes are searched", damaged.name, error)
    finally:
        for tail in (*TAILS, "-shm"):
            damaged.with_name(f"{copy.name}{tail}").unlink(missing_ok=True)


def _by_bytes(damaged: Path) -> Iterator[Found]:
    for tail in TAILS:
        file = damaged.with_name(f"{damaged.name}{tail}")
        if not file.exists() or not file.stat().st_size:
            continue
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            at = data.find(BEGINNING)
            while at >= 0:
                with suppress(Bad, ValueError):
                    yield _whole(data[at : at + MAX_BYTES])
                at = data.find(BEGINNING, at + 1)


def _whole(data: bytes) -> Found:
    """The message at the beginning of `data`; raises Bad or ValueError when there is no whole one."""
    text = data.decode("utf-8", "surrogateescape")
    _, end = _json.raw_decode(text)
    message = text[:end].encode("utf-8", "surrogateescape")
    envelope = _sound(decode(message))
    return envelope, lane_of(envelope.body, envelope.prio), message


def _sound(envelope: Envelope) -> Envelope:
    if not envelope.seq:
        raise ValueError("a message of the outbox has a number")
    return envelope
