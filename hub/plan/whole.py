"""The same linear models where every column is a whole number, solved by CP-SAT.

For questions of yes and no with many ways to be equally good it is many times faster than branch and bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from hub.plan.linear import Linear, Solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FINE = 1000
"""Costs are counted in thousandths, rounded down, so that what is proved of them is proved of the costs."""
FINER = 1_000_000
"""Factors of rows that are not whole are counted in millionths."""
FAR = 2**53
"""Where a row has no end."""
WORKERS = 1
"""Measured: for these questions one proves in a third of the time of eight that share two cores."""
SEED = 7


class Whole(Linear):
    """All columns are whole, whether they were said to be or not."""

    def _solved(self, whole: Floats, upper: Floats, seconds: float, gap: float) -> Solved | None:  # noqa: ARG002
        model = cp_model.CpModel()
        columns = np.array([model.new_int_var(0, int(most), "") for most in upper.tolist()], dtype=object)
        self._rows_of(model, columns)
        cost = np.concatenate(self._cost)
        priced = np.flatnonzero(cost)
        fine = np.floor(cost[priced] * FINE).astype(int).tolist()
        model.minimize(cp_model.LinearExpr.weighted_sum(columns[priced].tolist(), fine))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.random_seed = SEED
        solver.parameters.max_time_in_seconds = max(seconds, 0.05)
        solver.parameters.relative_gap_limit = gap
        status = solver.solve(model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        values = np.array([float(solver.value(column)) for column in columns])
        objective = float(cost @ values) + self.offset
        bound = min(objective, solver.best_objective_bound / FINE + self.offset)
        return Solved(values, objective, bound, stopped=status != cp_model.OPTIMAL)

    def _rows_of(self, model: cp_model.CpModel, columns: NDArray[np.object_]) -> None:
        matrix, low, high = self._matrix(), np.concatenate(self._low), np.concatenate(self._high)
        for row in range(matrix.shape[0]):
            part = slice(matrix.indptr[row], matrix.indptr[row + 1])
            factors = matrix.data[part]
            scale = 1 if (factors == np.round(factors)).all() else FINER
            model.add_linear_constraint(
                cp_model.LinearExpr.weighted_sum(
                    columns[matrix.indices[part]].tolist(), np.round(factors * scale).astype(int).tolist()
                ),
                int(np.ceil(low[row] * scale - 1e-6)) if np.isfinite(low[row]) else -FAR,
                int(np.floor(high[row] * scale + 1e-6)) if np.isfinite(high[row]) else FAR,
            )
