"""What this device was told, kept on the disk: which commands it has begun, and the last good configuration.

A command is noted before it is carried out, so that one which is repeated, by whomever, finds its number
taken, also after a power cut. If the file is damaged it is begun anew; then a command of the last half minute
could be heard a second time, and an older one is over in any case.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from edge.disk import connect, transaction
from edge.rule.hand import Hand
from wire.message import Bad
from wire.order import decode_config, encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from wire.order import Command, Config

REMEMBERED = 1000
"""Commands whose ids are kept, so that each is answered once."""
MOST_TRIES = 2
"""A configuration under which this program ended so often before it was found good is bad."""
_TABLES = """
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS command (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, answered INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS config (
    version INTEGER PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL,
    reason TEXT, data BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS hand (
    camera TEXT NOT NULL, zone TEXT NOT NULL, armed INTEGER NOT NULL, until REAL NOT NULL,
    PRIMARY KEY (camera, zone)
);
"""


class Kept:
    """The file; may be used from any thread."""

    def __init__(self, path: Path) -> None:
        """Open or make it; raises DiskError where it cannot be written or another agent has it."""
        self._lock = threading.Lock()
        self._db = connect(path, _TABLES)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    @property
    def counter(self) -> int:
        """The highest number of a command that was begun."""
        with self._lock:
            return self._counter()

    def knows(self, command: Command) -> bool:
        """Whether it was begun or refused before."""
        with self._lock:
            query = "SELECT 1 FROM command WHERE id = ?"
            return self._db.execute(query, (command.id,)).fetchone() is not None

    def begin(self, command: Command) -> bool:
        """Note that it is carried out now; on the disk when this returns.

        False, and nothing noted, when it was begun before or a later one was: it must not be carried out.

        Raises:
            DiskError: it cannot be noted, so it must not be carried out either.
        """
        with self._lock, transaction(self._db):
            if command.counter <= self._counter():
                return False
            self._db.execute("INSERT OR REPLACE INTO mark VALUES ('counter', ?)", (command.counter,))
            return self._remember(command.id)

    def refuse(self, command: Command) -> bool:
        """Note that it is answered with a refusal; False when it was begun or refused before."""
        with self._lock, transaction(self._db):
            return self._remember(command.id)

    def answered(self, command: str) -> None:
        """Its reply is promised."""
        with self._lock, transaction(self._db):
            self._db.execute("UPDATE command SET answered = 1 WHERE id = ?", (command,))

    def unanswered(self) -> list[str]:
        """Ids of commands that were begun before this program ended, and never answered."""
        with self._lock:
            query = "SELECT id FROM command WHERE NOT answered ORDER BY number"
            return [row[0] for row in self._db.execute(query)]

    def newest(self) -> int:
        """The highest version that was ever tried; 0 for none."""
        with self._lock:
            return int(self._db.execute("SELECT MAX(version) FROM config").fetchone()[0] or 0)

    def try_(self, config: Config) -> None:
        """Note that this configuration is tried now, and how often."""
        with self._lock, transaction(self._db):
            self._db.execute(
                "INSERT INTO config VALUES (?, ?, 'trying', 1, NULL, ?) "
                "ON CONFLICT (version) DO UPDATE SET tries = tries + 1, state = 'trying'",
                (config.version, config.id, encode(config)),
            )

    def settle(self, version: int, state: str, reason: str | None = None) -> None:
        """Note that a configuration is `good` or `bad`; of the good ones only the newest is kept."""
        with self._lock, transaction(self._db):
            self._db.execute(
                "UPDATE config SET state = ?, reason = ? WHERE version = ?", (state, reason, version)
            )
            if state == "good":
                self._db.execute("DELETE FROM config WHERE version < ?", (version,))

    def good(self) -> Config | None:
        """The last known good configuration; None where there is none that can be read."""
        with self._lock:
            query = "SELECT data FROM config WHERE state = 'good' ORDER BY version DESC LIMIT 1"
            row = self._db.execute(query).fetchone()
        try:
            return decode_config(row[0]) if row else None
        except Bad:
            return None

    def broken_off(self) -> list[tuple[int, str, int]]:
        """Version, id and tries of configurations whose trial this program did not outlive."""
        with self._lock:
            return list(self._db.execute("SELECT version, id, tries FROM config WHERE state = 'trying'"))

    def failure(self) -> str | None:
        """Why the newest configuration does not hold; None where it does."""
        with self._lock:
            query = "SELECT state, reason FROM config ORDER BY version DESC LIMIT 1"
            row = self._db.execute(query).fetchone()
            return str(row[1]) if row and row[0] == "bad" else None

    def is_settled(self, version: int) -> bool:
        """Whether this version was found good or bad already, or a newer one was."""
        with self._lock:
            query = "SELECT 1 FROM config WHERE version > ? OR (version = ? AND state != 'trying')"
            return self._db.execute(query, (version, version)).fetchone() is not None

    def hands(self) -> list[Hand]:
        """What was armed and disarmed by hand, what is over included."""
        with self._lock:
            rows = self._db.execute("SELECT camera, zone, armed, until FROM hand").fetchall()
        return [Hand(camera, zone or None, bool(armed), until) for camera, zone, armed, until in rows]

    def keep_hands(self, hands: Iterable[Hand]) -> None:
        """Keep these and no others; raises DiskError where they cannot be kept."""
        rows = [(hand.camera, hand.zone or "", hand.armed, hand.until) for hand in hands]
        with self._lock, transaction(self._db):
            self._db.execute("DELETE FROM hand")
            self._db.executemany("INSERT INTO hand VALUES (?, ?, ?, ?)", rows)

    def _counter(self) -> int:
        row = self._db.execute("SELECT value FROM mark WHERE name = 'counter'").fetchone()
        return int(row[0]) if row else 0

    def _remember(self, command: str) -> bool:
        insert = "INSERT OR IGNORE INTO command (id, answered) VALUES (?, 0)"
        if self._db.execute(insert, (command,)).rowcount == 0:
            return False
        self._db.execute(
            "DELETE FROM command WHERE answered AND number <= (SELECT MAX(number) FROM command) - ?",
            (REMEMBERED,),
        )
        return True
