"""Ways on foot: streets' middle lines cut where they meet, doors led to the line that they open to.

Stalls back to back are 5 m apart by air and up to 100 m on foot, so every plan counts metres walked. Only
the junctions are searched (`scipy.sparse.csgraph`); a way between two doors is then the best of the four
ways between the ends of their stretches, which is exact and costs a few array operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hub.core.ground import Ground, Point, Street

    Metres = NDArray[np.float64]
    Places = NDArray[np.intp]

SLACK = 0.5
"""Metres by which a drawn line may end short of the street that it opens to."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where two streets meet: `at` on the one, `there` on the other; one point where their lines cross."""

    street: int
    other: int
    at: Point
    there: Point


def lines(streets: Sequence[Street]) -> NDArray[np.object_]:
    """The middle lines as shapes, in order."""
    return np.array([shapely.LineString(street.line) for street in streets], dtype=object)


def meetings(streets: Sequence[Street]) -> list[Meeting]:
    """Every place where one can turn from one street into another.

    Lines meet where they cross, and where one ends on the breadth of another.
    """
    shapes = lines(streets)
    if not len(shapes):
        return []
    reach = max(street.width for street in streets) / 2 + SLACK
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    found: dict[Meeting, None] = {}
    for one, other in zip(*pairs.tolist(), strict=True):
        if one < other:
            found.update(dict.fromkeys(_crossings(shapes, one, other)))
        if one != other:
            found.update(dict.fromkeys(_endings(shapes, streets, one, other)))
    return list(found)


def _crossings(shapes: NDArray[np.object_], one: int, other: int) -> Iterable[Meeting]:
    for point in shapely.get_coordinates(shapely.intersection(shapes[one], shapes[other])).tolist():
        at = _exact(point)
        yield Meeting(one, other, at, at)


def _endings(
    shapes: NDArray[np.object_], streets: Sequence[Street], one: int, other: int
) -> Iterable[Meeting]:
    for end in {streets[one].line[0], streets[one].line[-1]}:
        point = shapely.Point(end)
        if shapely.distance(point, shapes[other]) > streets[other].width / 2 + SLACK:
            continue
        there = shapely.line_interpolate_point(shapes[other], shapely.line_locate_point(shapes[other], point))
        yield Meeting(one, other, _exact(end), _exact((there.x, there.y)))


def _exact(point: Iterable[float]) -> Point:
    """To the centimetre, so that two lines agree on the point they share."""
    x, y = point
    return round(x, 2), round(y, 2)


@dataclass(frozen=True, slots=True)
class _Doors:
    """Where doors reach the lines: the street, the place on it, and the two ends of that stretch."""

    street: Places
    place: Metres
    """From the beginning of the street's line."""
    aside: Metres
    """From the door to the middle line."""
    ends: Places
    ways: Metres
    """To the two ends."""

    def pick(self, rows: Places) -> _Doors:
        return _Doors(self.street[rows], self.place[rows], self.aside[rows], self.ends[rows], self.ways[rows])


class _Net:
    """Streets cut into stretches between junctions, and the shortest ways between all junctions."""

    def __init__(self, streets: Sequence[Street]) -> None:
        self.lines = lines(streets)
        self._tree = shapely.STRtree(self.lines)
        met = meetings(streets)
        points: list[set[Point]] = [set() for _ in streets]
        for meeting in met:
            points[meeting.street].add(meeting.at)
            points[meeting.other].add(meeting.there)
        self._junction: dict[Point, int] = {}
        self._ends: list[list[int]] = []
        self._cuts: list[Metres] = []
        ways: dict[tuple[int, int], float] = {}
        for line, on in zip(self.lines, points, strict=True):
            self._cut(line, on, ways)
        for meeting in met:
            step = float(np.hypot(*np.subtract(meeting.at, meeting.there)))
            _shorten(ways, self._junction[meeting.at], self._junction[meeting.there], step)
        self.ways = _all_ways(ways, len(self._junction))

    def _cut(self, line: shapely.LineString, on: set[Point], ways: dict[tuple[int, int], float]) -> None:
        listed = sorted(on)
        inner = shapely.line_locate_point(line, shapely.points(np.array(listed).reshape(-1, 2))).tolist()
        first, last = _exact(line.coords[0]), _exact(line.coords[-1])
        cuts = sorted([(0.0, first), *zip(inner, listed, strict=True), (line.length, last)])
        ends = [self._junction.setdefault(point, len(self._junction)) for _, point in cuts]
        places = np.array([place for place, _ in cuts])
        for start, end, way in zip(ends, ends[1:], np.diff(places).tolist(), strict=False):
            _shorten(ways, start, end, way)
        self._ends.append(ends)
        self._cuts.append(places)

    def doors(self, at: Sequence[Point], street: Sequence[int | None]) -> _Doors:
        """Lead each point to its street, or to the nearest where none is told."""
        points = shapely.points(np.array(at, dtype=float).reshape(-1, 2))
        nearest = self._tree.nearest(points) if len(at) else ()
        number = np.array(
            [near if of is None else of for of, near in zip(street, nearest, strict=True)], dtype=np.intp
        )
        place = shapely.line_locate_point(self.lines[number], points)
        ends, ways = [], []
        for of, where in zip(number.tolist(), place.tolist(), strict=True):
            cuts, end = self._cuts[of], self._ends[of]
            after = int(np.clip(np.searchsorted(cuts, where), 1, len(cuts) - 1))
            ends.append((end[after - 1], end[after]))
            ways.append((abs(where - cuts[after - 1]), abs(cuts[after] - where)))
        return _Doors(
            number,
            place,
            shapely.distance(points, self.lines[number]),
            np.array(ends, dtype=np.intp).reshape(-1, 2),
            np.array(ways, dtype=float).reshape(-1, 2),
        )

    def way(self, one: _Doors, other: _Doors) -> Metres:
        """Metres between doors, arrays broadcast; infinite where there is no way."""
        near = (one.street == other.street) & (one.ends == other.ends).all(axis=-1)
        best: Metres = np.where(near, np.abs(one.place - other.place), np.inf)
        for end in (0, 1):
            for far in (0, 1):
                way = self.ways[one.ends[..., end], other.ends[..., far]]
                np.minimum(best, way + one.ways[..., end] + other.ways[..., far], out=best)
        return best + one.aside + other.aside


class Walking:
    """The ways of one ground, between its doors and from its gates."""

    def __init__(self, ground: Ground) -> None:
        """Cut the streets at their meetings and lead every door to one.

        Raises:
            Refused: The ground has no street to walk on.
        """
        if not ground.streets:
            raise Refused(
                "input",
                "plan.no_streets",
                "There is no street to walk on: import the streets before planning.",
                "还没有可以步行的街道:请先导入街道,再做方案。",
            )
        self._net = _Net(ground.streets)
        self._row = {shop.id: row for row, shop in enumerate(ground.shops)}
        number: dict[str | None, int] = {street.id: row for row, street in enumerate(ground.streets)}
        self._shops = self._net.doors(
            [shop.door for shop in ground.shops], [number.get(shop.street) for shop in ground.shops]
        )
        self._gates = self._net.doors([gate.at for gate in ground.gates], [None] * len(ground.gates))

    def street_of(self, shops: Sequence[str]) -> Places:
        """Number of the street that each door opens to: the one that is written, else the nearest."""
        return self._shops.street[self._rows(shops)]

    def along(self, shops: Sequence[str]) -> Metres:
        """Metres from the beginning of its street's line to where each door reaches it."""
        return self._shops.place[self._rows(shops)]

    def between(self, shops: Sequence[str], others: Sequence[str] | None = None) -> Metres:
        """Metres on foot from the door of each of `shops` to that of each of `others` (else of `shops`).

        Infinite where there is no way.
        """
        rows = self._rows(shops)
        columns = rows if others is None else self._rows(others)
        return self._way(rows[:, None], columns[None, :])

    def pairs(self, shops: Sequence[str], others: Sequence[str]) -> Metres:
        """Metres on foot from each of `shops` to the one in the same place of `others`."""
        return self._way(self._rows(shops), self._rows(others))

    def from_gates(self, shops: Sequence[str]) -> Metres:
        """Metres from the nearest gate to each door; infinite where no gate leads to it."""
        doors = self._shops.pick(self._rows(shops)[:, None])
        gates = self._gates.pick(np.arange(len(self._gates.place))[None, :])
        ways: Metres = self._net.way(doors, gates).min(axis=1, initial=np.inf)
        return ways

    def between_gates(self) -> Metres:
        """Metres on foot from each gate to each; infinite where there is no way, 0 to itself."""
        count = np.arange(len(self._gates.place))
        ways = self._net.way(self._gates.pick(count[:, None]), self._gates.pick(count[None, :]))
        np.fill_diagonal(ways, 0.0)
        return ways

    def _rows(self, shops: Sequence[str]) -> Places:
        return np.fromiter((self._row[shop] for shop in shops), dtype=np.intp, count=len(shops))

    def _way(self, rows: Places, columns: Places) -> Metres:
        ways = self._net.way(self._shops.pick(rows), self._shops.pick(columns))
        return np.where(rows == columns, 0.0, ways)


def _shorten(ways: dict[tuple[int, int], float], start: int, end: int, way: float) -> None:
    if start != end:
        key = min(start, end), max(start, end)
        # A way of nothing is no way to csgraph.
        ways[key] = min(ways.get(key, np.inf), max(way, 1e-6))


def _all_ways(ways: dict[tuple[int, int], float], count: int) -> Metres:
    ends = np.array(list(ways), dtype=np.intp).reshape(-1, 2)
    graph = csr_array((np.array(list(ways.values())), (ends[:, 0], ends[:, 1])), shape=(count, count))
    found: Metres = dijkstra(graph, directed=False)
    return found
