"""What rules see and count now, live to whoever tries them; kept nowhere, and only while somebody asks."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@dataclass(slots=True)
class _Pane:
    asked: datetime
    """When a page last asked."""
    until: datetime
    shown: bytes | None = None
    number: int = 0


class Glass:
    """The newest picture of each camera that is tried; a page that asks no more ends it."""

    def __init__(self, kept: timedelta) -> None:
        """Let go of what no page has asked for in `kept`."""
        self._kept = kept
        self._panes: dict[str, _Pane] = {}
        self._fresh = threading.Condition()

    def begin(self, camera: str, until: datetime, now: datetime) -> None:
        """Somebody may try this camera's rules until a moment."""
        with self._fresh:
            self._panes[camera] = _Pane(now, until)

    def end(self, camera: str) -> None:
        """Nobody does any more."""
        with self._fresh:
            self._panes.pop(camera, None)
            self._fresh.notify_all()

    def put(self, camera: str, data: bytes, now: datetime) -> bool:
        """Take a picture; false where nobody watches, and nothing is kept."""
        with self._fresh:
            pane = self._panes.get(camera)
            if pane is None or now > pane.until or now - pane.asked > self._kept:
                self._panes.pop(camera, None)
                return False
            pane.shown, pane.number = data, pane.number + 1
            self._fresh.notify_all()
            return True

    def take(self, camera: str, after: int, now: datetime, seconds: float) -> tuple[int, bytes] | None:
        """The newest picture after number `after`, or None where none comes within `seconds`.

        Raises:
            KeyError: nobody tries this camera now, or its time is over.
        """
        with self._fresh:
            pane = self._panes[camera]
            if now > pane.until:
                del self._panes[camera]
                raise KeyError(camera)
            pane.asked = now
            self._fresh.wait_for(lambda: pane.number > after or self._panes.get(camera) is not pane, seconds)
            return (pane.number, pane.shown) if pane.shown is not None and pane.number > after else None
