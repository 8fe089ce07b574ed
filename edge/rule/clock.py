"""A camera whose own clock is off: what it writes into its pictures is not when they were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.rule.change import Facts
from edge.rule.episode import Episode

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.rule.change import Change, Trust

NEWS = 3600.0
AFTER = 60.0
"""Seconds that a clock is off before it is told, and right before it is believed again."""
EASE = 0.6
"""A clock that is told of ends only when it is right within its limit times this."""


class Clock:
    """One event from when a camera's clock has been off for a while until it has been right for as long.

    Whoever measures it says by how much: a stream's own reports (RTCP), or a camera that is asked (ONVIF).
    A camera that is away keeps what was told of it.
    """

    def __init__(self, *, limit: float | None, name: Callable[[], str]) -> None:
        """Watch one camera; more than `limit` seconds is off, None is never."""
        self._limit = limit
        self._since: float | None = None
        """When what is measured began to differ from what is told."""
        self._episode = Episode("clock", None, cooldown=0.0, name=name, news=NEWS)

    def step(self, off: float | None, now: float, trust: Trust = "high") -> tuple[Change, ...]:
        """Take a measure at wall second `now`.

        Args:
            off: the camera's clock minus this machine's, seconds; None: not known now.
            now: wall seconds of this machine.
            trust: how sure this machine is of its own clock.
        """
        if off is None or self._limit is None:
            self._since = None
            return ()
        told = self._episode.is_open
        wrong = abs(off) > self._limit * (EASE if told else 1.0)
        self._since = None if wrong == told else now if self._since is None else min(self._since, now)
        facts = Facts(score=1.0, trust=trust, reason=f"the camera's clock is {off:+.1f} s off")
        if self._since is None or now - self._since < AFTER:
            return self._episode.step(facts, now, now) if told else ()
        began, self._since = self._since, None
        return self._episode.step(None if told else facts, began, now)
