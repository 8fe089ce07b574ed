"""A market that grew: a hall with a corner cut out, one that stands askew, dead ends, stalls without a hall.

Hall 1 has the shape of an L. Hall 2 stands in its corner; the lanes beside and behind it, and two aisles of
hall 1, end at a wall. Hall 3 is turned by ten degrees, with a lane all round. South of it is a row of stalls
that belong to no hall.
"""

from __future__ import annotations

import math
import random
from itertools import product

from hub.core.ground import Gate, Ground, Hall, Shop, Street
from hub.demo.hall import Block, Builder, Turn

WIDTH, HEIGHT, STREET = 200.0, 130.0, 8.0
ACROSS, DOWN = (4.0, 92.0, 196.0), (4.0, 126.0)
"""Middles of the streets."""
SEED = 29
STRAIGHT, ASKEW = Turn(), Turn((116.0, 20.0), 10.0)
LANE = 5.0
"""Width of the lanes round hall 3."""
INNER = "h1b"
"""The aisle of hall 1 between its two arms."""
ELBOW = ((8.0, 8.0), (44.0, 8.0), (44.0, 74.0), (88.0, 74.0), (88.0, 122.0), (8.0, 122.0))
BLOCKS = (
    Block(
        *("h1", "A", 8.0, 8.0, 36.0, 66.0, 4.0, 4.6, "sh0", INNER, (4.0, 4.0, 48.0, 76.0)),
        blind=frozenset({2, 3}),
        cuts=0,
    ),
    Block("h1", "A", 8.0, 78.0, 80.0, 44.0, 4.4, 5.6, INNER, "sh1", (4.0, 76.0, 92.0, 126.0), cuts=1),
    Block("h2", "B", 52.0, 8.0, 36.0, 58.0, 3.8, 4.5, "sh0", "l2", (48.0, 4.0, 92.0, 69.0), cuts=0),
    Block(
        *("h3", "C", 116.0, 20.0, 61.0, 68.0, 4.2, 4.6, "l3", "l4", (112.5, 16.5, 180.5, 91.5)),
        turn=ASKEW,
        cuts=1,
    ),
)


def irregular() -> Ground:
    """Three halls, about 440 stalls, six gates; the same every time."""
    # S311: stalls of different widths, not secrets.
    builder = Builder(random.Random(SEED), random.Random(SEED + 1))  # noqa: S311
    builder.streets += [*_streets(), *_lanes()]
    for block in BLOCKS:
        builder.fill(block)
    halls = (Hall("h1", ELBOW), *(Hall(block.hall, block.ring) for block in BLOCKS[2:]))
    gates = (
        Gate(f"{'ns'[y > 0]}{number}", (x, y))
        for y, (number, x) in product((0.0, HEIGHT), enumerate(ACROSS, 1))
    )
    shops = (*builder.shops, *_row())
    return Ground((0.0, 0.0, WIDTH, HEIGHT), halls, tuple(builder.streets), shops, tuple(gates))


def _streets() -> list[Street]:
    half = STREET / 2
    upright = (
        Street(f"sv{n}", "street", ((x, 0.0), (x, HEIGHT)), STREET, _box(x - half, 0.0, STREET, HEIGHT))
        for n, x in enumerate(ACROSS)
    )
    level = (
        Street(f"sh{n}", "street", ((0.0, y), (WIDTH, y)), STREET, _box(0.0, y - half, WIDTH, STREET))
        for n, y in enumerate(DOWN)
    )
    return [*upright, *level]


def _lanes() -> list[Street]:
    """Two that end at a wall, the aisle between the arms of hall 1, and four around hall 3."""
    beside = Street("l1", "street", ((48.0, 4.0), (48.0, 66.0)), 8.0, _box(44.0, 8.0, 8.0, 58.0))
    behind = Street("l2", "street", ((54.0, 69.0), (92.0, 69.0)), 6.0, _box(52.0, 66.0, 36.0, 6.0))
    inner = Street(INNER, "aisle", ((4.0, 76.0), (92.0, 76.0)), 4.0, _box(8.0, 74.0, 80.0, 4.0), "h1")
    top, bottom, left, right = 20.0 - LANE / 2, 88.0 + LANE / 2, 116.0 - LANE / 2, 177.0 + LANE / 2
    sides = (_upright(f"l{n}", x, (top, bottom)) for n, x in enumerate((left, right), 5))
    return [beside, behind, inner, _slanted("l3", top), _slanted("l4", bottom), *sides]


def _upright(name: str, x: float, ends: tuple[float, float]) -> Street:
    """A lane beside hall 3; it goes as far as the outer edge of the lanes that it joins."""
    top, bottom = ends[0] - LANE / 2, ends[1] + LANE / 2
    ring = ASKEW.rectangle(x - LANE / 2, top, LANE, bottom - top)
    return Street(name, "street", (ASKEW((x, top)), ASKEW((x, bottom))), LANE, ring)


def _slanted(name: str, y: float) -> Street:
    """A lane before or behind hall 3; it joins the streets in its west and east."""
    (x0, y0), (x1, y1) = ASKEW((116.0, y)), ASKEW((177.0, y))
    rise = (y1 - y0) / (x1 - x0)
    west, east = ((x, round(y0 + (x - x0) * rise, 2)) for x in ACROSS[1:])
    half = LANE / 2 / math.cos(math.radians(ASKEW.degrees))
    corners = ((west, -half), (east, -half), (east, half), (west, half))
    return Street(
        name, "street", (west, east), LANE, tuple((x, round(at + off, 2)) for (x, at), off in corners)
    )


def _row() -> list[Shop]:
    """Stalls in the open along the southern street, a metre apart."""
    lefts = [100.0 + 6.5 * number for number in range(13)]
    return [
        Shop(f"k-{n:03d}", _box(left, 117.5, 5.5, 4.5), (left + 2.75, 122.0), "sh1", work=1.2)
        for n, left in enumerate(lefts, 1)
    ]


def _box(left: float, top: float, width: float, depth: float) -> tuple[tuple[float, float], ...]:
    return STRAIGHT.rectangle(left, top, width, depth)
