"""A key that calls for help when it is held; let go sooner, nothing was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Panic:
    """For one thread; calls once each time it is held."""

    def __init__(self, key: str, seconds: float, call: Callable[[], None]) -> None:
        """Prepare.

        Args:
            key: its name, such as KEY_F12.
            seconds: it has to be held.
            call: calls for help.
        """
        self._key, self._seconds, self._call = key, seconds, call
        self._since: float | None = None

    def press(self, names: Sequence[str], is_down: bool, now: float) -> None:
        """A key of these names went down or up at monotonic second `now`."""
        if self._key not in names:
            return
        if not is_down:
            # Both may have come at once, since the machine was busy.
            self.tick(now)
            self._since = None
        elif self._since is None:
            self._since = now
            self.tick(now)

    def tick(self, now: float) -> None:
        """Call, when it is held long enough by monotonic second `now`."""
        if self._since is not None and now - self._since >= self._seconds:
            self._since = float("inf")
            self._call()

    def lost(self) -> None:
        """Nobody knows whether it is held."""
        self._since = None
