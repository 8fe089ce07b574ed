"""`python -m tests.bench.grids`: grids of the reference, the irregular and the large market.

Beside each plan k-means with sizes, by air, of the same shops in the same run. Then 63 shops of one hall
close and 40 others are divided in two, anywhere (`replan`) or, far harder, all in one other hall (`pressed`):
the re-plan must move the fewest shops that any plan could, which it proves itself, and is held against a plan
anew whose grids are called as suits most of the shops.
CPU seconds stand beside wall seconds: other programs may be running.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from k_means_constrained import KMeansConstrained
from scipy.optimize import linear_sum_assignment

from hub.core.planned import GridRule, GridsAsked
from hub.demo import ground as grounds
from hub.plan.grids import make
from hub.plan.stretches import Stretches, stretches
from tests.bench.report import report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hub.core.ground import Ground, Shop
    from hub.core.planned import GridsMade

RULE = GridRule()
MARKETS: dict[str, tuple[Callable[[], Ground], int]] = {
    "": (grounds.reference, 5),
    "irregular_": (grounds.irregular, 3),
    "large_": (grounds.large, 12),
}
CLOSED, OPENED = 63, 40
CHANGES: dict[str, tuple[str, str | None]] = {"replan": ("h1", None), "pressed": ("h1", "h6")}
"""The hall in which shops close, and the one in which they open; None: anywhere."""
SECONDS = 240.0
TARGETS = {
    "gap": "<= 0.005",
    "work_deviation": "<= 0.05",
    "runs_cut": "== 0",
    "apart": "== 0",
    "replan_s": "<= 1.5",
    "replan_needless": "== 0",
    "replan_apart": "== 0",
    "pressed_needless": "== 0",
    "irregular_runs_cut": "== 0",
    "irregular_apart": "== 0",
    "large_work_deviation": "<= 0.05",
    "large_runs_cut": "== 0",
    "large_apart": "== 0",
    "large_replan_needless": "== 0",
}


@dataclass(slots=True)
class Watch:
    """Wall and CPU seconds since it was made."""

    wall: float
    cpu: float

    @classmethod
    def started(cls) -> Watch:
        return cls(time.monotonic(), time.process_time())

    def told(self, name: str) -> Iterator[tuple[str, float]]:
        yield f"{name}_s", time.monotonic() - self.wall
        yield f"{name}_cpu_s", time.process_time() - self.cpu


def by_air(asked: GridsAsked, town: Stretches) -> Iterator[tuple[str, float]]:
    """k-means with as many shops a grid as the rule allows, and what it does to runs and grids."""
    shops, count = asked.ground.shops, len(asked.grids)
    mean, watch = len(shops) / count, Watch.started()
    fitted = KMeansConstrained(
        count,
        size_min=int(mean * (1 - RULE.shops_band)),
        size_max=int(mean * (1 + RULE.shops_band)) + 1,
        random_state=0,
        n_init=3,
    ).fit_predict(np.array([shop.door for shop in shops]))
    yield from watch.told("kmeans")
    grid_of = dict(zip((shop.id for shop in shops), fitted.tolist(), strict=True))
    work = np.bincount(fitted, [shop.work if shop.open else 0.0 for shop in shops], minlength=count)
    yield "kmeans_work_deviation", float(np.abs(work / work.mean() - 1).max())
    runs = [{grid_of[shop] for shop in run.shops} for run in town.runs]
    yield "kmeans_runs_cut", sum(len(run) > 1 for run in runs)
    walks = 0.0
    for grid in range(count):
        own = [shop for shop, of in grid_of.items() if of == grid]
        walks += float(town.walking.between(own).sum(axis=0).min())
    yield "kmeans_walk_m", walks


def changed(ground: Ground, closing_in: str | None, opening_in: str | None) -> Ground:
    """Shops close and others are divided: the new halves belong to no grid yet."""
    chance = random.Random(5)
    closing = {shop.id for shop in chance.sample(_open(ground, closing_in), CLOSED)}
    staying = [shop for shop in _open(ground, opening_in) if shop.id not in closing]
    opening = {shop.id for shop in chance.sample(staying, OPENED)}
    shops: list[Shop] = []
    for shop in ground.shops:
        if shop.id in opening:
            shops += _halves(shop)
        else:
            shops.append(replace(shop, open=shop.open and shop.id not in closing))
    return replace(ground, shops=tuple(shops))


def _open(ground: Ground, hall: str | None) -> list[Shop]:
    return [shop for shop in ground.shops if shop.open and hall in {None, shop.hall}]


def _halves(shop: Shop) -> Sequence[Shop]:
    (left, top), (right, _), (_, bottom), _ = shop.ring
    middle, y = (left + right) / 2, shop.door[1]

    def half(name: str, start: float, end: float) -> Shop:
        ring = ((start, top), (end, top), (end, bottom), (start, bottom))
        return replace(shop, id=name, ring=ring, door=((start + end) / 2, y))

    return half(shop.id, left, middle), half(f"{shop.id}-new", middle, right)


def market(name: str, ground: Ground, count: int) -> Iterator[tuple[str, float]]:
    asked = GridsAsked(ground, tuple(f"g{number}" for number in range(1, count + 1)), RULE, seconds=SECONDS)
    watch = Watch.started()
    made = make(asked, lambda _: True)
    yield from watch.told("plan")
    yield from _plan(made)
    yield from by_air(asked, stretches(ground, {}))
    if name != "irregular_":
        for change, halls in CHANGES.items():
            if not (name and change == "pressed"):
                yield from replan(change, asked, made, changed(ground, *halls))


def _plan(made: GridsMade) -> Iterator[tuple[str, float]]:
    yield "gap", made.proof.gap
    yield "metres", made.proof.objective
    yield "bound_metres", made.proof.bound
    yield "work_deviation", made.work_deviation
    yield "runs_cut", made.runs_cut
    yield "halls_cut", made.halls_cut
    yield "apart", made.apart
    yield "walk_m", made.walk_m
    yield "oddities", len(made.oddities)


def replan(change: str, asked: GridsAsked, made: GridsMade, now: Ground) -> Iterator[tuple[str, float]]:
    """With the moved shops proved least; a needless one is one more than that."""
    later = replace(asked, ground=now, held=made.grid_of, centres=made.centres)
    watch = Watch.started()
    again = make(later, lambda _: True)
    yield from watch.told(change)
    yield f"{change}_moved", len(again.moved)
    needless = np.inf if again.least_moved is None else len(again.moved) - again.least_moved
    yield f"{change}_needless", needless
    yield f"{change}_work_deviation", again.work_deviation
    yield f"{change}_runs_cut", again.runs_cut
    yield f"{change}_apart", again.apart
    yield f"{change}_gap", again.proof.gap
    if len(asked.grids) == MARKETS[""][1]:
        yield f"{change}_anew_moved", _moved_anew(later)


def _moved_anew(later: GridsAsked) -> int:
    """Shops with another grid when the market is cut anew, its grids called as suits most shops."""
    anew = make(replace(later, held={}, centres={}), lambda _: True)
    kept = np.zeros((len(later.grids), len(later.grids)))
    for shop, grid in later.held.items():
        kept[later.grids.index(grid), later.grids.index(anew.grid_of[shop])] += 1
    return int(kept.sum() - kept[linear_sum_assignment(kept, maximize=True)].sum())


def figures() -> Iterator[tuple[str, float]]:
    for name, (ground, count) in MARKETS.items():
        for figure, value in market(name, ground(), count):
            yield name + figure, value


def main() -> bool:
    """Whether every target is met."""
    return report("grids", dict(figures()), TARGETS)


if __name__ == "__main__":
    sys.exit(not main())
