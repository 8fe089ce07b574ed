"""Alarms that no disk takes: held in memory and sent all the same.

That is no promise, but better than silence: a memory card that wears out turns read-only in service.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edge.disk import DiskError
from edge.outbox.row import Lane
from edge.outbox.store import Store
from wire.message import Range

if TYPE_CHECKING:
    from edge.outbox.group import Wish
    from edge.outbox.row import Numbers, Row

MOST = 200
"""Alarms."""
FIRST = 1 << 40
"""Where its rows begin to count, so that none has the number of a row on the disk."""


class Held(Store):
    """A store that dies with the process."""

    def __init__(self, numbers: Numbers) -> None:
        """Begin with nothing."""
        super().__init__(Path(":memory:"), numbers, most_bytes=1 << 30)
        self._numbers = numbers
        self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('row', ?)", (FIRST,))

    def __len__(self) -> int:
        return sum(self._lanes)

    def hold(self, wish: Wish, error: DiskError) -> DiskError:
        """Hold an alarm that was refused, if there is room; returns what to say of it."""
        if wish.lane is not Lane.ALARM or len(self) >= MOST:
            return error
        self.keep([wish])
        said = DiskError(f"{error}; until then this alarm is held in memory and sent from there")
        said.is_held = True
        return said

    def release(self, store: Store) -> None:
        """The disk takes messages again: give it everything; raises DiskError."""
        rows = self.everything()
        store.adopt(rows)
        self.forget([Range(self._numbers.epoch, row.seq, row.seq) for row in rows])

    def everything(self) -> list[Row]:
        """All of them; marks nothing."""
        return self.due(float("inf"), MOST, Lane.BULK, Lane.BULK)
