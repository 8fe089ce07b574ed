"""The shortest lap over checkpoints, proved by CP-SAT's circuit."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from hub.core.planned import Progress
from hub.core.refuse import Refused
from hub.core.rounds import RouteMade
from hub.plan.rounds.apart import apart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.core.rounds import RouteAsked
    from hub.plan.rounds.apart import Metres

    Heard = Callable[[Progress], bool]

FINE = 100
"""Whole numbers a metre."""
WORKERS, SEED = 8, 7
FEW = 3
"""Stops between which there is one lap only, whatever its direction."""


@dataclass(frozen=True, slots=True)
class Lap:
    """Stops by number, each once, and what is known of its metres."""

    order: tuple[int, ...]
    metres: float
    bound: float
    proved: bool


def make(asked: RouteAsked, heard: Heard = lambda _: True) -> RouteMade:
    """The shortest lap, begun at `asked.start`; where `heard` answers False, the best found so far.

    Raises:
        Refused: there is no such lap, or no such start.
    """
    began = time.monotonic()
    names = [stop.checkpoint for stop in asked.stops]
    ways = apart(asked.stops, asked.ground, asked.metres)
    found = lap(ways, asked.seconds, heard)
    if asked.start is not None and asked.start not in names:
        raise Refused(
            "input",
            "round.start",
            f"The round cannot begin at {asked.start}: it is none of its checkpoints.",
            f"巡逻不能从 {asked.start} 开始:它不在本轮的巡更点之中。",
        )
    first = found.order.index(names.index(asked.start) if asked.start else 0)
    order = (*found.order[first:], *found.order[:first])
    return RouteMade(
        tuple(names[at] for at in order),
        found.metres,
        found.bound,
        found.proved,
        length(ways, nearest(ways)),
        time.monotonic() - began,
    )


def lap(ways: Metres, seconds: float, heard: Heard = lambda _: True) -> Lap:
    """The shortest lap by a table of metres, within `seconds` of solving."""
    short = nearest(ways)
    if len(ways) <= FEW:
        return Lap(tuple(short), length(ways, short), length(ways, short), proved=True)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = SEED
    solver.parameters.max_time_in_seconds = max(seconds, 0.05)
    model, arcs = _model(ways, short)
    status = solver.solve(model, _Told(heard, solver))
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Lap(tuple(short), length(ways, short), 0.0, proved=False)
    after = {start: end for (start, end), arc in arcs.items() if solver.boolean_value(arc)}
    order = [0]
    while (then := after[order[-1]]) != 0:
        order.append(then)
    metres = length(ways, order)
    bound = min(metres, solver.best_objective_bound / FINE)
    return Lap(tuple(order), metres, bound, status == cp_model.OPTIMAL)


def _model(
    ways: Metres, hint: Sequence[int]
) -> tuple[cp_model.CpModel, dict[tuple[int, int], cp_model.IntVar]]:
    model = cp_model.CpModel()
    places = range(len(ways))
    arcs = {(one, other): model.new_bool_var("") for one in places for other in places if one != other}
    model.add_circuit([(one, other, arc) for (one, other), arc in arcs.items()])
    # Rounded down, so that what is a bound of the model is one of the metres.
    model.minimize(sum(int(ways[pair] * FINE) * arc for pair, arc in arcs.items()))
    steps = set(pairwise([*hint, hint[0]]))
    for pair, arc in arcs.items():
        model.add_hint(arc, pair in steps)
    return model, arcs


class _Told(cp_model.CpSolverSolutionCallback):
    """Tells of every better lap, and ends the search where nobody wants to wait."""

    def __init__(self, heard: Heard, solver: cp_model.CpSolver) -> None:
        super().__init__()
        self._heard, self._solver = heard, solver
        self._best: float | None = None
        self._began = time.monotonic()
        solver.best_bound_callback = self._bound

    def on_solution_callback(self) -> None:
        """A better lap."""
        self._best = self.objective_value / FINE
        self._tell(self.best_objective_bound / FINE)

    def _bound(self, bound: float) -> None:
        self._tell(bound / FINE)

    def _tell(self, bound: float) -> None:
        if not self._heard(Progress("route", time.monotonic() - self._began, self._best, bound)):
            self._solver.stop_search()


def length(ways: Metres, order: Sequence[int]) -> float:
    """Metres of the lap, the way back to its first stop included."""
    return float(ways[list(order), [*order[1:], order[0]]].sum()) if len(order) > 1 else 0.0


def nearest(ways: Metres) -> list[int]:
    """The lap that always goes to the nearest stop left, from the first one."""
    order, left = [0], np.ones(len(ways), dtype=bool)
    left[0] = False
    while left.any():
        then = int(np.where(left, ways[order[-1]], np.inf).argmin())
        order.append(then)
        left[then] = False
    return order
