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
DOWN = np.array([0.0, 1.0])


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
    return DrawMade(_rings(asked.stalls, doors, looks), street_of, (), guessed)


def _in_rows(asked: DrawAsked, doors: Metres) -> DrawMade:
    looks, found = np.zeros_like(doors), rows(doors)
    faced = facing(found, asked.stalls)
    for number, row in enumerate(found):
        if number not in faced.guessed:
            looks[list(row.stalls)] = axes(row.turn)[1] * faced.sides[number]
    looks, guessed = _told(asked.stalls, looks)
    rings = _rings(asked.stalls, doors, looks)
    if not found:
        return DrawMade(rings, {}, (), guessed)
    walls = [_walls(row, [rings[asked.stalls[stall].id] for stall in row.stalls]) for row in found]
    streets, of_row = streets_of(found, faced, walls)
    street_of = {asked.stalls[stall].id: of_row[n] for n, row in enumerate(found) for stall in row.stalls}
    return DrawMade(rings, street_of, tuple(streets), guessed)


def _told(stalls: Sequence[Stall], looks: Metres) -> tuple[Metres, tuple[str, ...]]:
    """Each looks as its stall says; and those of which nobody knows, which look down."""
    guessed = []
    for number, stall in enumerate(stalls):
        if stall.faces is not None:
            turn = np.radians(stall.faces)
            looks[number] = (np.sin(turn), -np.cos(turn))
        elif not looks[number].any():
            looks[number] = DOWN
            guessed.append(stall.id)
    return looks, tuple(guessed)


def _walls(row: Row, rings: Sequence[Ring]) -> tuple[float, float]:
    """Where the outermost walls of a row stand along it."""
    along = np.array([point for ring in rings for point in ring]) @ axes(row.turn)[0]
    return float(along.min()), float(along.max())


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


def _rings(stalls: Sequence[Stall], doors: Metres, looks: Metres) -> dict[str, Ring]:
    widths = np.array([stall.width or np.nan for stall in stalls])
    found = {}
    for number, stall in enumerate(stalls):
        look = looks[number]
        along = np.array([-look[1], look[0]])
        step = doors - doors[number]
        ahead, aside = step @ look, step @ along
        same = looks @ look
        row = (np.abs(ahead) <= IN_ROW) & (same > 0.95) & (np.abs(aside) > LEAST)  # noqa: PLR2004 - about one way
        left, right = (_half(stall, widths, sign * aside, row & (sign * aside > 0)) for sign in (-1, 1))
        left, right = (left or right or FRONT / 2), (right or left or FRONT / 2)
        behind = (ahead < -LEAST) & (same < -0.95) & (np.abs(aside) < WIDEST)  # noqa: PLR2004
        room = float(-ahead[behind].max()) / 2 if behind.any() else DEPTH
        deep = stall.depth or max(LEAST, min(DEPTH, room))
        corners = ((-left, 0.0), (right, 0.0), (right, -deep), (-left, -deep))
        points = [doors[number] + along * side + look * back for side, back in corners]
        found[stall.id] = tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)
    return found


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
