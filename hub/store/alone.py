"""One process at a time: a lock that its holder's end gives back, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 4))")


class Alone:
    """The right to be the only process of this database that does something, by name.

    On PostgreSQL a lock of a session of its own; on SQLite one of a file beside the database.
    """

    def __init__(self, on: Engine, name: str) -> None:
        self._on, self._name = on, name
        self._connection: Connection | None = None
        self._file: int | None = None

    def take(self) -> bool:
        """Whether this process has it now; asked again, it says whether it still does.

        Raises:
            OperationalError: the database does not answer.
        """
        return self._by_session() if self._on.dialect.name == "postgresql" else self._by_file()

    def give(self) -> None:
        """Let another process have it."""
        if self._connection:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _by_session(self) -> bool:
        if self._connection:
            try:
                self._connection.execute(text("SELECT 1"))
            except DBAPIError:  # whoever has lost the session has lost the lock
                self.give()
            else:
                return True
        connection = self._on.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(TRY, {"name": self._name}):
            self._connection = connection
            return True
        connection.close()
        return False

    def _by_file(self) -> bool:
        if self._file is not None:
            return True
        database = self._on.url.database
        if not database or database == ":memory:":
            return True
        handle = os.open(Path(f"{database}.{self._name}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._file = handle
        return True
