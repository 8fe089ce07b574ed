"""Live stills: the newest picture of each camera goes to the hub, an older one is never sent after it."""

from __future__ import annotations

import logging
import random
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from edge.camera.pace import back_off
from edge.courier import Courier
from edge.veil import Veil

if TYPE_CHECKING:
    from edge.carrier import Carrier

log = logging.getLogger(__name__)

LONGEST = 10.0
"""Seconds between two attempts: a picture of now is soon one of then."""
IDLE = 10.0
"""Seconds between two looks when nobody shows anything."""


class Stills(Courier):
    """Brings the newest picture of each camera; `show` from any thread."""

    def __init__(self, carrier: Carrier, veil: Veil | None = None) -> None:
        """Prepare; pictures that `veil` hides, or has hidden since, are never sent."""
        super().__init__("live stills", carrier)
        self._veil = veil or Veil()
        self._newest: dict[str, tuple[int, float, bytes]] = {}
        """Camera → the age of its veil, stream second and JPEG."""
        self._sent: dict[str, float] = {}
        self._moved = threading.Condition()
        """Of the two above."""
        self._failures = 0
        self._not_before = 0.0

    def show(self, camera: str, at: float, jpeg: bytes) -> None:
        """Send this picture, taken at stream second `at`, unless a newer one comes first."""
        with self._moved:
            self._newest[camera] = (self._veil.age(camera), at, jpeg)
        self.wake()

    def wait(self, camera: str, at: float, seconds: float) -> bool:
        """Whether the hub has the picture of stream second `at`, or a later one, within `seconds`."""
        with self._moved:
            return self._moved.wait_for(lambda: self._sent.get(camera, float("-inf")) >= at, seconds)

    def once(self, now: float) -> float:
        """Send what is there; after a failure nothing until some time has passed."""
        if now < self._not_before:
            return self._not_before - now
        while not self.is_stopping and (picture := self._next()):
            camera, age, at, jpeg = picture
            if not self._veil.lets(camera, age):
                continue
            if not self._send(camera, at, jpeg):
                pause = min(LONGEST, back_off(self._failures, random.random()))  # noqa: S311 - jitter, no secret
                self._failures += 1
                self._not_before = now + pause
                return pause
        return IDLE

    def _next(self) -> tuple[str, int, float, bytes] | None:
        with self._moved:
            camera = next(iter(self._newest), None)
            return None if camera is None else (camera, *self._newest.pop(camera))

    def _send(self, camera: str, at: float, jpeg: bytes) -> bool:
        headers = {"Content-Type": "image/jpeg", "X-At": datetime.fromtimestamp(at, UTC).isoformat()}
        try:
            answer = self._carrier.ask("PUT", f"/edge/v1/stills/{camera}", jpeg, headers)
            refusal = None if answer.status in {200, 204} else f"{answer.status} {answer.text[:200]!r}"
        except OSError as error:
            refusal = str(error)
        if refusal is None:
            self._failures = 0
            with self._moved:
                self._sent[camera] = at
                self._moved.notify_all()
        elif self._failures == 0 and not self.is_stopping:
            log.info("live stills do not reach the hub: %s; trying again", refusal)
        return refusal is None
