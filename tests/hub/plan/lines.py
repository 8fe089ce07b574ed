"""Straight lines from a camera to points: an independent way to tell what it sees, slow and plain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import LineString, Polygon

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from hub.core.cover import Lens
    from hub.core.ground import Ground

INSET = 1e-6
"""Metres that a line may run into a shop: enough to touch its corner."""
EDGE = 0.02
"""Metres to which a drawn edge is exact: its arcs are chords."""


class Lines:
    """Knows the shops as they are drawn, each by itself."""

    def __init__(self, ground: Ground) -> None:
        self._shops = [Polygon(shop.ring).buffer(-INSET) for shop in ground.shops]
        self._tree = STRtree(self._shops)

    def sees(self, lens: Lens, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether nothing stands between the camera and each point; range and angle apart."""
        lines = [LineString([lens.at, point]) for point in points]
        blocked = np.zeros(len(points), dtype=bool)
        blocked[self._tree.query(lines, predicate="intersects")[0]] = True
        return ~blocked


def thrown(lens: Lens, radius: float, near: float, count: int, chance: Generator) -> NDArray[np.float64]:
    """Random points of its sector, evenly over its ground."""
    turns = np.radians(lens.bearing + chance.uniform(-lens.fov / 2, lens.fov / 2, count))
    far = np.sqrt(chance.uniform(near**2, max(radius, near) ** 2, count))
    return np.stack([lens.at[0] + far * np.sin(turns), lens.at[1] - far * np.cos(turns)], axis=1)


def at_edge(shape: object, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie so near to the drawn edge that either answer is right."""
    return np.asarray(shapely.distance(shapely.boundary(shape), shapely.points(points)) <= EDGE)


def along(ground: Ground, count: int, seed: int) -> list[tuple[tuple[float, float], float]]:
    """Places in the middle of streets with a bearing roughly along them."""
    chance = np.random.default_rng(seed)
    made: list[tuple[tuple[float, float], float]] = []
    while len(made) < count:
        street = ground.streets[int(chance.integers(len(ground.streets)))]
        start = int(chance.integers(len(street.line) - 1))
        (x0, y0), (x1, y1) = street.line[start : start + 2]
        share = chance.uniform()
        ahead = math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90 + 180 * chance.integers(2)
        at = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
        made.append((at, float((ahead + chance.normal(0, 6)) % 360)))
    return made
