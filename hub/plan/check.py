"""Validators of a drawn ground: gaps, overlaps, slivers, stalls outside, doors into nothing, no way to shops.

Measures below a few centimetres are a surveyor's rounding, not a fault.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hub.core.checked import RULES, CheckAsked, CheckMade, Finding
from hub.plan.walking import SLACK, Walking, meetings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from hub.core.ground import Ground, Point, Ring, Shop, Street
    from hub.core.planned import Progress

    Shapes = NDArray[np.object_]

MOST = 200
"""Findings of one rule that are listed; all are counted."""
LEAST_M2 = 0.25
"""Square metres of overlap that are no rounding: five centimetres of a wall of five metres."""
NARROW = 0.8
"""Metres that a stall is wide at least."""
STRIP = (0.03, 0.6)
"""Metres between two walls that are neither one wall nor a way."""
FACE = 1.0
"""Metres along which two walls run beside a strip."""
OFF_WALL = 0.5
"""Metres that a door may be drawn from its shop's wall."""
BEFORE = 0.4
"""Metres before a door that must be free."""
IN_WAY_M2 = 0.5


def make(asked: CheckAsked, heard: Callable[[Progress], bool] | None = None) -> CheckMade:
    """Everything that is wrong with a ground, what bars first."""
    del heard
    began = time.monotonic()
    looking = _Looking(asked.ground)
    rules = (looking.outlines, looking.overlaps, looking.outside, looking.strips, looking.doors)
    found = [finding for rule in (*rules, looking.ways) for finding in rule()]
    counts = Counter(finding.rule for finding in found)
    shown: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        if len(shown[finding.rule]) < MOST:
            shown[finding.rule].append(finding)
    order = sorted(shown, key=lambda rule: (not RULES[rule].bars, list(RULES).index(rule)))
    listed = tuple(finding for rule in order for finding in shown[rule])
    return CheckMade(listed, dict(counts), time.monotonic() - began)


def polygon(ring: Ring) -> shapely.Polygon:
    """The outline as a shape; empty where it has fewer than three corners."""
    return shapely.Polygon(ring) if len(set(ring)) > 2 else shapely.Polygon()  # noqa: PLR2004 - three corners


class _Looking:
    """One ground with its shapes; a ring that crosses itself is looked at as the area that it encloses."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.drawn = np.array([polygon(shop.ring) for shop in ground.shops], dtype=object)
        self.shops: Shapes = _solid(self.drawn)
        self.halls = {hall.id: _solid(polygon(hall.ring)) for hall in ground.halls}
        self.lines = [shapely.LineString(street.line) for street in ground.streets]
        self.tree = shapely.STRtree(self.shops)
        self.number = {street.id: number for number, street in enumerate(ground.streets)}
        self.roads = shapely.STRtree(self.lines)
        self.streets = list(zip(ground.streets, self.lines, strict=True))

    def outlines(self) -> Iterator[Finding]:
        for shop, shape in zip(self.ground.shops, self.drawn, strict=True):
            if not _whole(shape):
                yield Finding("ring", "shop", (shop.id,), shop.door)
            elif (wide := _width(shape)) < NARROW:
                yield Finding("sliver", "shop", (shop.id,), _middle(shape), wide)
        for hall in self.ground.halls:
            shape = polygon(hall.ring)
            if shape.is_empty or not shape.is_valid:
                at = hall.ring[0] if hall.ring else (0.0, 0.0)
                yield Finding("ring", "hall", (hall.id,), at)

    def overlaps(self) -> Iterator[Finding]:
        for one, other in self._pairs(self.tree.query(self.shops, predicate="intersects")):
            common = shapely.intersection(self.shops[one], self.shops[other])
            if common.area > LEAST_M2:
                yield Finding("overlap", "shop", self._ids(one, other), _middle(common), common.area)
        for pair in combinations(self.halls, 2):
            common = shapely.intersection(*(self.halls[name] for name in pair))
            if common.area > LEAST_M2:
                yield Finding("halls", "hall", pair, _middle(common), common.area)

    def outside(self) -> Iterator[Finding]:
        market = shapely.box(*self.ground.bounds)
        for shop, shape in zip(self.ground.shops, self.shops, strict=True):
            beyond = shapely.difference(shape, market)
            if beyond.area > LEAST_M2:
                yield Finding("outside", "shop", (shop.id,), _middle(beyond), beyond.area)
            elif shop.hall in self.halls:
                beyond = shapely.difference(shape, self.halls[shop.hall])
                if beyond.area > LEAST_M2:
                    yield Finding("hall", "shop", (shop.id,), _middle(beyond), beyond.area)

    def strips(self) -> Iterator[Finding]:
        """Two walls side by side with a strip between them that is too narrow for a way."""
        found = self.tree.query(self.shops, predicate="dwithin", distance=STRIP[1])
        for one, other in self._pairs(found):
            between = shapely.shortest_line(self.shops[one], self.shops[other])
            if not STRIP[0] < between.length < STRIP[1]:
                continue
            near = shapely.intersection(
                self.shops[one].boundary, self.shops[other].buffer(between.length + 0.05, cap_style="flat")
            )
            if near.length > FACE and not self._filled(between, one, other):
                yield Finding("gap", "shop", self._ids(one, other), _middle(between), between.length)

    def doors(self) -> Iterator[Finding]:
        for number, shop in enumerate(self.ground.shops):
            if not _whole(self.drawn[number]):
                continue
            door = shapely.Point(shop.door)
            if (off := self.drawn[number].exterior.distance(door)) > OFF_WALL:
                yield Finding("door", "shop", (shop.id,), shop.door, off)
                continue
            if (other := self._before(number, shop.door)) is not None:
                yield Finding("blocked", "shop", self._ids(number, other), shop.door)
            street, away = self._opens_to(shop, door)
            if street is not None and away > street.width / 2 + 2 * SLACK:
                yield Finding("street" if shop.street else "nowhere", "shop", (shop.id,), shop.door, away)

    def _opens_to(self, shop: Shop, door: shapely.Point) -> tuple[Street | None, float]:
        """The street that the shop names, else the nearest, and how far away its middle is."""
        number = self.number.get(shop.street or "")
        if number is None and not self.streets:
            return None, 0.0
        street, line = self.streets[int(self.roads.nearest(door)) if number is None else number]
        return street, line.distance(door)

    def ways(self) -> Iterator[Finding]:
        middle = _middle(shapely.box(*self.ground.bounds))
        if not self.lines:
            yield Finding("no_street", "market", (), middle)
            return
        yield from self._in_the_way()
        yield from self._alone()
        for gate in self.ground.gates:
            at = shapely.Point(gate.at)
            street, line = self.streets[int(self.roads.nearest(at))]
            away = line.distance(at)
            if away > street.width / 2 + 2 * SLACK:
                yield Finding("gate", "gate", (gate.id,), gate.at, away)
        if not self.ground.gates:
            yield Finding("no_gate", "market", (), middle)
        elif self.ground.shops:
            metres = Walking(self.ground).from_gates([shop.id for shop in self.ground.shops])
            for shop, far in zip(self.ground.shops, metres.tolist(), strict=True):
                if far == np.inf:
                    yield Finding("unreachable", "shop", (shop.id,), shop.door)

    def _in_the_way(self) -> Iterator[Finding]:
        for street in self.ground.streets:
            shape = _solid(polygon(street.ring))
            for number in self.tree.query(shape, predicate="intersects").tolist():
                common = shapely.intersection(self.shops[number], shape)
                if common.area > IN_WAY_M2:
                    name = self.ground.shops[number].id
                    yield Finding("way", "shop", (name, street.id), _middle(common), common.area)

    def _alone(self) -> Iterator[Finding]:
        met = {end for one in meetings(self.ground.streets) for end in (one.street, one.other)}
        if len(self.ground.streets) > 1:
            for number, (street, line) in enumerate(self.streets):
                if number not in met:
                    yield Finding("alone", "street", (street.id,), _middle(line))

    def _before(self, number: int, door: Point) -> int | None:
        """The shop that stands where one would step out of the door."""
        wall = self.drawn[number].exterior
        along = wall.project(shapely.Point(door))
        steps = ((along + off) % wall.length for off in (-0.05, 0.05))
        (x0, y0), (x1, y1) = (wall.interpolate(step).coords[0] for step in steps)
        length = float(np.hypot(x1 - x0, y1 - y0)) or 1.0
        normal = ((y1 - y0) / length * BEFORE, (x0 - x1) / length * BEFORE)
        before = [shapely.Point(door[0] + sign * normal[0], door[1] + sign * normal[1]) for sign in (1, -1)]
        out = [step for step in before if not self.drawn[number].contains(step)]
        if len(out) != 1:
            return None
        found = self.tree.query(out[0], predicate="within").tolist()
        return next((other for other in found if other != number), None)

    def _filled(self, between: shapely.LineString, one: int, other: int) -> bool:
        """Whether a third shop stands in the strip."""
        return bool(set(self.tree.query(between, predicate="crosses").tolist()) - {one, other})

    def _pairs(self, found: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        return ((one, other) for one, other in found.T.tolist() if one < other)

    def _ids(self, *numbers: int) -> tuple[str, ...]:
        return tuple(self.ground.shops[number].id for number in numbers)


def _solid(drawn: Any) -> Any:
    """What an outline encloses, also of one that crosses itself; lines that enclose nothing fall away."""
    return shapely.make_valid(drawn, method="structure", keep_collapsed=False)


def _whole(shape: shapely.Polygon) -> bool:
    """Whether it is an outline at all."""
    return not shape.is_empty and shape.is_valid and shape.area >= LEAST_M2


def _width(shape: shapely.Polygon) -> float:
    """About how wide it is: the shorter side of the smallest rectangle around it."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    return float(min(np.hypot(*(corners[1] - corners[0])), np.hypot(*(corners[2] - corners[1]))))


def _middle(shape: shapely.Geometry) -> Point:
    """A point of it."""
    line = shape.geom_type == "LineString"
    at = shape.interpolate(0.5, normalized=True) if line else shape.representative_point()
    return round(at.x, 2), round(at.y, 2)
