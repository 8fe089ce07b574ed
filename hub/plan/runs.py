"""Runs: stretches of an aisle between cross aisles with the shops of both sides; and who is beside whom.

Grids are made of whole runs, so that their borders fall on streets, cross aisles and back walls. A closed
shop is still a wall and a walk-by: everything here is about premises, let or not.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hub.plan.walking import Walking, lines, meetings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from hub.core.ground import Ground, Shop

GAP = 3.6
"""Metres between two shops of one side that are still neighbours: a cross aisle is no gap, a street is."""
FACING = 5.5
"""Metres from door to door over an aisle; more is a street."""
CORNER = 12.0
"""Metres on foot between two doors round a corner."""
OVERLAP = 0.3
"""Metres along an aisle that two shops must face each other."""
CUTS = frozenset(("street", "cross"))
"""What ends a run."""


@dataclass(frozen=True, slots=True)
class Run:
    """Shops of one hall on one stretch of one street, in the order in which one walks by."""

    id: str
    street: str
    hall: str | None
    shops: tuple[str, ...]


def runs(ground: Ground, walking: Walking | None = None) -> tuple[Run, ...]:
    """Every shop in exactly one run, in the order of streets, halls and places.

    A street is cut where a street or a cross aisle meets it; one that belongs to another hall does not cut.
    """
    walking = walking or Walking(ground)
    cuts = _cuts(ground)
    ids = [shop.id for shop in ground.shops]
    found: defaultdict[tuple[int, str, int], list[tuple[float, str]]] = defaultdict(list)
    places = zip(walking.street_of(ids).tolist(), walking.along(ids).tolist(), ground.shops, strict=True)
    for street, place, shop in places:
        ends = [cut for cut, hall in cuts[street] if hall in {None, shop.hall}]
        found[street, shop.hall or "", sum(cut < place for cut in ends)].append((place, shop.id))
    numbers: defaultdict[str, int] = defaultdict(int)
    made = []
    for (street, hall, _), shops in sorted(found.items()):
        way = ground.streets[street]
        name = way.id if hall in {"", way.hall} else f"{way.id}-{hall}"
        numbers[name] += 1
        made.append(Run(f"{name}-{numbers[name]}", way.id, hall or None, tuple(s for _, s in sorted(shops))))
    return tuple(made)


def _cuts(ground: Ground) -> list[list[tuple[float, str | None]]]:
    """For each street the places where another ends its runs, with that other's hall."""
    shapes = lines(ground.streets)
    cuts: list[list[tuple[float, str | None]]] = [[] for _ in ground.streets]
    for met in meetings(ground.streets):
        for one, other, at in (
            (met.street, met.other, met.at),
            (met.other, met.street, met.there),
        ):
            if ground.streets[other].kind in CUTS:
                place = float(shapely.line_locate_point(shapes[one], shapely.Point(at)))
                cuts[one].append((place, ground.streets[other].hall))
    return [_apart(places) for places in cuts]


def _apart(places: list[tuple[float, str | None]]) -> list[tuple[float, str | None]]:
    """One cut for what two meetings say of the same place."""
    return sorted({(round(place, 1), hall) for place, hall in places}, key=lambda cut: (cut[0], cut[1] or ""))


def neighbours(ground: Ground, walking: Walking | None = None) -> dict[str, frozenset[str]]:
    """Shop → the shops beside it: next on its side, facing it over an aisle, or round a corner."""
    walking = walking or Walking(ground)
    shapes = lines(ground.streets)
    beside: dict[str, set[str]] = {shop.id: set() for shop in ground.shops}
    rows: defaultdict[int, list[Shop]] = defaultdict(list)
    for street, shop in zip(walking.street_of(list(beside)).tolist(), ground.shops, strict=True):
        rows[street].append(shop)
    found = [pair for street, shops in rows.items() for pair in _on_street(shapes[street], shops)]
    for one, other in [*found, *_round_corners(ground, walking)]:
        beside[one].add(other)
        beside[other].add(one)
    return {shop: frozenset(others) for shop, others in beside.items()}


def _on_street(line: shapely.LineString, shops: Sequence[Shop]) -> Iterator[tuple[str, str]]:
    """Pairs that stand side by side or face each other along one line."""
    low, high = _fronts(line, shops)
    aside, left = _sides(line, shops)
    for side in (left, ~left):
        rows = np.flatnonzero(side)
        rows = rows[np.argsort(low[rows], kind="stable")]
        for one, other in pairwise(rows.tolist()):
            if low[other] - high[one] <= GAP:
                yield shops[one].id, shops[other].id
    facing = np.minimum(high[:, None], high) - np.maximum(low[:, None], low) > OVERLAP
    facing &= (aside[:, None] + aside <= FACING) & left[:, None] & ~left
    for one, other in np.argwhere(facing).tolist():
        yield shops[one].id, shops[other].id


def _fronts(
    line: shapely.LineString, shops: Sequence[Shop]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From where to where each shop stands along the line."""
    places = [shapely.line_locate_point(line, shapely.points(np.array(shop.ring))) for shop in shops]
    return np.array([at.min() for at in places]), np.array([at.max() for at in places])


def _sides(line: shapely.LineString, shops: Sequence[Shop]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """How far each door is from the line, and whether it is on the left of it."""
    doors = np.array([shop.door for shop in shops])
    place = shapely.line_locate_point(line, shapely.points(doors))
    step = min(0.1, line.length / 4)
    before = np.clip(place - step, 0.0, line.length - 2 * step)
    start = shapely.get_coordinates(shapely.line_interpolate_point(line, before))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, before + 2 * step)) - start
    across = doors - start
    left = ahead[:, 0] * across[:, 1] - ahead[:, 1] * across[:, 0] > 0
    return shapely.distance(line, shapely.points(doors)), left


def _round_corners(ground: Ground, walking: Walking) -> Iterator[tuple[str, str]]:
    ids = [shop.id for shop in ground.shops]
    doors = shapely.points(np.array([shop.door for shop in ground.shops]).reshape(-1, 2))
    one, other = shapely.STRtree(doors).query(doors, predicate="dwithin", distance=CORNER)
    street = walking.street_of(ids)
    kept = (one < other) & (street[one] != street[other])
    pairs = [(ids[a], ids[b]) for a, b in zip(one[kept].tolist(), other[kept].tolist(), strict=True)]
    ways = walking.pairs([a for a, _ in pairs], [b for _, b in pairs])
    for pair, way in zip(pairs, ways.tolist(), strict=True):
        if way <= CORNER:
            yield pair
