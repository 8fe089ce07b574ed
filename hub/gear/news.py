"""Word of what other processes commit: a PostgreSQL listener, or a look at SQLite's own count of changes.

It is a wake-up and no more: what was committed is read from the ledger, so a word that is lost costs a little
time and nothing else.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from typing import TYPE_CHECKING

import psycopg
from psycopg import conninfo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_SECONDS = 0.05
LISTEN_SECONDS = 0.5
"""So often a listener looks whether it shall end."""
AGAIN_SECONDS = 1.0
CHANNEL = "line"
UNPLUGGED = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""Seconds and tries after which a server that says nothing at all is given up."""

log = logging.getLogger(__name__)


class News:
    """One thread that listens again and again until it is stopped.

    Args:
        woke: called from that thread with the market that has new lines, or None where nobody knows which.
    """

    def __init__(self, woke: Callable[[str | None], None]) -> None:
        self._woke = woke
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="news", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """End; returns when the thread has."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def run(self) -> None:
        """Listen until stopped; a listener that breaks off begins anew."""
        while not self._stopping.is_set():
            try:
                self.listen()
            except (psycopg.Error, sqlite3.Error, OSError) as error:
                log.warning("no word of other processes' commits, again in %.0f s: %s", AGAIN_SECONDS, error)
                self._stopping.wait(AGAIN_SECONDS)

    def listen(self) -> None:
        """Call `woke` after each commit until stopped.

        Raises:
            psycopg.Error, sqlite3.Error, OSError: the database is away.
        """
        raise NotImplementedError


class PostgresNews(News):
    """Hears of new ledger lines; `where` is a libpq connection string."""

    def __init__(self, where: str, woke: Callable[[str | None], None]) -> None:
        super().__init__(woke)
        self._where = where

    def listen(self) -> None:
        """Hear what the database says at each commit."""
        with psycopg.connect(conninfo.make_conninfo(self._where, **UNPLUGGED), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            # What was committed while nobody listened is found by looking.
            self._woke(None)
            while not self._stopping.is_set():
                for said in connection.notifies(timeout=LISTEN_SECONDS):
                    self._woke(said.payload)


class SqliteNews(News):
    """Looks whether anybody else has committed to the file."""

    def __init__(self, file: Path, woke: Callable[[str | None], None]) -> None:
        super().__init__(woke)
        self._file = file

    def listen(self) -> None:
        """Look twenty times a second, which costs microseconds."""
        connection = sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            before = None
            while not self._stopping.wait(LOOK_SECONDS):
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                if version != before:
                    before = version
                    self._woke(None)
        finally:
            connection.close()
