"""Where the next cameras would do most: maximal covering over many places, proved by HiGHS."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from hub.core.cover import Mount, NextAsked, NextMade
from hub.core.planned import Progress
from hub.plan.cover import optics
from hub.plan.cover.cells import cells
from hub.plan.cover.sight import look, reached
from hub.plan.cover.walls import walls
from hub.plan.cover.whole import graded, rings, view
from hub.plan.linear import HALF, Linear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hub.core.cover import CoverAsked, Lens
    from hub.core.ground import Ground, Street
    from hub.plan.cover.cells import Cells
    from hub.plan.cover.walls import Walls
    from hub.plan.cover.whole import Heard

    Counts = NDArray[np.float64]

SIDE = 1.0
"""Metres of a square, in which gains are counted."""
SPACE = 10.0
"""Metres between two places along a street."""
FIRST = 4.0
"""Metres from a street's end to its first place."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A place, with the street it is in."""

    lens: Lens
    street: str


@dataclass(frozen=True, slots=True)
class Gains:
    """Which place sees which bundle of squares; a bundle's squares are seen by the same places."""

    sees: csr_array
    """Places x bundles, 0 or 1."""
    weight: Counts
    """Square metres of each bundle that nobody sees yet."""


def make(asked: NextAsked, heard: Heard) -> NextMade:
    """The best `count` places for cameras like the pattern, with the bound that is proved.

    Raises:
        ValueError: the scale has no such level.
    """
    began = time.perf_counter()
    ground = walls(asked.cover.ground)
    choices = places(asked.cover.ground, asked.pattern)
    heard(Progress("views", time.perf_counter() - began, share=0.1))
    gains = _gains(ground, asked, choices)
    greedy = _greedy(gains, range(len(choices)), asked.count)
    by_one = _reached(gains, greedy)
    left = asked.seconds - (time.perf_counter() - began)
    goes_on = heard(Progress("best", time.perf_counter() - began, best=by_one))
    chosen, bound = _best(gains, asked.count, left) if goes_on else (greedy, float(gains.weight.sum()))
    if _reached(gains, chosen) < by_one:
        chosen = greedy
    ordered = _greedy(gains, chosen, len(chosen))
    return NextMade(
        mounts=_mounts(ground, asked, gains, [choices[one] for one in ordered], ordered),
        gain_m2=_reached(gains, ordered),
        bound_m2=max(bound, _reached(gains, ordered)),
        greedy_m2=by_one,
        seconds=time.perf_counter() - began,
    )


def places(ground: Ground, pattern: Lens) -> list[Choice]:
    """Along the middle of every street, looking along it both ways."""
    return [
        Choice(replace(pattern, id=f"{street.id}-{number}", at=at, bearing=bearing, measured=None), street.id)
        for street in ground.streets
        for number, (at, bearing) in enumerate(_along(street))
    ]


def _along(street: Street) -> Iterator[tuple[tuple[float, float], float]]:
    for (x0, y0), (x1, y1) in pairwise(street.line):
        length = math.hypot(x1 - x0, y1 - y0)
        ahead = math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90
        for along in np.arange(min(FIRST, length / 2), max(length, 0.1), SPACE).tolist():
            share = along / length
            at = (round(x0 + (x1 - x0) * share, 2), round(y0 + (y1 - y0) * share, 2))
            yield at, round(ahead % 360, 1) % 360
            yield at, round((ahead + 180) % 360, 1) % 360


def _gains(ground: Walls, asked: NextAsked, choices: list[Choice]) -> Gains:
    """Squares that nobody sees yet, bundled by the places that would."""
    squares = cells(asked.cover.ground, ground, SIDE)
    unseen = ~_seen(ground, squares, asked.cover)
    radius = optics.reach(asked.pattern, optics.density(asked.cover.scale, asked.cover.level))
    held = [_held(ground, squares, choice.lens, radius, unseen) for choice in choices]
    rows = np.repeat(np.arange(len(held)), [len(one) for one in held])
    columns = np.concatenate(held) if held else np.empty(0, np.intp)
    by_square = csr_array((np.ones(len(rows), np.int8), (columns, rows)), shape=(len(unseen), len(choices)))
    by_square.sort_indices()
    bundles: dict[bytes, list[int]] = {}
    for square in np.flatnonzero(np.diff(by_square.indptr)):
        start, stop = by_square.indptr[square : square + 2]
        bundles.setdefault(by_square.indices[start:stop].tobytes(), []).append(int(square))
    first = [one[0] for one in bundles.values()]
    weight = np.array([len(one) for one in bundles.values()], float) * squares.side**2
    return Gains(by_square[first].T.tocsr().astype(float), weight)


def _seen(ground: Walls, squares: Cells, cover: CoverAsked) -> NDArray[np.bool_]:
    """Which squares some camera sees at the asked level."""
    wanted = optics.density(cover.scale, cover.level)
    seen = np.zeros(len(squares.points), dtype=bool)
    for lens in cover.lenses:
        if not lens.blind:
            held, ranks = graded(ground, squares, lens, cover.scale, cover.level)
            away = np.hypot(*(squares.points[held] - np.array(lens.at)).T)
            seen[held[(away <= optics.reach(lens, wanted)) & (ranks > 0)]] = True
    return seen


def _held(
    ground: Walls, squares: Cells, lens: Lens, radius: float, unseen: NDArray[np.bool_]
) -> NDArray[np.intp]:
    near = squares.within(reached(lens, radius))
    near = near[unseen[near]]
    if len(near) == 0:
        return near
    view = look(ground.within(reached(lens, radius)), lens, (radius,))
    found: NDArray[np.intp] = near[view.holds(squares.points[near], radius)]
    return found


def _greedy(gains: Gains, among: range | list[int], count: int) -> list[int]:
    """The place that adds most, then the next, until nothing is added."""
    rest = gains.weight.copy()
    chosen: list[int] = []
    allowed = np.array(list(among), dtype=np.intp)
    while len(chosen) < min(count, len(allowed)):
        added = gains.sees[allowed] @ rest
        best = int(added.argmax())
        if added[best] <= 0:
            break
        chosen.append(int(allowed[best]))
        rest[gains.sees[[chosen[-1]]].indices] = 0
    return chosen


def _reached(gains: Gains, chosen: list[int]) -> float:
    """Square metres that these places add together."""
    seen = np.unique(gains.sees[chosen].indices) if chosen else np.empty(0, np.intp)
    return float(gains.weight[seen].sum())


def _best(gains: Gains, count: int, seconds: float) -> tuple[list[int], float]:
    """The best choice and its proved bound: a bundle counts where one of the places that see it is taken."""
    model = Linear()
    put = model.columns(np.zeros(gains.sees.shape[0]), whole=True)
    counted = model.columns(-gains.weight)
    place, bundle = gains.sees.nonzero()
    each = np.arange(len(counted))
    model.rows((bundle, each), (put[place], counted), (-1.0, 1.0), (-np.inf, 0.0), len(counted))
    model.row(put, np.ones(len(put)), 0, count)
    solved = model.least(seconds)
    if solved is None:
        return [], float(gains.weight.sum())
    return [int(one) for one in np.flatnonzero(solved.values[put] > HALF)], -solved.bound


def _mounts(
    ground: Walls, asked: NextAsked, gains: Gains, chosen: list[Choice], ordered: list[int]
) -> tuple[Mount, ...]:
    density = optics.density(asked.cover.scale, asked.cover.level)
    sums = [_reached(gains, ordered[:number]) for number in range(len(ordered) + 1)]
    return tuple(
        Mount(
            at=choice.lens.at,
            bearing=choice.lens.bearing,
            gain_m2=after - before,
            street=choice.street,
            rings=rings(view(ground, choice.lens, density)),
        )
        for choice, (before, after) in zip(chosen, pairwise(sums), strict=True)
    )
