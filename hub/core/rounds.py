"""What a solver is asked about rounds and what it answers, as values; and how one round of a mix is drawn.

Metres are walked, not flown; minutes are floats. A lap ends where it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from hub.core.ground import Ground  # noqa: TC001 - the child reads what it is asked by these types

if TYPE_CHECKING:
    from collections.abc import Sequence

PACE = 60.0
"""Metres a minute of somebody who looks round while walking."""
DWELL = 0.5
"""Minutes at each stop."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A checkpoint and where it is, in metres on the plan."""

    checkpoint: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class RouteAsked:
    """The shortest lap over all `stops`, on foot: over `ground`, or by `metres` where they are known."""

    stops: tuple[Stop, ...]
    ground: Ground | None = None
    metres: tuple[tuple[float, ...], ...] = ()
    """From stop to stop, both in order of `stops`; left out: walked on `ground`."""
    start: str | None = None
    """Checkpoint at which the lap begins; left out: the first stop."""
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class RouteMade:
    """A lap, how good it is known to be, and what always going to the nearest would take."""

    order: tuple[str, ...]
    """Checkpoints, each once; from the last one back to the first."""
    metres: float
    bound: float
    """Metres that no lap can fall below."""
    proved: bool
    nearest: float
    """Metres of the lap that always goes to the nearest stop left."""
    seconds: float


@dataclass(frozen=True, slots=True)
class MixAsked:
    """Rounds to draw from, so that nobody who knows the plan finds a place and minute without risk."""

    stops: tuple[Stop, ...]
    ground: Ground | None = None
    metres: tuple[tuple[float, ...], ...] = ()
    """As in `RouteAsked`."""
    pace: float = PACE
    dwell: float = DWELL
    unseen_min: float = 15.0
    """Minutes that an intruder needs at one place."""
    window_min: float = 0.0
    """Minutes within which the round is walked; 0: as long as the shortest lap takes."""
    laps: int = 1
    """Of each round; 0: as many as the window holds, the last one cut off at its end."""
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class MixRound:
    """One way to walk the round; `offset_min` says when to set out, `weight` is the chance to be drawn."""

    order: tuple[str, ...]
    minutes: tuple[float, ...]
    """When each stop of `order` is reached, from the window's beginning."""
    offset_min: float
    weight: float


@dataclass(frozen=True, slots=True)
class MixMade:
    """A mix of rounds; each chance is the worst over checkpoint and minute to meet the intruder."""

    rounds: tuple[MixRound, ...]
    worst: float
    ceiling: float
    """The intruder's minutes by those of the shortest lap: what such laps, walked on and on, cannot pass."""
    best_fixed: float
    """Of the best round where the same one is walked every time."""
    even: float
    """Of the same laps, each begun anywhere and in either direction with the same chance."""
    metres: float
    """Of one lap of the mix, the longest where they differ."""
    fixed_metres: float
    """Of the shortest lap."""
    window_min: float
    seconds: float


def chosen(weights: Sequence[float], seed: str) -> int:
    """The place of the one that `seed` names, each as often as its weight says."""
    left = chance(seed) * sum(weights)
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return place
    return len(weights) - 1


def chance(seed: str) -> float:
    """A number from 0 to before 1 that everybody makes of the same seed."""
    return int.from_bytes(sha256(seed.encode()).digest()[:8]) / 2**64
