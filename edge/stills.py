"""Live stills: the newest picture of each camera goes to the hub, an older one is never sent after it."""

from __future__ import annotations

import logging
import random
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from edge.camera.pace import back_off

if TYPE_CHECKING:
    from edge.carrier import Carrier

log = logging.getLogger(__name__)

LONGEST = 10.0
"""Seconds between two attempts: a picture of now is soon one of then."""


class Stills:
    """One worker; `start` and `stop` once each, `show` from any thread."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._newest: dict[str, tuple[float, bytes]] = {}
        self._sent: dict[str, float] = {}
        self._fresh = threading.Condition()
        self._stopping = threading.Event()
        self._failures = 0
        self._worker = threading.Thread(target=self.run, name="stills", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Break off."""
        self._stopping.set()
        with self._fresh:
            self._fresh.notify_all()
        self._carrier.interrupt()
        if self._worker.ident:
            self._worker.join(1.0)
        self._carrier.close()

    def show(self, camera: str, at: float, jpeg: bytes) -> None:
        """Send this picture, taken at stream second `at`, unless a newer one comes first."""
        with self._fresh:
            self._newest[camera] = (at, jpeg)
            self._fresh.notify_all()

    def wait(self, camera: str, at: float, seconds: float) -> bool:
        """Whether the hub has the picture of stream second `at`, or a later one, within `seconds`."""
        with self._fresh:
            return self._fresh.wait_for(lambda: self._sent.get(camera, float("-inf")) >= at, seconds)

    def run(self) -> None:
        """Send until stopped."""
        while not self._stopping.is_set():
            try:
                self.once(1.0)
            except Exception:
                log.exception("sending stills stumbled and goes on")
                self._stopping.wait(1.0)

    def once(self, timeout: float) -> None:
        """Send what is there, or what comes within `timeout` seconds."""
        with self._fresh:
            self._fresh.wait_for(lambda: self._newest or self._stopping.is_set(), timeout)
            batch, self._newest = self._newest, {}
        for camera, (at, jpeg) in batch.items():
            if self._stopping.is_set():
                return
            self._send(camera, at, jpeg)

    def _send(self, camera: str, at: float, jpeg: bytes) -> None:
        headers = {"Content-Type": "image/jpeg", "X-At": datetime.fromtimestamp(at, UTC).isoformat()}
        try:
            answer = self._carrier.ask("PUT", f"/edge/v1/stills/{camera}", jpeg, headers)
            refusal = None if answer.status in {200, 204} else f"{answer.status} {answer.text[:200]!r}"
        except OSError as error:
            refusal = str(error)
        if refusal is None:
            self._failures = 0
            with self._fresh:
                self._sent[camera] = at
                self._fresh.notify_all()
            return
        if self._failures == 0 and not self._stopping.is_set():
            log.info("live stills do not reach the hub: %s; trying again", refusal)
        pause = back_off(self._failures, random.random())  # noqa: S311 - jitter, not a secret
        self._failures += 1
        self._stopping.wait(min(LONGEST, pause))
