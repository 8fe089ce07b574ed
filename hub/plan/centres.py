"""Where the centres of grids stand when they are chosen anew: in the middles of runs, proved to a share."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from hub.core.planned import Progress
from hub.core.refuse import Refused
from hub.plan.dual import Bound, Relaxed, ascend, worth
from hub.plan.median import Band, MedianAsked, MedianMade, choose
from hub.plan.pieces import least_pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hub.core.planned import GridsAsked
    from hub.plan.stretches import Stretches

    Heard = Callable[[Progress], bool]

GAP = 0.003
"""Share that the choice of centres may stay unproved."""
ENOUGH = 0.005
"""Share at which nothing more is tried."""
LIMITS = (1.006, 1.03, inf)
"""How far over the bound plans are looked for, one after the other until one is near enough."""
PRICING, CHOOSING = 0.25, 0.6
"""Shares of the time that is left."""
MANY = 10_000
"""Pairs of a run and a site that are too many to choose from in one question."""
ROUGH, QUICK = 0.02, 5.0
"""Gap and seconds of a choice by walking alone, for those and after somebody said stop."""


@dataclass(frozen=True, slots=True)
class Centred:
    """Centre shops, one a grid, and what no plan can cost less than, whatever its centres."""

    shops: tuple[str, ...]
    bound: float
    stopped: bool


@dataclass(frozen=True, slots=True)
class Try:
    """How centres are looked for: with bands `excess` wider than the rule says.

    `homeward`: only plans in which every stretch touches one of its grid that is nearer to the centre.
    """

    excess: float
    homeward: bool


@dataclass(frozen=True, slots=True)
class _Priced:
    relaxed: Relaxed
    order: NDArray[np.intp]
    """The stretches as `relaxed` has them, hall by hall."""
    bound: Bound


def centres(asked: GridsAsked, town: Stretches, how: Try, seconds: float, heard: Heard) -> Centred | None:
    """Centres in the middles of runs; None where no plan is found that keeps the bands."""
    began, count = time.monotonic(), len(asked.grids)
    relaxed, order = _relaxed(asked, town, how.excess)
    bound = ascend(relaxed, seconds * PRICING, heard)
    priced = _Priced(relaxed, order, bound)
    goes_on = heard(Progress("centres", time.monotonic() - began, None, bound.metres))
    if not goes_on or worth(relaxed, bound, bound.metres * LIMITS[0]).sum() > MANY:
        made = choose(MedianAsked(town.walk_to(town.middles), count, gap=ROUGH, seconds=QUICK))
        return Centred(tuple(town.middles[site] for site in made.sites), bound.metres, not goes_on)
    best: MedianMade | None = None
    proved = bound.metres
    for limit in LIMITS:
        left = seconds - (time.monotonic() - began)
        made_within = _chosen(asked, town, priced, how, limit, left * CHOOSING)
        if made_within is None:
            continue
        if not how.homeward:
            proved = max(proved, min(made_within.proof.bound, bound.metres * limit))
        if best is None or made_within.proof.objective < best.proof.objective:
            best = made_within
        near = best.proof.objective <= max(proved / (1 - ENOUGH), bound.metres * limit)
        spent = time.monotonic() - began
        if near or spent > seconds or not heard(Progress("centres", spent, best.proof.objective, proved)):
            break
    # A centre that serves nobody is no grid: so wide are the bands that they say nothing.
    if best is None or len(best.sites) < count:
        return None
    return Centred(tuple(town.middles[site] for site in best.sites), proved, best.proof.stopped)


def _relaxed(asked: GridsAsked, town: Stretches, excess: float) -> tuple[Relaxed, NDArray[np.intp]]:
    """The question with its stretches in the order of halls, and that order."""
    count, rule = len(asked.grids), asked.rule
    work, _ = town.bands(rule, count, excess)
    loose = sorted(set(range(len(town.shops))) - {number for hall in town.halls for number in hall})
    parts = [*town.halls, *((number,) for number in loose)]
    order = np.concatenate([np.array(part, dtype=np.intp) for part in parts])
    sizes = [len(part) for part in parts]
    pieces = least_pieces(
        [float(town.work[list(hall)].sum()) for hall in town.halls],
        float(town.work[loose].sum()),
        count,
        work,
    )
    return Relaxed(
        walk=town.walk_to(town.middles)[order],
        count=count,
        band=Band(town.work[order], work.least, work.most),
        halls=np.cumsum([0, *sizes[:-1]]),
        price=np.repeat([rule.cut_price, 0.0], [len(town.halls), len(loose)]),
        pieces=pieces,
    ), order


def _chosen(
    asked: GridsAsked, town: Stretches, priced: _Priced, how: Try, limit: float, seconds: float
) -> MedianMade | None:
    """The best of the plans within `limit` times the bound."""
    relaxed, order, bound = priced.relaxed, priced.order, priced.bound
    shops = np.array([float(len(stretch)) for stretch in town.shops])
    walk = np.full_like(relaxed.walk, inf)
    walk[order] = np.where(worth(relaxed, bound, bound.metres * limit), relaxed.walk, inf)
    try:
        return choose(
            MedianAsked(
                walk / shops[:, None],
                relaxed.count,
                shops,
                town.bands(asked.rule, relaxed.count, how.excess),
                town.halls,
                asked.rule.cut_price,
                least_touched=relaxed.pieces,
                neighbours=tuple(tuple(sorted(others)) for others in town.beside) if how.homeward else (),
                gap=GAP,
                seconds=seconds,
            )
        )
    except Refused:
        return None
