"""A polygon in a camera's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Zone:
    """A named polygon; a thing is in it when its foot is."""

    def __init__(self, name: str, polygon: Sequence[tuple[float, float]], size: tuple[int, int]) -> None:
        """Lay the polygon over a picture.

        Args:
            name: the zone's slug.
            polygon: corners as shares 0..1 of the picture, at least three.
            size: width and height of the analysed picture in pixels.
        """
        self.name = name
        self.size = size
        self._from = np.asarray(polygon, np.float64) * size
        self._to = np.roll(self._from, -1, axis=0)

    def holds(self, points: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which of `points` [n, 2], in pixels, lie inside: bool [n]; by the even-odd rule."""
        x, y = points[:, None, 0], points[:, None, 1]
        (x1, y1), (x2, y2) = self._from.T, self._to.T
        crosses = (y1 > y) != (y2 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            right = x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        odd: NDArray[np.bool_] = np.count_nonzero(crosses & right, axis=1) % 2 == 1
        return odd
