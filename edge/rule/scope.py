"""What every rule of a zone is given: where it looks, for whom, when, and how often it may speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.rule.episode import Episode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from edge.rule.hand import Arming
    from edge.rule.scene import Track
    from edge.rule.zone import Zone
    from wire.message import EventKind

FRESH = 1.0
"""Seconds since it was last seen for which a track is believed to be still there."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where, whom and when a rule watches."""

    zone: Zone
    labels: frozenset[str]
    armed: Arming
    cooldown: float
    """Seconds after the end of an event before the next may begin."""
    name: Callable[[], str]
    """Gives a new event id; a rule itself has neither clock nor chance."""

    def sure(self, tracks: Iterable[Track], now: float) -> list[Track]:
        """Those that count: of a label asked for, seen in two pictures at least, and lately."""
        return self.lately([track for track in tracks if track.label in self.labels], now)

    def lately(self, tracks: Iterable[Track], now: float) -> list[Track]:
        """Those seen in two pictures at least, and lately, whatever they are."""
        return [track for track in tracks if track.hits > 1 and now - track.last <= FRESH]

    def episode(self, kind: EventKind) -> Episode:
        """The life of this rule's events."""
        return Episode(kind, self.zone.name, cooldown=self.cooldown, name=self.name)
