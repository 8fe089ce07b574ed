"""The life of a happening: one id from `new` to `end`, news at most every few seconds, then a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.rule.change import Change, Facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.rule.change import Phase
    from wire.message import EventKind

NEWS = 5.0
"""Least seconds between two updates."""


class Episode:
    """At most one open happening of one rule in one zone."""

    def __init__(
        self,
        kind: EventKind,
        zone: str | None,
        *,
        cooldown: float,
        name: Callable[[], str],
        news: float = NEWS,
    ) -> None:
        """Begin closed.

        Args:
            kind: what happens.
            zone: where, as a slug.
            cooldown: seconds after an end before the next may begin.
            name: gives a new event id; a rule itself has neither clock nor chance.
            news: least seconds between two updates.
        """
        self._kind: EventKind = kind
        self._zone = zone
        self._cooldown = cooldown
        self._name = name
        self._news = news
        self._event: str | None = None
        self._began = self._said = 0.0
        self._quiet_until = float("-inf")
        self._facts = Facts(score=0.0)

    @property
    def is_open(self) -> bool:
        """Whether a `new` was said without its `end`."""
        return self._event is not None

    def step(self, facts: Facts | None, began: float, now: float) -> tuple[Change, ...]:
        """Say what changed; `facts` None means that nothing happens now, `began` is used by a `new`."""
        if self._event is None:
            return self._open(facts, began, now) if facts and now >= self._quiet_until else ()
        if facts is None:
            return self._end(now)
        self._facts = facts
        return self._say("update", now) if now - self._said >= self._news else ()

    def _open(self, facts: Facts, began: float, now: float) -> tuple[Change, ...]:
        self._event, self._began, self._facts = self._name(), began, facts
        return self._say("new", now)

    def _end(self, now: float) -> tuple[Change, ...]:
        said = self._say("end", now)
        self._event, self._quiet_until = None, now + self._cooldown
        return said

    def _say(self, phase: Phase, now: float) -> tuple[Change, ...]:
        assert self._event is not None
        self._said = now
        return (Change(self._event, phase, self._kind, self._zone, self._began, now, self._facts),)
