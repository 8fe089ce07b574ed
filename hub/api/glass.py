"""What rules see and count now, live to whoever tries them; kept nowhere, and only while somebody asks."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@dataclass(slots=True)
class _Pane:
    asked: datetime
    """When a page last asked."""
    until: datetime
    number: int = 0
    shown: bytes | None = None
    sessions: set[str] = field(default_factory=set)
    """Of those who began; the last of them who ends ends it for all."""


class Glass:
    """The newest picture of each camera that is tried; a page that asks no more ends it."""

    def __init__(self, kept: timedelta) -> None:
        """Let go of what no page has asked for in `kept`."""
        self._kept = kept
        self._panes: dict[str, _Pane] = {}
        self._fresh = threading.Condition()

    def begin(self, camera: str, session: str, until: datetime, now: datetime) -> None:
        """Whose session it is may try this camera's rules until a moment; whoever does already goes on."""
        with self._fresh:
            pane = self._panes.get(camera)
            if pane is None or self._is_over(pane, now):
                # Numbers go on: a page that still asks waits for one above the last that it had.
                pane = self._panes[camera] = _Pane(now, until, pane.number if pane else 0)
            pane.asked, pane.until = now, until
            pane.sessions.add(session)
            self._fresh.notify_all()

    def is_tried(self, camera: str, session: str, now: datetime) -> bool:
        """Whether a trial that this session began goes on."""
        with self._fresh:
            pane = self._panes.get(camera)
            return pane is not None and session in pane.sessions and not self._is_over(pane, now)

    def end(self, camera: str, session: str) -> None:
        """This session tries it no more; others that do go on."""
        with self._fresh:
            pane = self._panes.get(camera)
            if pane is not None and session in pane.sessions:
                pane.sessions.discard(session)
                if not pane.sessions:
                    del self._panes[camera]
                self._fresh.notify_all()

    def put(self, camera: str, data: bytes, now: datetime) -> bool:
        """Take a picture; false where nobody watches, and nothing is kept."""
        with self._fresh:
            pane = self._panes.get(camera)
            if pane is None or self._is_over(pane, now):
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

    def _is_over(self, pane: _Pane, now: datetime) -> bool:
        return now > pane.until or now - pane.asked > self._kept
