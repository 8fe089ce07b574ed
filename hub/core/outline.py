"""Outlines that somebody draws: whether a polygon crosses itself, and the words for what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = Sequence[float]

LEAST = 3
"""Corners of a polygon."""


def fault(polygon: Sequence[Point]) -> Pair | None:
    """What is wrong with a polygon whose corners are shares 0..1 of a picture; None: nothing."""
    if len(polygon) < LEAST:
        return Pair(f"至少要 {LEAST} 个角点", f"it needs at least {LEAST} corners")
    if crosses(polygon):
        return Pair(
            "边线自己交叉了，请移动角点使边线不相交",
            "its outline crosses itself: move a corner until no two sides cross",
        )
    return None


def crosses(polygon: Sequence[Point]) -> bool:
    """Whether any two sides that do not follow one another meet."""
    sides = list(zip(polygon, [*polygon[1:], polygon[0]], strict=True))
    last = len(sides) - 1
    return any(
        _meet(*sides[i], *sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if (i, j) != (0, last)
    )


def area(polygon: Sequence[Point]) -> float:
    """What a polygon encloses, in the square of its own unit; what lies on one line encloses nothing."""
    sides = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in sides)) / 2


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the stretch from a to b and the one from c to d have a point in common."""
    ends = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if ends[0] * ends[1] < 0 and ends[2] * ends[3] < 0:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*three) for turn, three in zip(ends, touching, strict=True))


def _turn(a: Point, b: Point, c: Point) -> float:
    """Above zero where c lies on the one side of the line from a to b, below on the other."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    """Whether c, which is on the line through a and b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
