"""A camera that gives no pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from edge.rule.change import Facts
from edge.rule.episode import Episode

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.rule.change import Change

NEWS = 60.0
STEADY = 3.0
"""Seconds of pictures before a camera is believed again."""


class Health(Protocol):
    """What a camera's source says of itself; `since` in seconds of UNIX epoch."""

    @property
    def state(self) -> str:
        """`live` when pictures come."""

    @property
    def since(self) -> float:
        """When it came into this state."""

    @property
    def reason(self) -> str | None:
        """Why it is not live."""


class Lost:
    """One event from the loss of a camera until its pictures have come steadily for some seconds."""

    def __init__(self, *, after: float, name: Callable[[], str]) -> None:
        """Watch one camera; `after` seconds without a picture it counts as lost."""
        self._after = after
        self._bad_since: float | None = None
        self._episode = Episode("lost", None, cooldown=0.0, name=name, news=NEWS)

    def step(self, health: Health, now: float) -> tuple[Change, ...]:
        """Look at a camera's health at second `now`."""
        if health.state != "live":
            # A wall clock that was set back must not make a loss of the future of it, of which nobody hears.
            self._bad_since = min(health.since if self._bad_since is None else self._bad_since, now)
        elif abs(now - health.since) >= STEADY or not self._episode.is_open:
            self._bad_since = None
        if self._bad_since is None or now - self._bad_since < self._after:
            return self._episode.step(None, now, now)
        facts = Facts(score=1.0, trust="high", seconds=now - self._bad_since, reason=health.reason)
        return self._episode.step(facts, self._bad_since, now)
