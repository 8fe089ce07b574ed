"""A model put to CP-SAT: with progress, a stop, a time and a share that may stay unproved.

Eight workers also on two cores: they are eight ways of looking, and with two of them no roster of a month
was ever proved (measured).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from hub.core.planned import Progress, Proof

if TYPE_CHECKING:
    from collections.abc import Callable

    Heard = Callable[[Progress], bool]

WORKERS = 8
LOOK_SECONDS = 0.5
"""Somebody who says stop is heard that soon, also while nothing is found."""


@dataclass(frozen=True, slots=True)
class Within:
    """How long and how well: `gap` is the share that may stay unproved, `stage` what progress is called."""

    seconds: float
    stage: str
    gap: float = 0.0
    workers: int = WORKERS
    effort: float = inf
    """Seconds that it takes on a machine of its own, whatever else runs on this one."""


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells each answer as it is found, each bound, and now and then that it still looks."""

    def __init__(self, solver: cp_model.CpSolver, stage: str, heard: Heard) -> None:
        super().__init__()
        self._solver, self._stage, self._heard = solver, stage, heard
        self._lock, self._ended = threading.Lock(), threading.Event()
        self.began = time.monotonic()
        self.first_s = 0.0
        self._best: float | None = None
        self._bound: float | None = None

    def on_solution_callback(self) -> None:
        """An answer that is better than those before."""
        self.first_s = self.first_s or time.monotonic() - self.began
        self._best = self.objective_value
        self._tell()

    def bounded(self, bound: float) -> None:
        """More is proved."""
        self._bound = bound
        self._tell()

    def __enter__(self) -> None:
        threading.Thread(target=self._look, name="look", daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            spent = time.monotonic() - self.began
            if not self._heard(Progress(self._stage, spent, self._best, self._bound)):
                self._solver.stop_search()


@dataclass(frozen=True, slots=True)
class Solved:
    """The solver with its answer, what is proved of it, and when the first was found."""

    answer: cp_model.CpSolver
    proof: Proof
    first_s: float


def solved(model: cp_model.CpModel, within: Within, heard: Heard = lambda _: True) -> Solved | None:
    """The best answer within its time; None where there is none or none was found."""
    solver = cp_model.CpSolver()
    watch = _Watch(solver, within.stage, heard)
    solver.parameters.num_workers = within.workers
    solver.parameters.max_time_in_seconds = max(0.0, within.seconds)
    solver.parameters.max_deterministic_time = within.effort
    solver.parameters.relative_gap_limit = within.gap
    solver.best_bound_callback = watch.bounded
    with watch:
        status = solver.solve(model, watch)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    spent = time.monotonic() - watch.began
    proof = Proof(
        solver.objective_value, solver.best_objective_bound, spent, stopped=status != cp_model.OPTIMAL
    )
    return Solved(solver, proof, watch.first_s)
