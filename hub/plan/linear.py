"""A linear model, built by blocks of columns and blocks of rows, and solved by HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, vstack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

HALF = 0.5
"""A column of 0 or 1 that is above it is 1; solvers are exact to some 1e-6 only."""
SOME = 1e-6
"""A column that is above it is not 0."""
SIEVE = 0.01
"""Columns with a reduced cost of at most this share of the relaxed answer are asked about first."""
TIME_UP = 1
"""What scipy calls a solve whose time was up."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Values of all columns, and what is proved of their cost."""

    values: Floats
    objective: float
    bound: float
    stopped: bool


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An answer with parts of columns; `spare` is by how much any with a column is dearer, at least."""

    solved: Solved
    spare: Floats

    @property
    def whole(self) -> bool:
        """Whether it has no parts after all."""
        return bool(np.abs(self.solved.values - self.solved.values.round()).max() <= SOME)


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
        whole = np.concatenate(self._whole)
        return self._solved(
            np.zeros_like(whole) if relaxed else whole, np.concatenate(self._upper), seconds, gap
        )

    def sieved(self, seconds: float) -> Solved | None:
        """As `least`, for models whose relaxed answer is nearly whole: far sooner, and proved as well.

        A column can be in no answer that is dearer than the relaxed one by less than the column's reduced
        cost. So only columns with a small one are asked about, then with as large a one as the answer shows.
        """
        began = time.monotonic()
        relaxed = self.relaxed(seconds)
        if relaxed is None:
            return None
        if relaxed.whole:
            return relaxed.solved
        solved, spare = relaxed.solved, relaxed.spare
        whole, upper = np.concatenate(self._whole), np.concatenate(self._upper)
        within = max(1.0, SIEVE * abs(solved.objective))
        while True:
            left = seconds - (time.monotonic() - began)
            found = self._solved(whole, np.where(spare <= within, upper, 0.0), left, 0.0)
            needed = np.inf if found is None else found.objective - solved.objective
            if needed <= within or left <= 0 or within >= spare.max():
                bound = (
                    solved.bound
                    if found is None
                    else max(solved.bound, min(found.bound, solved.bound + within))
                )
                return found and replace(found, bound=bound)
            within = 4 * within if np.isinf(needed) else needed + SOME

    def _matrix(self) -> csr_array:
        rows, columns, factors = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        return coo_array((factors, (rows, columns)), shape=(self._rows, self._count)).tocsr()

    def _solved(self, whole: Floats, upper: Floats, seconds: float, gap: float) -> Solved | None:
        answer = milp(
            np.concatenate(self._cost),
            constraints=LinearConstraint(
                self._matrix(), np.concatenate(self._low), np.concatenate(self._high)
            ),
            integrality=whole,
            bounds=Bounds(0.0, upper),
            options={"time_limit": max(seconds, 0.05), "mip_rel_gap": gap},
        )
        if answer.x is None:
            return None
        bound = answer.fun if answer.mip_dual_bound is None else answer.mip_dual_bound
        stopped = answer.status == TIME_UP
        return Solved(answer.x, float(answer.fun) + self.offset, float(bound) + self.offset, stopped)

    def relaxed(self, seconds: float) -> Relaxed | None:
        """The answer where columns may be parts; None where there is none or the time was too short."""
        matrix, low, high = self._matrix(), np.concatenate(self._low), np.concatenate(self._high)
        even = low == high
        over, under = ~even & np.isfinite(high), ~even & np.isfinite(low)
        answer = linprog(
            np.concatenate(self._cost),
            A_ub=vstack([matrix[over], -matrix[under]]),
            b_ub=np.concatenate([high[over], -low[under]]),
            A_eq=matrix[even],
            b_eq=low[even],
            bounds=np.stack([np.zeros(self._count), np.concatenate(self._upper)], axis=1),
            options={"time_limit": max(seconds, 0.05)},
        )
        if answer.x is None or answer.status != 0:
            return None
        cost = float(answer.fun) + self.offset
        return Relaxed(Solved(answer.x, cost, cost, stopped=False), np.maximum(answer.lower.marginals, 0.0))
