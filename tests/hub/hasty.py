"""SQLite for tests that waits for no disk: what a test keeps need not outlive a power cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event

from hub.store.base import engine

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry


def hasty(url: str) -> Engine:
    """The hub's own engine, but for what SQLite forces to the disk; PostgreSQL's are hasty by themselves."""
    made = engine(url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _unforced)
    return made


def _unforced(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
