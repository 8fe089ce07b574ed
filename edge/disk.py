"""A SQLite file that keeps its word: what is committed outlives a power cut, what is damaged is set aside."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

_SENTENCES = {
    sqlite3.SQLITE_FULL: "the disk is full and nothing can be promised; free some space",
    sqlite3.SQLITE_BUSY: "another agent uses this file; stop it or give this one a data folder of its own",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; check that its folder exists and its rights",
    sqlite3.SQLITE_READONLY: "the file cannot be written; check its rights and those of its folder",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; start the edge anew, which sets it aside",
    sqlite3.SQLITE_NOTADB: "the file is damaged; start the edge anew, which sets it aside",
    sqlite3.SQLITE_IOERR: "the disk does not read or write; look at the system's log and exchange it",
}
CACHE_KIB = 512
"""Of each file: the queue is short, and a box with many cameras has other uses for its memory."""
JOURNAL_PAGES = 256
MOST_ASIDE = 3
"""Damaged files that are kept: the first ones, and the latest in the last one's place."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class DiskError(OSError):
    """The file cannot keep its promise; the text says why and what to do."""

    def __init__(self, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.is_full = code == sqlite3.SQLITE_FULL
        """Some room would help."""
        self.is_damaged = code in _DAMAGED
        """Opening it anew would set it aside."""
        self.is_held = False
        """What it did not take is held in memory and sent from there."""


def connect(
    path: Path,
    tables: str,
    rescue: Callable[[sqlite3.Connection, Path], None] | None = None,
    *,
    alone: bool = True,
) -> sqlite3.Connection:
    """Open or make the file at `path` with its `tables`; a damaged one is renamed and a new one begun.

    Journal WAL with `synchronous=FULL`: a commit is on the disk when it returns. The caller lets in one
    thread at a time.

    Args:
        path: the file; its folder exists.
        tables: statements that may be run again and again.
        rescue: given the new file and where the damaged one now stands, to save what can be read.
        alone: locked against any other process; else others may read beside this one.

    Raises:
        DiskError: another process uses it, or it cannot be opened or written.
    """
    try:
        return _connect(path, tables, alone)
    except sqlite3.OperationalError as error:
        raise DiskError(_sentence(error, path), _code(error)) from error
    except sqlite3.DatabaseError as error:
        aside = _set_aside(path)
        log.warning("%s is damaged (%s); set aside as %s, a new one begun", path, error, aside.name)
    with trouble(path):
        db = _connect(path, tables, alone)
        if rescue is not None:
            rescue(db, aside)
    return db


@contextmanager
def trouble(path: Path | None = None) -> Iterator[None]:
    """Let what SQLite has to complain of become a DiskError with a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise DiskError(_sentence(error, path), _code(error)) from error


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done inside, or nothing of it.

    Raises:
        DiskError: the disk did not take it.
    """
    with trouble(), db:
        db.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def unhurried(db: sqlite3.Connection) -> Iterator[None]:
    """Commits inside may be undone by a power cut; they cost no wait for the disk.

    Raises:
        DiskError: the disk did not take it.
    """
    db.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        db.execute("PRAGMA synchronous = FULL")


def _connect(path: Path, tables: str, alone: bool) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
    try:
        db.execute(f"PRAGMA locking_mode = {'EXCLUSIVE' if alone else 'NORMAL'}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        # The journal is brought into the file only where there is room for as much again: on a full disk it
        # is better a small one.
        db.execute(f"PRAGMA wal_autocheckpoint = {JOURNAL_PAGES}")
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        db.executescript(tables)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _set_aside(path: Path) -> Path:
    """Rename a damaged file together with its journal, so that nothing of it is lost to a later look."""
    number = 1
    while path.with_name(f"{path.name}.damaged-{number}").exists():
        number += 1
    aside = path.with_name(f"{path.name}.damaged-{min(number, MOST_ASIDE)}")
    for tail in ("-wal", "-shm", ""):
        part = path.with_name(path.name + tail)
        if part.exists():
            part.replace(aside.with_name(aside.name + tail))
    return aside


def _code(error: sqlite3.Error) -> int:
    if isinstance(error, sqlite3.ProgrammingError):
        return sqlite3.SQLITE_CORRUPT  # closed, because opening it anew after damage failed once
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _sentence(error: sqlite3.Error, path: Path | None = None) -> str:
    words = _SENTENCES.get(_code(error), f"SQLite says: {error}")
    return f"{path}: {words}" if path else words
