"""A worker that brings to the hub by HTTP what waits, as soon as somebody wakes it and again and again."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.carrier import Carrier

log = logging.getLogger(__name__)

STUMBLED = 2.0
"""Seconds to rest after a fault of its own."""
STOP_WITHIN = 1.0


class Courier(ABC):
    """One thread with a connection of its own; `start` and `stop` once each, `wake` from any thread."""

    def __init__(self, what: str, carrier: Carrier) -> None:
        """Prepare.

        Args:
            what: it brings, for the log and the thread's name.
            carrier: the way to the hub, this worker's own.
        """
        self._what, self._carrier = what, carrier
        self._fresh = threading.Event()
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name=what, daemon=True)

    @abstractmethod
    def once(self, now: float) -> float:
        """Bring what is due by monotonic second `now`.

        Returns:
            Seconds until the next turn if nobody wakes it before.
        """

    @property
    def is_stopping(self) -> bool:
        """Whether what fails now fails because the edge ends."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Break off, within a second; what the hub has not confirmed stays where it waits."""
        self._stopping.set()
        self._fresh.set()
        self._carrier.interrupt()
        if self._worker.ident:
            self._worker.join(STOP_WITHIN)
        self._carrier.close()

    def wake(self) -> None:
        """There is something new to bring."""
        self._fresh.set()

    def run(self) -> None:
        """Bring until stopped."""
        while not self._stopping.is_set():
            self._fresh.clear()
            try:
                wait = self.once(time.monotonic())
            except Exception:
                log.exception("bringing %s to the hub stumbled and goes on", self._what)
                wait = STUMBLED
            self._fresh.wait(wait)
