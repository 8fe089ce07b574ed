"""The ground as small squares: how well each is seen, and by how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hub.core.ground import Ground
    from hub.plan.cover.walls import Walls

FINE = 0.25
MOST = 160_000
"""More squares than that are made coarser."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Middles of squares that lie on the ground one walks on, row by row; `side` in metres."""

    side: float
    points: NDArray[np.float64]
    rows: NDArray[np.intp]
    """Where in `points` each row of the plan begins; one more at the end."""
    top: float

    def within(self, box: tuple[float, float, float, float]) -> NDArray[np.intp]:
        """Indexes of those in a rectangle."""
        first = max(int((box[1] - self.top) / self.side), 0)
        last = min(int((box[3] - self.top) / self.side) + 1, len(self.rows) - 1)
        if first >= last:
            return np.empty(0, dtype=np.intp)
        start, stop = self.rows[first], self.rows[last]
        xs = self.points[start:stop, 0]
        found: NDArray[np.intp] = start + np.flatnonzero((xs >= box[0]) & (xs <= box[2]))
        return found

    def nearest(self, doors: NDArray[np.float64]) -> NDArray[np.intp]:
        """For each, which door is the nearest."""
        found: NDArray[np.intp] = cKDTree(doors).query(self.points)[1]
        return found


def cells(ground: Ground, walls: Walls, side: float = FINE) -> Cells:
    """Squares of `side`, or of twice as much and so on where there would be too many."""
    left, top, right, bottom = ground.bounds
    while walls.ground_m2 / side**2 > MOST:
        side *= 2
    xs, ys = np.arange(left + side / 2, right, side), np.arange(top + side / 2, bottom, side)
    taken = np.zeros((len(ys), len(xs)), dtype=bool)
    for piece in walls.pieces:
        _lay(taken, xs, ys, piece.shape)
    rows, columns = np.nonzero(taken)
    points = np.stack([xs[columns], ys[rows]], axis=1)
    return Cells(side, points, np.searchsorted(rows, np.arange(len(ys) + 1)), top)


def _lay(taken: NDArray[np.bool_], xs: NDArray[np.float64], ys: NDArray[np.float64], shape: object) -> None:
    """Mark the squares whose middle lies in a shape."""
    x0, y0, x1, y1 = shapely.bounds(shape)
    across = slice(*np.searchsorted(xs, (x0, x1)))
    down = slice(*np.searchsorted(ys, (y0, y1)))
    if across.start == across.stop or down.start == down.stop:
        return
    shapely.prepare(shape)
    grid_x, grid_y = np.meshgrid(xs[across], ys[down])
    taken[down, across] |= shapely.contains_xy(shape, grid_x, grid_y)
