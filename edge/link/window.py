"""Messages that the broker has not acknowledged yet; a few places are kept for alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

WINDOW = 20
"""Places in all."""
ALARMS = 4
"""Places of them in which nothing but alarms goes, so that a slow broker never holds one up."""
STALLED = 10.0
"""Seconds for the broker to acknowledge a message; past it the connection is given up and made anew."""
SOME = 8
"""Free places worth asking the outbox for: looking for one at a time costs more than sending it."""


class Window:
    """For one thread."""

    def __init__(self, stalled: float = STALLED) -> None:
        self._stalled = stalled
        self._places: dict[int, tuple[int, float]] = {}
        """Message of the client → row of the outbox, and when it was handed over, monotonic."""

    def __len__(self) -> int:
        return len(self._places)

    @property
    def rows(self) -> Collection[int]:
        """The outbox's rows in it."""
        return [row for row, _ in self._places.values()]

    @property
    def free(self) -> int:
        """Places for alarms."""
        return WINDOW - len(self._places)

    @property
    def free_for_all(self) -> int:
        """Places for anything; none until there are some."""
        free = self.free - ALARMS
        return free if free >= SOME else 0

    def add(self, message: int, row: int, now: float) -> None:
        """The client took this row as its message of that number."""
        self._places[message] = (row, now)

    def acknowledged(self, message: int) -> bool:
        """The broker has it; false for one that was never here."""
        return self._places.pop(message, None) is not None

    def is_stalled(self, now: float) -> bool:
        """Whether the broker leaves a message without an answer for too long."""
        return any(now - since > self._stalled for _, since in self._places.values())

    def renew(self, now: float) -> None:
        """The client sends all of them again on a new connection."""
        self._places = {message: (row, now) for message, (row, _) in self._places.items()}
