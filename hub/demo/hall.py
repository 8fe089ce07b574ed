"""Fills a hall with stalls back to back: rows that face the streets around it, and rows across aisles.

Metres, x right, y down. Everything follows from the block and the seeded generators, so that every start and
every test sees the same stalls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hub.core.ground import Point, Ring, Shop, Street

if TYPE_CHECKING:
    import random

AISLE = 3.0
"""Least width of an aisle; what a hall has left over makes its aisles wider."""
CROSS = 3.0
SHORT = 28.0
"""Metres of a row that reads well; a hall whose rows would be shorter has one cross aisle less."""
LEAST_FRONT = 1.8
EMPTY = 0.02
"""Share of stalls that stand empty."""

Side = Literal["north", "south"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Turns a plan about a point; degrees, clockwise on the screen."""

    about: Point = (0.0, 0.0)
    degrees: float = 0.0

    def __call__(self, at: Point) -> Point:
        """Where a point comes to stand, to the centimetre."""
        if not self.degrees:
            return round(at[0], 2), round(at[1], 2)
        x, y = at[0] - self.about[0], at[1] - self.about[1]
        sine, cosine = math.sin(math.radians(self.degrees)), math.cos(math.radians(self.degrees))
        return round(self.about[0] + x * cosine - y * sine, 2), round(
            self.about[1] + x * sine + y * cosine, 2
        )

    def rectangle(self, left: float, top: float, width: float, depth: float) -> Ring:
        """Its four corners, clockwise on the screen, from the one that was left and top."""
        right, bottom = left + width, top + depth
        return self((left, top)), self((right, top)), self((right, bottom)), self((left, bottom))


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle to fill; its lines end at those of the streets around it, or at a wall where there is none.

    `north` and `south` are the streets that its outer rows face. `blind` are the aisles, from 1, that do not
    go through in the east: dead ends.
    """

    hall: str
    letter: str
    left: float
    top: float
    width: float
    depth: float
    front: float
    """Usual width of a stall."""
    deep: float
    """Depth of a stall."""
    north: str
    south: str
    lines: tuple[float, float, float, float]
    """Where the lines of aisles and cross aisles end: left, top, right, bottom."""
    blind: frozenset[int] = frozenset()
    turn: Turn = Turn()
    cuts: int | None = None
    """How many cross aisles; by default two, or one in a short hall."""

    @property
    def ring(self) -> Ring:
        """Its outline."""
        return self.turn.rectangle(self.left, self.top, self.width, self.depth)


@dataclass(slots=True)
class Builder:
    """Lays streets and stalls; the first generator draws widths and empty stalls, the second the work."""

    chance: random.Random
    works: random.Random
    streets: list[Street] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    """Letter → the last number that was given."""

    def fill(self, block: Block) -> None:
        """Rows from north to south: one to the street, then back to back across aisles, one to the street."""
        deep = block.deep
        aisles = int((block.depth - 2 * deep) // (2 * deep + AISLE))
        wide = AISLE + (block.depth - 2 * deep - aisles * (2 * deep + AISLE)) / aisles
        spans = self._spans(block)
        before = sum(street.hall == block.hall and street.kind == "aisle" for street in self.streets)
        y = block.top
        self._row(block, spans, y, "north", block.north)
        for number in range(1, aisles + 1):
            name = f"{block.hall}a{before + number}"
            y += deep
            self._row(block, spans, y, "south", name)
            y += deep
            end = block.left + block.width if number in block.blind else block.lines[2]
            self._walk(block, name, (block.left, y, block.width, wide), (block.lines[0], end))
            y += wide
            self._row(block, spans, y, "north", name)
        self._row(block, spans, y + deep, "south", block.south)

    def _walk(
        self, block: Block, name: str, box: tuple[float, float, float, float], ends: tuple[float, float]
    ) -> None:
        left, top, width, depth = box
        if flat := width > depth:
            line = ((ends[0], top + depth / 2), (ends[1], top + depth / 2))
        else:
            line = ((left + width / 2, ends[0]), (left + width / 2, ends[1]))
        kind: Literal["aisle", "cross"] = "aisle" if flat else "cross"
        at, ring = tuple(map(block.turn, line)), block.turn.rectangle(*box)
        self.streets.append(Street(name, kind, at, round(min(width, depth), 2), ring, block.hall))

    def _spans(self, block: Block) -> list[tuple[float, float]]:
        """Stretches of stalls between the cross aisles, which are laid on the way."""
        cuts = 2 if block.cuts is None else block.cuts
        width = (block.width - cuts * CROSS) / (cuts + 1)
        if block.cuts is None and width < SHORT:
            cuts, width = 1, (block.width - CROSS) / 2
        starts = [block.left + number * (width + CROSS) for number in range(cuts + 1)]
        before = sum(street.hall == block.hall and street.kind == "cross" for street in self.streets)
        for number, start in enumerate(starts[1:], before + 1):
            box = (start - CROSS, block.top, CROSS, block.depth)
            self._walk(block, f"{block.hall}c{number}", box, (block.lines[1], block.lines[3]))
        return [(start, start + width) for start in starts]

    def _row(
        self, block: Block, spans: list[tuple[float, float]], top: float, faces: Side, street: str
    ) -> None:
        for start, end in spans:
            left = start
            while left < end - 0.01:
                width = block.front * self.chance.uniform(0.85, 1.25)
                if left + width > end - LEAST_FRONT:
                    width = end - left
                self._shop(block, (left, top, width), faces, street)
                left += width

    def _shop(self, block: Block, at: tuple[float, float, float], faces: Side, street: str) -> None:
        left, top, width = at
        number = self.numbers[block.letter] = self.numbers.get(block.letter, 0) + 1
        door = block.turn((left + width / 2, top if faces == "north" else top + block.deep))
        ring = block.turn.rectangle(left, top, width, block.deep)
        is_open = self.chance.random() > EMPTY
        busy = 1.5 if street in {block.north, block.south} else 1.0
        work = round(max(0.1, self.works.gammavariate(2.0, 0.5) * busy), 2)
        name = f"{block.letter.lower()}-{number:03d}"
        self.shops.append(Shop(name, ring, door, street, block.hall, is_open, work))
