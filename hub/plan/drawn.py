"""A plan from a spreadsheet: stalls behind their doors, and streets before them where there is none.

Where the spreadsheet does not say it, a stall is as wide as the way to its neighbours' doors leaves it and
as deep as the stall behind it leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hub.core.drawn import DrawAsked, DrawMade
from hub.plan.derived import streets_of
from hub.plan.rows import axes, facing, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from hub.core.drawn import Stall
    from hub.core.ground import Ring
    from hub.core.planned import Progress
    from hub.plan.rows import Row

    Metres = NDArray[np.float64]

FRONT, DEPTH = 4.0, 5.0
"""Metres of a stall of which nothing is known but its door."""
WIDEST = 8.0
REACH = 4.0
"""Metres beyond half a street's width within which a door opens to it."""
IN_ROW = 1.0
"""Metres by which the doors of neighbours may stand before each other."""
LEAST = 0.4
ONE_WAY = 0.95
"""Cosine of the angle by which two that face the same way may differ."""
SMALLER = (1.0, 0.75, 0.5, 0.25, 0.1)
"""Of what a stall would be like, where nobody measured it and something stands there already."""
ROUNDING_M2 = 0.2
CORNERS = 3
DOWN = np.array([0.0, 1.0])
AROUND = np.array([[0.0, 1.0], [0.0, -1.0], [1.0, 0.0], [-1.0, 0.0]])
"""Where a stall may look of which nobody knows: down, unless there is no room behind it."""


def make(asked: DrawAsked, heard: Callable[[Progress], bool] | None = None) -> DrawMade:
    """An outline for every stall; streets only where there is none and they are to be derived."""
    del heard
    if not asked.stalls:
        return DrawMade({}, {}, (), ())
    doors = np.array([stall.door for stall in asked.stalls], dtype=float)
    return _in_rows(asked, doors) if asked.derive and not asked.streets else _beside_streets(asked, doors)


def _beside_streets(asked: DrawAsked, doors: Metres) -> DrawMade:
    looks, street_of = _beside(asked, doors)
    looks, guessed = _told(asked.stalls, looks)
    return DrawMade(_rings(asked, doors, looks, guessed), street_of, (), guessed)


def _in_rows(asked: DrawAsked, doors: Metres) -> DrawMade:
    looks, found = np.zeros_like(doors), rows(doors)
    faced = facing(found, asked.stalls)
    for number, row in enumerate(found):
        if number not in faced.guessed:
            looks[list(row.stalls)] = axes(row.turn)[1] * faced.sides[number]
    looks, guessed = _told(asked.stalls, looks)
    rings = _rings(asked, doors, looks, guessed)
    if not found:
        return DrawMade(rings, {}, (), guessed)
    stretches = [_stretches(row, [rings[asked.stalls[stall].id] for stall in row.stalls]) for row in found]
    streets, of_row = streets_of(found, faced, stretches)
    street_of = {asked.stalls[stall].id: of_row[n] for n, row in enumerate(found) for stall in row.stalls}
    return DrawMade(rings, street_of, tuple(streets), guessed)


def _told(stalls: Sequence[Stall], looks: Metres) -> tuple[Metres, tuple[str, ...]]:
    """Each looks as its stall says; and those of which nobody knows, which look down for now."""
    guessed = []
    for number, stall in enumerate(stalls):
        if stall.faces is not None:
            turn = np.radians(stall.faces)
            looks[number] = (np.sin(turn), -np.cos(turn))
        elif not looks[number].any():
            looks[number] = DOWN
            guessed.append(stall.id)
    return looks, tuple(guessed)


def _stretches(row: Row, rings: Sequence[Ring]) -> list[tuple[float, float]]:
    """Where the walls of each stall stand along its row."""
    along = axes(row.turn)[0]
    places = (np.array(ring) @ along for ring in rings)
    return [(float(place.min()), float(place.max())) for place in places]


def _beside(asked: DrawAsked, doors: Metres) -> tuple[Metres, dict[str, str]]:
    """Each stall looks square to the street that it names, or else to the nearest in reach."""
    looks, street_of = np.zeros_like(doors), {}
    lines = [shapely.LineString(street.line) for street in asked.streets]
    number = {street.id: at for at, street in enumerate(asked.streets)}
    tree = shapely.STRtree(lines)
    for at, stall in enumerate(asked.stalls):
        door = shapely.Point(stall.door)
        which = number.get(stall.street or "")
        if which is None and lines:
            near = int(tree.nearest(door))
            in_reach = lines[near].distance(door) <= asked.streets[near].width / 2 + REACH
            which = near if in_reach else None
        if which is not None:
            street_of[stall.id] = asked.streets[which].id
            looks[at] = _square_to(lines[which], door)
    return looks, street_of


def _square_to(line: shapely.LineString, door: shapely.Point) -> Metres:
    """From the door towards the line, square to that piece of it; nothing for a door on the line."""
    place = line.project(door)
    step = min(0.05, line.length / 4)
    before, after = (
        np.array(line.interpolate(min(max(at, 0.0), line.length)).coords[0])
        for at in (place - step, place + step)
    )
    along = (after - before) / np.hypot(*(after - before))
    square = np.array([-along[1], along[0]])
    aside = float((np.array(line.interpolate(place).coords[0]) - np.array(door.coords[0])) @ square)
    look: Metres = square * np.sign(round(aside, 2))
    return look


def _rings(asked: DrawAsked, doors: Metres, looks: Metres, guessed: Sequence[str]) -> dict[str, Ring]:
    widths, free = np.array([stall.width or np.nan for stall in asked.stalls]), frozenset(guessed)
    room = _Room(asked)
    found = {}
    for number, stall in enumerate(asked.stalls):
        sizes = _sizes(stall, number, doors, looks, widths)
        ways = AROUND if stall.id in free else looks[number : number + 1]
        parts = (1.0,) if stall.width and stall.depth else SMALLER
        rings = [
            _ring(doors[number], look, *(size * part for size in sizes)) for part in parts for look in ways
        ]
        found[stall.id] = next(filter(room.has, rings), rings[0])
    return found


class _Room:
    """What stands already, and how far the market goes."""

    def __init__(self, asked: DrawAsked) -> None:
        walls = [shapely.Polygon(ring) for ring in asked.walls if len(ring) >= CORNERS]
        self._walls = np.array(walls, dtype=object)
        self._tree, self._market = shapely.STRtree(self._walls), shapely.box(*asked.bounds)

    def has(self, ring: Ring) -> bool:
        """Whether there is room for it."""
        shape = shapely.Polygon(ring)
        near = shapely.union_all(self._walls[self._tree.query(shape, predicate="intersects")])
        taken = shape.intersection(near).area + shape.difference(self._market).area
        return bool(taken < ROUNDING_M2)


def _sizes(
    stall: Stall, number: int, doors: Metres, looks: Metres, widths: Metres
) -> tuple[float, float, float]:
    """Metres from the door to the walls left, right and behind, as a stall's neighbours leave it."""
    look = looks[number]
    step = doors - doors[number]
    ahead, aside, same = step @ look, step @ np.array([-look[1], look[0]]), looks @ look
    row = (np.abs(ahead) <= IN_ROW) & (same > ONE_WAY) & (np.abs(aside) > LEAST)
    left, right = (_half(stall, widths, sign * aside, row & (sign * aside > 0)) for sign in (-1, 1))
    behind = (ahead < -LEAST) & (same < -ONE_WAY) & (np.abs(aside) < WIDEST)
    room = float(-ahead[behind].max()) / 2 if behind.any() else DEPTH
    deep = stall.depth or max(LEAST, min(DEPTH, room))
    return left or right or FRONT / 2, right or left or FRONT / 2, deep


def _ring(door: Metres, look: Metres, left: float, right: float, deep: float) -> Ring:
    along = np.array([-look[1], look[0]])
    corners = ((-left, 0.0), (right, 0.0), (right, -deep), (-left, -deep))
    points = (door + along * side + look * back for side, back in corners)
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)


def _half(stall: Stall, widths: Metres, aside: Metres, row: NDArray[np.bool_]) -> float:
    """Metres from the door to the wall on one side; 0 where nothing tells."""
    if stall.width:
        return stall.width / 2
    if not row.any():
        return 0.0
    near = int(np.flatnonzero(row)[np.argmin(aside[row])])
    way = float(aside[near])
    half = way - widths[near] / 2 if np.isfinite(widths[near]) else way / 2
    return min(max(LEAST, half), WIDEST / 2)
