"""Which shops are beside each other and how far apart on foot, also where little is known of the market.

A shop that is in no grid is still a wall and a walk-by: those on both its sides are beside each other. A
market that was only just imported may have no streets, or doors without outlines: then metres are by air, and
two doors are beside each other when they are near and no other door is between them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import KDTree

from hub.plan.runs import neighbours, runs
from hub.plan.walking import Walking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from hub.core.ground import Ground

    Floats = NDArray[np.float64]

CORNERS = 3
"""Fewest corners of an outline that is one."""
NEAR = 3.0
"""So many times the usual way to the nearest door is still beside it, where only doors are known."""
AROUND = 8
"""So many of the nearest doors are looked at."""
PAIR = 2
"""Doors on the circle between two when no other is: they themselves."""
TOUCH = 0.01
"""Metres by which a door outside the circle between two others is still in it."""
UNKNOWN = 1000.0
"""Metres more than by air where no way on foot is known."""


class Nearby:
    """The grouped shops of one ground."""

    def __init__(self, ground: Ground, grouped: Collection[str]) -> None:
        self._ground = ground
        self._door = {shop.id: shop.door for shop in ground.shops}
        self._walking = Walking(ground) if ground.streets else None
        drawn = all(len(shop.ring) >= CORNERS for shop in ground.shops)
        known = drawn and self._walking is not None
        all_beside = neighbours(ground, self._walking) if known else self._by_doors()
        self.beside = _passing_by(all_beside, grouped)
        """Shop → the grouped shops beside it."""

    def metres(self, shops: Sequence[str]) -> Floats:
        """Shops x shops on foot; all finite."""
        doors = np.array([self._door[shop] for shop in shops], np.float64).reshape(-1, 2)
        air: Floats = np.hypot(*np.moveaxis(doors[:, None] - doors[None], -1, 0))
        if self._walking is None:
            return air
        walked = self._walking.between(shops)
        return np.where(np.isfinite(walked), walked, air + UNKNOWN)

    def pieces(self, shops: Iterable[str]) -> list[tuple[str, ...]]:
        """The parts of `shops` that hang together, each in the given order."""
        order = {shop: place for place, shop in enumerate(shops)}
        left, found = dict(order), []
        while left:
            piece = self.reach(next(iter(left)), left.keys())
            for shop in piece:
                del left[shop]
            found.append(tuple(sorted(piece, key=order.__getitem__)))
        return found

    def reach(self, start: str, within: Collection[str]) -> set[str]:
        """What hangs together with `start` among `within`."""
        found, ahead = {start}, [start]
        while ahead:
            new = {shop for shop in self.beside[ahead.pop()] if shop in within} - found
            found |= new
            ahead += sorted(new)
        return found

    def sides(self, shops: Sequence[str]) -> list[tuple[str, ...]]:
        """The shops of each side of each street, in walking order; none where no street is known."""
        if self._walking is None:
            return []
        street, along = self._walking.street_of(shops).tolist(), self._walking.along(shops).tolist()
        found: defaultdict[tuple[int, bool], list[tuple[float, str]]] = defaultdict(list)
        for shop, at, place in zip(shops, street, along, strict=True):
            found[at, self._left(shop, at, place)].append((place, shop))
        return [tuple(shop for _, shop in sorted(row)) for _, row in sorted(found.items())]

    def run_of(self) -> dict[str, str]:
        """Shop → the run it is in; itself where no street is known."""
        if self._walking is None:
            return {shop: shop for shop in self._door}
        return {shop: run.id for run in runs(self._ground, self._walking) for shop in run.shops}

    def _left(self, shop: str, street: int, place: float) -> bool:
        """Whether its door is on the left of its street."""
        line = shapely.LineString(self._ground.streets[street].line)
        start = min(max(place - 0.1, 0.0), max(line.length - 0.2, 0.0))
        (x0, y0), (x1, y1) = (line.interpolate(at).coords[0] for at in (start, start + 0.2))
        x, y = self._door[shop]
        return bool((x1 - x0) * (y - y0) > (y1 - y0) * (x - x0))

    def _by_doors(self) -> dict[str, frozenset[str]]:
        """Pairs of near doors with no other door in the circle between them (Gabriel and Sokal 1969)."""
        ids = list(self._door)
        beside: dict[str, set[str]] = {shop: set() for shop in ids}
        if len(ids) > 1:
            for one, other in _near(np.array(list(self._door.values()), np.float64)):
                if self._on_foot(ids[one], ids[other]):
                    beside[ids[one]].add(ids[other])
                    beside[ids[other]].add(ids[one])
        return {shop: frozenset(others) for shop, others in beside.items()}

    def _on_foot(self, one: str, other: str) -> bool:
        """Whether no wall is known between two near doors: back to back is not beside."""
        if self._walking is None:
            return True
        by_air = float(np.hypot(*np.subtract(self._door[one], self._door[other])))
        return float(self._walking.pairs([one], [other])[0]) <= NEAR * max(by_air, 1.0)


def _near(doors: Floats) -> list[tuple[int, int]]:
    tree = KDTree(doors)
    ways, others = tree.query(doors, k=min(AROUND, len(doors)))
    limit = NEAR * max(float(np.median(ways[:, 1])), 0.5)
    one = np.repeat(np.arange(len(doors)), ways.shape[1])
    other, way = others.ravel(), ways.ravel()
    kept = (one != other) & (way <= limit)
    one, other, way = one[kept], other[kept], way[kept]
    inside = tree.query_ball_point((doors[one] + doors[other]) / 2, way / 2 + TOUCH, return_length=True)
    free = inside <= PAIR
    return sorted(
        {(min(a, b), max(a, b)) for a, b in zip(one[free].tolist(), other[free].tolist(), strict=True)}
    )


def _passing_by(beside: dict[str, frozenset[str]], grouped: Collection[str]) -> dict[str, frozenset[str]]:
    """Those beside each other among the grouped, past any number of others."""
    kept: dict[str, frozenset[str]] = {}
    for shop in beside:
        if shop not in grouped:
            continue
        found, seen, ahead = set(), {shop}, [shop]
        while ahead:
            for other in beside[ahead.pop()] - seen:
                seen.add(other)
                if other in grouped:
                    found.add(other)
                else:
                    ahead.append(other)
        kept[shop] = frozenset(found)
    return kept
