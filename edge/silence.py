"""How long the hub has not been heard. Half a minute of it is an emergency that the edge tells by itself."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

WITHIN = 30.0
"""Seconds; the hub pulses every 5."""
LOOK = 0.5


class Alarm(Protocol):
    """What makes people look; edge.siren.Siren is one."""

    def sound(self, on: bool) -> None:
        """Begin or end; called again and again while it lasts, raises nothing."""


class Silence:
    """`heard` from any thread; `start` and `stop` once each, for whoever wants the alarm."""

    def __init__(
        self,
        alarm: Alarm | None = None,
        *,
        within: float = WITHIN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Count from now.

        Args:
            alarm: sounds while the hub is silent.
            within: seconds after which silence is one.
            clock: monotonic seconds.
        """
        self._alarm, self._within, self._clock = alarm, within, clock
        self._heard = clock()
        self._until = self._heard
        self._ever = self._told = False
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="silence", daemon=True)

    @property
    def seconds(self) -> float:
        """Since the hub was heard last, or since the start."""
        return self._clock() - self._heard

    @property
    def is_silent(self) -> bool:
        """Whether it is too long."""
        return self.seconds > self._within

    def heard(self) -> None:
        """The hub gave a receipt or a pulse: its database answers and its ear is open."""
        self._heard = self._clock()
        self._ever = True

    def order(self, seconds: float) -> bool:
        """The hub wants the alarm to sound for so long; whether there is one."""
        self._until, self._ever = max(self._until, self._clock() + seconds), True
        return self._alarm is not None

    def start(self) -> None:
        """Begin to watch; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """End, and the alarm with it: whoever stops the edge knows."""
        self._stopping.set()
        if self._worker.ident:
            self._worker.join(1.0)
        if self._alarm and (self._told or self._ordered):
            self._alarm.sound(False)

    def run(self) -> None:
        """Watch until stopped."""
        while not self._stopping.wait(LOOK):
            try:
                self.once()
            except Exception:
                log.exception("watching the hub stumbled and goes on")

    def once(self) -> None:
        """Say it when it becomes silent and when it is back; the alarm is told each time how it stands.

        Before the hub was heard for the first time an alarm that an earlier start left on is left on.
        """
        silent = self.is_silent
        if silent and not self._told:
            log.critical(
                "P0: the hub has been silent for %.0f s; look after it and watch by yourselves", self.seconds
            )
        elif self._told and not silent:
            log.warning("the hub is heard again")
        self._told = silent
        if self._alarm and (silent or self._ordered or self._ever):
            self._alarm.sound(silent or self._ordered)

    @property
    def _ordered(self) -> bool:
        return self._clock() < self._until
