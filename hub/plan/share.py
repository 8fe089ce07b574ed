"""Stretches shared out among grids whose centres are known: least walking, or least moved, proved.

That a grid hangs together is asked when it is found not to: of every island that an answer has, some stretch
at its border must then belong to the island's grid, and the question is put again. Each such row is true of
every plan that hangs together, so what is proved is true of all of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import ceil, inf
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from hub.core.planned import Progress
from hub.plan.chains import LEVELS, ask, chains, cores
from hub.plan.linear import HALF, SOME, Linear, Solved
from hub.plan.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from hub.plan.median import Band

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]
    Flags = NDArray[np.bool_]

NEAR = 0.001
"""Share of the metres that `homeward` may leave unproved."""


@dataclass(frozen=True, slots=True)
class ShareAsked:
    """`walk` and `moved` are stretches x grids: metres, and shops that would have another grid than now."""

    walk: Floats
    moved: Floats
    roots: tuple[int, ...]
    """Each grid's stretch with its centre in it."""
    beside: tuple[frozenset[int], ...]
    bands: tuple[Band, ...]
    halls: tuple[tuple[int, ...], ...]
    cut_price: float
    held: tuple[int | None, ...] = ()
    """Each stretch's grid now, where the market is cut already."""
    near: Floats | None = None
    """Stretches x grids: metres from the middle of a stretch to the centre, for `homeward`."""

    def cost(self, grid_of: tuple[int, ...]) -> float:
        """Metres on foot with the price of cut halls."""
        cut = sum(len({grid_of[stretch] for stretch in hall}) - 1 for hall in self.halls)
        return float(self.walk[range(len(grid_of)), list(grid_of)].sum()) + self.cut_price * cut


@dataclass(frozen=True, slots=True)
class Shared:
    """Which grid each stretch belongs to, by number; `islands` is how many parts hang with no centre."""

    grid_of: tuple[int, ...]
    objective: float
    bound: float
    islands: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class _Goal:
    """What is to be least; `cost` None is the share by which the bands are left."""

    cost: Floats | None
    cut_price: float = 0.0
    most_moved: float = inf
    levels: int = LEVELS
    homeward: bool = False
    least: float = 0.0
    """What is known to be needed."""


class Share:
    """The model; each answer leaves the rows that it has learned."""

    def __init__(self, asked: ShareAsked, heard: Callable[[Progress], bool] = lambda _: True) -> None:
        self._asked, self._heard = asked, heard
        self._learned: dict[tuple[frozenset[int], int], None] = {}
        self._cores = cores(asked.held, asked.roots, asked.beside) if asked.held else ()
        for stretch in range(len(asked.walk)):
            self._learn(frozenset((stretch,)))

    def least_walk(self, seconds: float, most_moved: float = inf) -> Shared | None:
        """Least metres on foot with the price of cut halls; None where the bands cannot be kept."""
        return self._solved(_Goal(self._asked.walk, self._asked.cut_price, most_moved), seconds)

    def homeward(self, seconds: float) -> Shared | None:
        """As `least_walk`, but each stretch touches one of its grid that is nearer to the centre.

        Such plans hang together as they are found, which is soon; what is proved is proved of them alone.
        """
        return self._solved(_Goal(self._asked.walk, self._asked.cut_price, homeward=True), seconds)

    def least_moved(self, seconds: float) -> Shared | None:
        """Fewest shops moved; proved where `bound` says the same.

        First a plan in which only neighbours of a grid join it, then all chains that are no dearer.
        """
        began = time.monotonic()
        near = self._solved(_Goal(self._asked.moved, levels=1), seconds / 2)
        most = inf if near is None or near.islands else near.objective
        found = self._solved(_Goal(self._asked.moved, most_moved=most), seconds - (time.monotonic() - began))
        best = found if found is not None and not found.islands else near
        if best is None:
            return None
        # Nothing is proved by plans in which only neighbours join, nor where longer chains might be cheaper.
        proved = found is not None and self._all_chains(best.objective)
        bound = ceil(found.bound - SOME) if found is not None and proved else 0
        return replace(best, objective=round(best.objective), bound=bound)

    def _all_chains(self, most: float) -> bool:
        """Whether every chain of at most so many moved shops has been looked for."""
        asked = self._asked
        return all(
            len(chains(asked.moved[:, grid], core, asked.beside, most)) < LEVELS
            for grid, core in enumerate(self._cores)
        )

    def least_excess(self, seconds: float) -> float | None:
        """By which share of a mean grid the bands must be left at least; None where nothing was found."""
        found = self._solved(_Goal(None), seconds)
        return None if found is None else found.objective

    def _solved(self, goal: _Goal, seconds: float) -> Shared | None:
        began = time.monotonic()
        until = began + seconds
        while True:
            model, serves = self._model(goal)
            solved = model.least(until - time.monotonic(), NEAR if goal.homeward else 0.0)
            if solved is None:
                return None
            # What is learned only makes it dearer: nothing below what was proved is looked for again.
            goal = replace(goal, least=solved.bound)
            shared = self._read(solved, serves)
            now = time.monotonic()
            goes_on = self._heard(Progress("sharing", now - began, None, solved.bound))
            if not (shared.islands and goes_on) or now > until:
                return shared

    def _model(self, goal: _Goal) -> tuple[Linear, Places]:
        asked = self._asked
        stretches, grids = asked.walk.shape
        model = Linear() if goal.cost is None or goal.homeward else Whole()
        cost = np.zeros_like(asked.walk) if goal.cost is None else goal.cost
        ways = [
            chains(asked.moved[:, grid], core, asked.beside, goal.most_moved, goal.levels)
            for grid, core in enumerate(self._cores)
        ]
        opened = self._open(ways)
        serves = model.columns(cost.ravel(), opened.ravel(), whole=True).reshape(stretches, grids)
        every = np.arange(stretches)
        model.rows(tuple(every for _ in range(grids)), tuple(serves.T), (1.0,) * grids, (1.0, 1.0), stretches)
        model.row(serves[list(asked.roots), np.arange(grids)], np.ones(grids), grids, grids)
        self._keep_bands(model, serves, model.columns(np.ones(1), 10.0) if goal.cost is None else None)
        if goal.cut_price:
            self._cut_halls(model, serves, goal.cut_price)
        if goal.most_moved < inf:
            model.row(serves.ravel(), asked.moved.ravel(), 0.0, goal.most_moved + HALF)
        if goal.least and goal.cost is asked.moved:
            model.row(serves.ravel(), asked.moved.ravel(), ceil(goal.least - SOME), inf)
        for grid, (core, found) in enumerate(zip(self._cores, ways, strict=True)):
            ask(model, serves[:, grid], core, found, asked.beside)
        self._keep_learned(model, serves, opened > 0)
        if goal.homeward:
            self._go_home(model, serves)
        return model, serves

    def _go_home(self, model: Linear, serves: Places) -> None:
        near = self._asked.near
        assert near is not None
        for (stretch, grid), metres in np.ndenumerate(near):
            if stretch == self._asked.roots[grid]:
                continue
            nearer = [other for other in self._asked.beside[stretch] if near[other, grid] < metres]
            columns = np.append(serves[nearer, grid], serves[stretch, grid]).astype(np.intp)
            model.row(columns, np.append(np.ones(len(nearer)), -1.0), 0.0, inf)

    def _open(self, ways: list[Floats]) -> Floats:
        """1 where a stretch can belong to a grid."""
        opened = np.ones_like(self._asked.walk)
        for grid, (core, found) in enumerate(zip(self._cores, ways, strict=True)):
            opened[:, grid] = np.isfinite(found).any(axis=0)
            opened[sorted(core), grid] = 1.0
        return opened

    def _keep_learned(self, model: Linear, serves: Places, opened: Flags) -> None:
        for island, grid in self._learned:
            border = serves[sorted(self._border(island, grid, opened[:, grid])), grid]
            for stretch in island:
                if opened[stretch, grid]:
                    column = np.append(border, serves[stretch, grid])
                    model.row(column, np.append(np.ones(len(border)), -1.0), 0.0, inf)

    def _keep_bands(self, model: Linear, serves: Places, excess: Places | None) -> None:
        for band in self._asked.bands:
            mean = float(band.weight.sum()) / serves.shape[1]
            for column in serves.T:
                if excess is None:
                    model.row(column, band.weight, band.least, band.most)
                    continue
                model.row(np.append(column, excess), np.append(band.weight, mean), band.least, inf)
                model.row(np.append(column, excess), np.append(band.weight, -mean), -inf, band.most)

    def _cut_halls(self, model: Linear, serves: Places, price: float) -> None:
        for hall in self._asked.halls:
            touches = model.columns(np.full(serves.shape[1], price))
            columns = serves[list(hall)].ravel()
            row = np.arange(len(columns))
            model.rows((row, row), (columns, np.tile(touches, len(hall))), (1.0, -1.0), (-inf, 0.0), len(row))
        model.offset -= price * len(self._asked.halls)

    def _read(self, solved: Solved, serves: Places) -> Shared:
        grid_of = solved.values[serves].argmax(axis=1)
        found = list(islands(grid_of.tolist(), self._asked.roots, self._asked.beside))
        for island in found:
            self._learn(island)
        return Shared(tuple(grid_of.tolist()), solved.objective, solved.bound, len(found), solved.stopped)

    def _learn(self, island: frozenset[int]) -> None:
        for grid, root in enumerate(self._asked.roots):
            if root not in island:
                self._learned[island, grid] = None

    def _border(self, island: frozenset[int], grid: int, opened: Flags) -> frozenset[int]:
        """Round the island, those through whom the grid's root is reached: the fewer, the more is said."""
        beside, root = self._asked.beside, self._asked.roots[grid]
        around = frozenset().union(*(beside[stretch] for stretch in island)) - island
        found, ahead, border = {root}, [root], {root} & around
        while ahead:
            stretch = ahead.pop()
            new = {other for other in beside[stretch] if opened[other]} - found - island
            found |= new
            border |= new & around
            ahead += new - around
        return frozenset(border)


def islands(
    grid_of: list[int], roots: tuple[int, ...], beside: tuple[frozenset[int], ...]
) -> Iterator[frozenset[int]]:
    """The parts of grids from which one cannot go to the grid's root within the grid."""
    graph = nx.empty_graph(len(grid_of))
    graph.add_edges_from(
        (one, other)
        for one, others in enumerate(beside)
        for other in others
        if grid_of[one] == grid_of[other]
    )
    for part in nx.connected_components(graph):
        if roots[grid_of[min(part)]] not in part:
            yield frozenset(part)
