"""The wall clock."""

from __future__ import annotations

from datetime import UTC, datetime


class WallClock:
    """Port Clock: the machine's own time."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)
