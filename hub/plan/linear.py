"""A linear model, built by blocks of columns and blocks of rows, and solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

HALF = 0.5
"""A column of 0 or 1 that is above it is 1; solvers are exact to some 1e-6 only."""
SOME = 1e-6
"""A column that is above it is not 0."""
TIME_UP = 1
"""What scipy calls a solve whose time was up."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Values of all columns, and what is proved of their cost."""

    values: Floats
    objective: float
    bound: float
    stopped: bool


class Linear:
    """Least cost over columns between 0 and an upper bound, within rows; cost is a constant `offset` plus."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._count = self._rows = 0
        self._cost: list[Floats] = []
        self._upper: list[Floats] = []
        self._whole: list[Floats] = []
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._entries: list[tuple[Places, Places, Floats]] = []

    def columns(self, cost: Floats, upper: Floats | float = 1.0, *, whole: bool = False) -> Places:
        """New columns, one a cost; returns their places. `whole`: only whole numbers."""
        places = np.arange(self._count, self._count + len(cost))
        self._count += len(cost)
        self._cost.append(np.asarray(cost, np.float64))
        self._upper.append(np.broadcast_to(np.asarray(upper, np.float64), len(cost)))
        self._whole.append(np.full(len(cost), float(whole)))
        return places

    def rows(
        self,
        row: Sequence[Places],
        column: Sequence[Places],
        factor: Sequence[Floats | float],
        between: tuple[float, float],
        count: int,
    ) -> None:
        """`count` new rows; each block of (row, column, factor) adds its entries, all share the bounds."""
        for at, place, value in zip(row, column, factor, strict=True):
            values = np.broadcast_to(np.asarray(value, np.float64), len(place))
            self._entries.append((np.asarray(at) + self._rows, np.asarray(place), values))
        self._low.append(np.full(count, between[0]))
        self._high.append(np.full(count, between[1]))
        self._rows += count

    def row(self, column: Places, factor: Floats, low: float, high: float) -> None:
        """One new row."""
        self.rows((np.zeros(len(column), np.intp),), (column,), (factor,), (low, high), 1)

    def least(self, seconds: float, gap: float = 0.0, *, relaxed: bool = False) -> Solved | None:
        """The cheapest found in `seconds`, proved to `gap` if it can be; None when there is none.

        `relaxed` lets whole columns be parts: its objective is a bound of the true one.
        """
        rows, columns, factors = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        matrix = coo_array((factors, (rows, columns)), shape=(self._rows, self._count)).tocsr()
        whole = np.concatenate(self._whole)
        answer = milp(
            np.concatenate(self._cost),
            constraints=LinearConstraint(matrix, np.concatenate(self._low), np.concatenate(self._high)),
            integrality=np.zeros_like(whole) if relaxed else whole,
            bounds=Bounds(0.0, np.concatenate(self._upper)),
            options={"time_limit": max(seconds, 0.05), "mip_rel_gap": gap},
        )
        if answer.x is None:
            return None
        bound = answer.fun if answer.mip_dual_bound is None else answer.mip_dual_bound
        stopped = answer.status == TIME_UP
        return Solved(answer.x, float(answer.fun) + self.offset, float(bound) + self.offset, stopped)
