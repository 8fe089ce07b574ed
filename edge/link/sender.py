"""What of the outbox goes to the broker, and when."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from edge.link.window import Window
from edge.outbox import AGAIN, Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.outbox import Outbox, Row
    from edge.silence import Silence

SPREAD = 2.0
"""At most so many seconds after a reconnection the rows without a receipt are sent again, so that a market's
edges do not all do it at once; alarms, which are few, do not wait."""
SETTLE = (1.0, 5.0)
"""Seconds after a silence in which the hub works off what waits at the broker, before rows are sent again."""


class Sender:
    """For one thread."""

    def __init__(
        self, outbox: Outbox, silence: Silence, publish: Callable[[Row], int], stalled: float
    ) -> None:
        """Prepare.

        Args:
            outbox: where rows wait.
            silence: whether the hub is heard.
            publish: hands a row to the client and returns the client's number for it.
            stalled: seconds for the broker to acknowledge a message.
        """
        self.window = Window(stalled)
        self._outbox, self._silence, self._publish = outbox, silence, publish
        self._connected_at = self._probe_at = 0.0
        self._again_at = float("inf")
        self._fresh = False
        self._resent: frozenset[int] = frozenset()
        """Rows that the client itself sent on this connection when it began."""

    def connected(self, now: float) -> None:
        """A new connection: the client sends what it holds, and what went out before is sent again."""
        self.window.renew(now)
        self._resent = frozenset(self.window.rows)
        self._fresh = True
        self._connected_at = now
        self._again_at = now + random.uniform(0.0, SPREAD)  # noqa: S311 - jitter, not a secret

    def heard(self, now: float) -> None:
        """The hub spoke; after a silence it first works off what waits for it at the broker."""
        if self._silence.is_silent:
            self._probe_at = now + random.uniform(*SETTLE)  # noqa: S311 - jitter, not a secret
        self._silence.heard()

    def send(self, now: float) -> int:
        """Publish what is due, as far as the window allows; returns how many."""
        if self._fresh:
            self._fresh = False
            self._outbox.again(self._connected_at, keep=self._kept, last=Lane.ALARM)
        if now >= self._again_at:
            self._again_at = float("inf")
            self._outbox.again(self._connected_at, keep=self._kept)
        number = 0
        for row in self._due(now):
            # What the client holds over several connections it sends by itself.
            if row.id not in self.window.rows:
                self.window.add(self._publish(row), row.id, now)
                number += 1
        return number

    @property
    def _kept(self) -> frozenset[int]:
        """Rows that are on their way over this connection."""
        return self._resent | frozenset(self.window.rows)

    def _due(self, now: float) -> list[Row]:
        """What to send now. A silent hub is sent a few rows again, now and then: they wait at the broker."""
        if not (free := self.window.free_for_all):
            alarms = self.window.free
            return self._outbox.due(now, alarms, fresh=Lane.ALARM, again=Lane.ALARM) if alarms > 0 else []
        if now < self._probe_at:
            return self._outbox.due(now, free, again=Lane.ALARM)
        if self._silence.is_silent:
            self._probe_at = now + AGAIN
        return self._outbox.due(now, free)
