"""Rounds that nobody can foresee: how often each way to walk a lap is drawn, by a linear program.

An intruder who knows all of it but the draw picks the checkpoint and the minute at which the chance to be
met is least; the mix makes this worst chance as large as laps of the same length can. Every round is the
shortest lap, begun elsewhere, the other way round or later: unpredictable and no step longer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.core.planned import Progress
from hub.core.refuse import Refused
from hub.core.rounds import MixMade, MixRound
from hub.plan.linear import SOME, Linear
from hub.plan.rounds.apart import apart
from hub.plan.rounds.route import lap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hub.core.rounds import MixAsked
    from hub.plan.linear import Floats
    from hub.plan.rounds.apart import Metres

    Heard = Callable[[Progress], bool]

MOST_WAYS = 160
"""Ways to walk one lap that are looked at."""
OFFSETS = 9
"""Minutes to set out that are looked at, where the window is longer than the walk."""
BRIEF = 0.1
"""Minutes that a lap takes at least."""
BEFORE = -1e-6
"""The moment just before the window."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to walk: stops by number, the minute each is reached at, and the minute to set out."""

    order: tuple[int, ...]
    minutes: tuple[float, ...]
    offset: float


def make(asked: MixAsked, heard: Heard = lambda _: True) -> MixMade:
    """How often to draw which round; where the time is short, each with the same chance.

    Raises:
        Refused: there is no lap over the stops, or the window is shorter than it takes.
    """
    began = time.monotonic()
    ways = apart(asked.stops, asked.ground, asked.metres)
    short = lap(ways, asked.seconds / 2, heard)
    takes = short.metres / asked.pace + asked.dwell * len(ways)
    window = asked.window_min or takes * max(1, asked.laps)
    slack = window - takes * asked.laps
    _refuse_window(takes * asked.laps, window)
    walks = list(_walks(ways, short.order, asked, window, slack if asked.laps else 0.0))
    met = meets(walks, len(ways), window, asked.unseen_min)
    heard(Progress("mix", time.monotonic() - began, None, None, 0.5))
    weights = best(met, asked.seconds - (time.monotonic() - began))
    names = [stop.checkpoint for stop in asked.stops]
    return MixMade(
        tuple(
            MixRound(tuple(names[at] for at in walk.order), walk.minutes, walk.offset, float(weight))
            for walk, weight in zip(walks, weights, strict=True)
            if weight > 0
        ),
        worst=float((weights @ met).min()),
        ceiling=min(1.0, asked.unseen_min / takes) if takes else 1.0,
        best_fixed=float(met.min(axis=1).max()),
        even=float(met.mean(axis=0).min()),
        metres=short.metres,
        fixed_metres=short.metres,
        window_min=window,
        seconds=time.monotonic() - began,
    )


def _refuse_window(needed: float, window: float) -> None:
    if window < needed:
        raise Refused(
            "input",
            "round.window",
            f"A walk of {needed:.0f} minutes does not fit into {window:.0f}: give it more time or fewer "
            "checkpoints.",
            f"走完需要 {needed:.0f} 分钟,时间窗只有 {window:.0f} 分钟:请延长时间或减少巡更点。",
        )


def _walks(
    ways: Metres, order: tuple[int, ...], asked: MixAsked, window: float, slack: float
) -> Iterator[Way]:
    """The lap begun at every stop, in both directions, and at several minutes where there are some left."""
    offsets = np.linspace(0.0, slack, OFFSETS).tolist() if slack >= 1.0 else [0.0]
    most = min(len(order), MOST_WAYS // (2 * len(offsets)))
    starts = np.unique(np.linspace(0, len(order) - 1, most).round().astype(int)).tolist()
    for one in (order, order[::-1]):
        for start in starts:
            for offset in offsets:
                yield _walk(ways, (*one[start:], *one[:start]), offset, asked, window)


def _walk(ways: Metres, order: tuple[int, ...], offset: float, asked: MixAsked, window: float) -> Way:
    """Round and round until the laps are done, or the window is over."""
    steps = ways[list(order), [*order[1:], order[0]]] / asked.pace + asked.dwell
    laps = asked.laps or max(1, int(np.ceil(window / max(float(steps.sum()), BRIEF))))
    minutes = offset + np.concatenate([[0.0], np.tile(steps, laps).cumsum()[:-1]])
    count = len(minutes) if asked.laps else max(1, int((minutes < window).sum()))
    return Way((order * laps)[:count], tuple(minutes[:count].round(2).tolist()), round(offset, 2))


def meets(walks: Sequence[Way], stops: int, window: float, unseen: float) -> Floats:
    """Whom each walk meets, (walks, stops and moments): 1 where it reaches the stop while somebody is there.

    An intruder is there for `unseen` minutes and comes at any moment that leaves him his time within the
    window. The chance to meet him only falls just after somebody has been there: those moments, and the
    first, stand for all.
    """
    came: list[list[tuple[int, float]]] = [[] for _ in range(stops)]
    for number, walk in enumerate(walks):
        for at, minute in zip(walk.order, walk.minutes, strict=True):
            came[at].append((number, minute))
    last = max(0.0, window - unseen)
    return np.hstack([_met(visits, len(walks), last, unseen) for visits in came])


def _met(visits: Sequence[tuple[int, float]], walks: int, last: float, unseen: float) -> Floats:
    """The same for one stop: (walks, moments)."""
    numbers, minutes = (np.array(part) for part in zip(*visits, strict=True))
    comes = np.unique(np.append(minutes[minutes < last], BEFORE))
    there = (comes < minutes[:, None]) & (minutes[:, None] <= comes + unseen)
    met = np.zeros((walks, len(comes)))
    np.maximum.at(met, numbers, there)
    return met


def best(met: Floats, seconds: float) -> Floats:
    """The chance of each walk that makes the worst column's chance largest; (walks,), in sum 1."""
    columns = np.unique(met, axis=1)
    model = Linear()
    chance = model.columns(np.zeros(len(met)))
    worst = model.columns(np.array([-1.0]))
    walk, place = np.nonzero(columns)
    every = np.arange(columns.shape[1])
    least = np.repeat(worst, len(every))
    model.rows((place, every), (chance[walk], least), (1.0, -1.0), (0.0, np.inf), len(every))
    model.row(chance, np.ones(len(met)), 1.0, 1.0)
    found = model.relaxed(seconds)
    if found is None:
        return np.full(len(met), 1 / len(met))
    weights = np.where(found.solved.values[chance] > SOME, found.solved.values[chance], 0.0)
    return np.asarray(weights / weights.sum())
