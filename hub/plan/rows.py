"""Rows of doors, and which way each faces: what a list of stalls tells of a market without a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hub.core.drawn import Stall

    Numbers = NDArray[np.intp]
    Metres = NDArray[np.float64]

NEXT = 10.0
"""Metres to the next door of a row at most: a wide stall, or a cross aisle between two."""
OFF_LINE = 0.25
"""Metres by which the next door may stand out of its row."""
BENT = 1.0
"""Metres by which a whole row may be off its line."""
LONG, SHORT = 5, 3
"""Doors of a row that is believed at once, and of one that is believed when the long ones are taken out."""
FACING = 9.0
"""Metres from door to door over a street at most."""
SAME_WAY = 2.0
"""Degrees by which rows of one direction may differ."""
BACK = 15.0
"""Metres in which a row behind tells a row which way it faces."""
HALF_DEGREES = 360


@dataclass(frozen=True, slots=True)
class Row:
    """Doors on one line: `turn` is the line's direction in degrees, `across` its place square to it."""

    stalls: tuple[int, ...]
    """Their numbers, in the order of the line."""
    turn: float
    across: float
    begin: float
    end: float

    def beside(self, other: Row) -> bool:
        """Whether the two run side by side for at least half of the shorter."""
        apart = abs((self.turn - other.turn + 90) % 180 - 90)
        common = min(self.end, other.end) - max(self.begin, other.begin)
        return apart <= SAME_WAY and common >= min(self.end - self.begin, other.end - other.begin) / 2


def axes(turn: float) -> tuple[Metres, Metres]:
    """Unit vectors along a direction and square to it."""
    sine, cosine = np.sin(np.radians(turn)), np.cos(np.radians(turn))
    return np.array([cosine, sine]), np.array([-sine, cosine])


def rows(doors: Metres) -> list[Row]:
    """Every row of three doors or more; a door is in one at most. `doors` is (n, 2) metres."""
    left, found = np.arange(len(doors)), []
    for least in (LONG, SHORT):
        while len(left) >= least:
            turn = _direction(doors[left])
            taken = _on_lines(doors, left, turn, least)
            if not taken:
                break
            found += taken
            left = np.setdiff1d(left, np.concatenate([row.stalls for row in taken]))
    return found


def _direction(doors: Metres) -> float:
    """The direction in which most doors have their neighbours, in degrees from 0 to before 180."""
    pairs = shapely.STRtree(shapely.points(doors)).query(
        shapely.points(doors), predicate="dwithin", distance=NEXT
    )
    step = doors[pairs[1]] - doors[pairs[0]]
    step = step[np.abs(step).sum(axis=1) > 0]
    turns = np.degrees(np.arctan2(step[:, 1], step[:, 0])) % 180
    bins = np.bincount(np.round(turns * 2).astype(int) % HALF_DEGREES, minlength=HALF_DEGREES)
    best = int(np.argmax(bins)) / 2
    near = (turns - best + 90) % 180 - 90
    return float((best + np.median(near[np.abs(near) <= 0.5])) % 180) if len(near) else 0.0  # noqa: PLR2004 - half a bin


def _on_lines(doors: Metres, left: Numbers, turn: float, least: int) -> list[Row]:
    along, square = axes(turn)
    u, v = doors[left] @ along, doors[left] @ square
    pairs = shapely.STRtree(shapely.points(doors[left])).query(
        shapely.points(doors[left]), predicate="dwithin", distance=NEXT
    )
    linked = np.abs(v[pairs[0]] - v[pairs[1]]) <= OFF_LINE
    one, other = pairs[0][linked], pairs[1][linked]
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(left), len(left)))
    count, part = connected_components(graph, directed=False)
    found = []
    for number in range(count):
        members = np.flatnonzero(part == number)
        if len(members) >= least and np.ptp(v[members]) <= BENT:
            order = members[np.argsort(u[members])]
            ends = float(u[order[0]]), float(u[order[-1]])
            found.append(Row(tuple(left[order].tolist()), turn, float(np.median(v[members])), *ends))
    return found


@dataclass(frozen=True, slots=True)
class Facing:
    """Which way rows face, and which face each other."""

    sides: dict[int, int]
    """Row → 1 where it faces the side that its `across` rises to, else -1."""
    pairs: tuple[tuple[int, int], ...]
    guessed: frozenset[int]


def facing(found: Sequence[Row], stalls: Sequence[Stall]) -> Facing:
    """Rows nearest to each other face each other, but not those whose stalls stand back to back."""
    sides = {number: side for number, row in enumerate(found) if (side := _told(row, stalls))}
    pairs = []
    near = sorted(
        (found[two].across - found[one].across, one, two)
        for one, two in _ordered(found)
        if found[one].beside(found[two])
    )
    for gap, one, two in near:
        if gap > FACING or _back_to_back(found[one], found[two], stalls, gap):
            continue
        if sides.get(one, 1) == 1 and sides.get(two, -1) == -1 and not _between(found, one, two):
            sides[one], sides[two] = 1, -1
            pairs.append((one, two))
    guessed = set()
    for number in range(len(found)):
        if number not in sides:
            behind = [(gap, 1 if two == number else -1) for gap, one, two in near if number in {one, two}]
            if not behind or min(behind)[0] > BACK:
                guessed.add(number)
            sides[number] = min(behind)[1] if behind else 1
    return Facing(sides, tuple(pairs), frozenset(guessed))


def _ordered(found: Sequence[Row]) -> list[tuple[int, int]]:
    return [
        (one, two) if found[one].across <= found[two].across else (two, one)
        for one, two in combinations(range(len(found)), 2)
    ]


def _told(row: Row, stalls: Sequence[Stall]) -> int:
    """Which side most of its stalls say that they face; 0 where none says."""
    _, square = axes(row.turn)
    votes = 0.0
    for number in row.stalls:
        if (bearing := stalls[number].faces) is not None:
            look = np.array([np.sin(np.radians(bearing)), -np.cos(np.radians(bearing))])
            votes += float(look @ square)
    return int(np.sign(round(votes, 3)))


def _back_to_back(one: Row, two: Row, stalls: Sequence[Stall], gap: float) -> bool:
    """Whether the gap is just what two stalls are deep."""
    deep = [
        float(np.median(known))
        for row in (one, two)
        if (known := [depth for number in row.stalls if (depth := stalls[number].depth) is not None])
    ]
    return len(deep) == len((one, two)) and abs(gap - sum(deep)) <= 2 * OFF_LINE


def _between(found: Sequence[Row], one: int, two: int) -> bool:
    """Whether a third row stands between the two."""
    low, high = found[one].across, found[two].across
    return any(
        low + OFF_LINE < row.across < high - OFF_LINE and row.beside(found[one]) and row.beside(found[two])
        for number, row in enumerate(found)
        if number not in {one, two}
    )
