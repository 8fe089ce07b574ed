"""Shows whoever tries rules what they see and count: one picture after the other, while somebody watches."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

import msgspec

from edge.courier import Courier

if TYPE_CHECKING:
    from edge.carrier import Carrier
    from edge.veil import Veil
    from wire.shown import Shown

log = logging.getLogger(__name__)

IDLE = 10.0
GONE = frozenset({404, 410})
"""What the hub answers once nobody watches."""
PAUSE = 1.0
"""Seconds after a picture that did not reach the hub."""


class Glass(Courier):
    """The newest of each camera; never an older one after it, nor one that `veil` has hidden since."""

    def __init__(self, carrier: Carrier, veil: Veil) -> None:
        super().__init__("what rules count", carrier)
        self._veil = veil
        self._until: dict[str, float] = {}
        """Camera → monotonic second at which it ends."""
        self._newest: dict[str, tuple[int, Shown]] = {}
        """Camera → the age of its veil, and what is to be shown."""
        self._lock = threading.Lock()
        self._not_before = 0.0

    def begin(self, camera: str, seconds: float) -> None:
        """An order: show this camera for `seconds` at most."""
        self._until[camera] = time.monotonic() + seconds

    def wants(self, camera: str) -> bool:
        """Whether somebody watches this camera."""
        return bool(self._until) and time.monotonic() < self._until.get(camera, 0.0)

    def offer(self, camera: str, shown: Shown) -> None:
        """Send this, unless a newer one comes first."""
        with self._lock:
            self._newest[camera] = (self._veil.age(camera), shown)
        self.wake()

    def once(self, now: float) -> float:
        """Send what is there; after a failure nothing until some time has passed."""
        if now < self._not_before:
            return self._not_before - now
        while not self.is_stopping and (one := self._next()):
            camera, age, shown = one
            if not self._veil.lets(camera, age) or not self.wants(camera):
                continue
            try:
                answer = self._carrier.ask(
                    "POST",
                    f"/edge/v1/shown/{camera}",
                    msgspec.json.encode(shown),
                    {"Content-Type": "application/json"},
                )
            except OSError as error:
                log.debug("what rules of %s count is not shown: %s", camera, error)
                self._not_before = now + PAUSE
                return PAUSE
            if answer.status in GONE:
                self._until.pop(camera, None)
        return IDLE

    def _next(self) -> tuple[str, int, Shown] | None:
        with self._lock:
            camera = next(iter(self._newest), None)
            return None if camera is None else (camera, *self._newest.pop(camera))
