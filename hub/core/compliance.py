"""How a round was walked, told from its visits: in time, in order, long enough, no faster than feet carry.

Pure; what is not over yet is neither kept nor missed. Metres by air are the least that anybody walked, so
that whoever is called too fast was.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from math import dist, inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from hub.core.ground import Point

    Metres = Callable[[str, str], float]

FASTEST = 2.5
"""Metres a second; faster is no walk."""


@dataclass(frozen=True, slots=True)
class Due:
    """A point of a round and when it may be visited, both ends included."""

    checkpoint: str
    opens: datetime
    closes: datetime
    dwell_s: float = 0.0
    """So long one has to look round there."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit; `at` is when it happened, not when it was heard of."""

    id: str
    checkpoint: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fast:
    """Two visits, one after the other, between which nobody can have walked."""

    first: str
    """Its visit's id."""
    then: str
    metres: float
    seconds: float

    @property
    def speed(self) -> float:
        """Metres a second; infinite for two places at once."""
        return self.metres / self.seconds if self.seconds > 0 else inf


@dataclass(frozen=True, slots=True)
class Gap:
    """The longest time that nobody came by a checkpoint."""

    checkpoint: str
    since: datetime
    until: datetime

    @property
    def seconds(self) -> float:
        """How long."""
        return (self.until - self.since).total_seconds()


@dataclass(frozen=True, slots=True)
class Compliance:
    """How a round stands; checkpoints in the order of the plan."""

    due: int
    """Points whose time is over or that were visited in it; only these count."""
    kept: tuple[str, ...] = ()
    """Visited in time."""
    late: dict[str, float] = field(default_factory=dict)
    """Checkpoint, visited after its time only → seconds late."""
    early: dict[str, float] = field(default_factory=dict)
    """Checkpoint, visited before its time only → seconds early."""
    missed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    """Not visited, and their time is not over."""
    visited: int = 0
    in_order: int = 0
    """Most of the visited points that were visited in the order of the plan."""
    short: tuple[str, ...] = ()
    """Left before one could have looked round, since the next visit came too soon for both."""
    fast: tuple[Fast, ...] = ()

    @property
    def share(self) -> float | None:
        """Of the points that are due, those visited in time, 0 to 1; None while none is due."""
        return len(self.kept) / self.due if self.due else None

    @property
    def order(self) -> float | None:
        """Share of the visited points that keep the order of the plan; None before the first visit."""
        return self.in_order / self.visited if self.visited else None


def judge(
    plan: Sequence[Due], visits: Iterable[Seen], now: datetime, metres: Metres, fastest: float = FASTEST
) -> Compliance:
    """How the round of `plan` stands at `now`.

    Args:
        plan: its points in order, each once.
        visits: those of this round, in any order; a point may be visited more than once, or be none of the
            plan's.
        now: what is not over by then may still be kept.
        metres: from one checkpoint to another, at least.
        fastest: metres a second that are still a walk.
    """
    walked = sorted(visits, key=lambda one: (one.at, one.id))
    came: dict[str, list[datetime]] = {one.checkpoint: [] for one in plan}
    for one in walked:
        if one.checkpoint in came:
            came[one.checkpoint].append(one.at)
    found = {one.checkpoint: _found(one, came[one.checkpoint], now) for one in plan}
    place = {one.checkpoint: number for number, one in enumerate(plan)}
    # A dictionary keeps what came first at its place.
    firsts = dict.fromkeys(one.checkpoint for one in walked if one.checkpoint in place)
    waiting = tuple(name for name, (how, _) in found.items() if how == "waiting")
    return Compliance(
        due=len(plan) - len(waiting),
        kept=tuple(name for name, (how, _) in found.items() if how == "kept"),
        late={name: seconds for name, (how, seconds) in found.items() if how == "late"},
        early={name: seconds for name, (how, seconds) in found.items() if how == "early"},
        missed=tuple(name for name, (how, _) in found.items() if how == "missed"),
        waiting=waiting,
        visited=len(firsts),
        in_order=rising([place[name] for name in firsts]),
        short=_short(plan, walked, metres, fastest),
        fast=fast(walked, metres, fastest),
    )


def _found(due: Due, came: Sequence[datetime], now: datetime) -> tuple[str, float]:
    """What became of a point, and the seconds by which it was missed."""
    if any(due.opens <= at <= due.closes for at in came):
        return "kept", 0.0
    if late := [at for at in came if at > due.closes]:
        return "late", (min(late) - due.closes).total_seconds()
    if now <= due.closes:
        return "waiting", 0.0
    if came:
        return "early", (due.opens - max(came)).total_seconds()
    return "missed", 0.0


def rising(numbers: Sequence[int]) -> int:
    """How many of `numbers` can be kept at most so that each is larger than the one before."""
    ends: list[int] = []
    for number in numbers:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(ends)


def fast(visits: Sequence[Seen], metres: Metres, fastest: float = FASTEST) -> tuple[Fast, ...]:
    """Each step of one walker's `visits`, in time's order, that was faster than `fastest` m/s."""
    steps = (
        Fast(one.id, then.id, metres(one.checkpoint, then.checkpoint), (then.at - one.at).total_seconds())
        for one, then in pairwise(visits)
        if one.checkpoint != then.checkpoint
    )
    return tuple(step for step in steps if step.metres > 0 and step.speed > fastest)


def _short(plan: Sequence[Due], visits: Sequence[Seen], metres: Metres, fastest: float) -> tuple[str, ...]:
    """Points where no stay was long enough: the time to the next visit, less the way there."""
    stays = [list(stay) for _, stay in groupby(visits, key=lambda one: one.checkpoint)]
    # Nobody knows when the last one was left.
    longest = {stay[-1].checkpoint: inf for stay in stays[-1:]}
    for (here, *_), (after, *_) in pairwise(stays):
        way = metres(here.checkpoint, after.checkpoint) / fastest
        stayed = (after.at - here.at).total_seconds() - way
        longest[here.checkpoint] = max(longest.get(here.checkpoint, -inf), stayed)
    return tuple(one.checkpoint for one in plan if longest.get(one.checkpoint, inf) < one.dwell_s)


def gaps(
    checkpoints: Iterable[str], visits: Iterable[Seen], begins: datetime, ends: datetime
) -> dict[str, Gap]:
    """Checkpoint → the longest time between `begins` and `ends` that nobody came by; the first of several.

    `ends` is now, while the span is not over.
    """
    came: dict[str, list[datetime]] = {name: [] for name in checkpoints}
    for one in visits:
        if one.checkpoint in came and begins < one.at < ends:
            came[one.checkpoint].append(one.at)
    return {
        name: max(
            (Gap(name, since, until) for since, until in pairwise([begins, *sorted(times), ends])),
            key=lambda gap: gap.seconds,
        )
        for name, times in came.items()
    }


def by_air(places: Mapping[str, Point]) -> Metres:
    """Metres between checkpoints by where they are on the plan; nothing where one of them is unknown."""

    def metres(one: str, other: str) -> float:
        return dist(places[one], places[other]) if one in places and other in places else 0.0

    return metres
