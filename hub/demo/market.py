"""The ground of the reference market: halls, streets, aisles, shops and gates, in metres, y down.

Six halls stand in three columns and two rows with streets between and around them. A hall is filled with
stalls back to back: one row faces each street, the others face each other across aisles. Cross aisles cut
the rows. Everything follows from the tables below and one seeded generator, so that every start and every
test sees the same market.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Literal

WIDTH, HEIGHT = 320.0, 200.0
STREET = 8.0
AISLE = 3.0
"""Least width of an aisle; what a hall has left over makes its aisles wider."""
CROSS = 3.0
COLUMNS = (96.0, 104.0, 88.0)
ROWS = (88.0, 92.0)
"""Depth of the northern and of the southern halls."""
FRONTS = (3.6, 4.2, 4.8, 4.3, 3.7, 5.3)
"""Usual width of a stall, hall 1 to 6."""
DEPTHS = (4.6, 4.2, 5.0, 4.6, 4.4, 5.0)
LEAST_FRONT = 1.8
SEED = 13

Side = Literal["north", "south"]
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Hall:
    """A building; `number` 1–6, letters A–F on its stalls, odd numbers in the south."""

    number: int
    left: float
    top: float
    width: float
    depth: float

    @property
    def letter(self) -> str:
        """What its stalls begin with."""
        return "ABCDEF"[self.number - 1]

    @property
    def ring(self) -> Ring:
        """Its outline."""
        return rectangle(self.left, self.top, self.width, self.depth)


@dataclass(frozen=True, slots=True)
class Street:
    """Anything one walks on: a street, an aisle or a cross aisle."""

    id: str
    kind: Literal["street", "aisle", "cross"]
    left: float
    top: float
    width: float
    depth: float
    hall: int | None = None

    @property
    def ring(self) -> Ring:
        """Its outline."""
        return rectangle(self.left, self.top, self.width, self.depth)


@dataclass(frozen=True, slots=True)
class Shop:
    """A stall: its rectangle, the side its door is on and the walk its door opens to."""

    id: str
    hall: int
    left: float
    top: float
    width: float
    depth: float
    faces: Side
    walk: str
    open: bool

    @property
    def ring(self) -> Ring:
        """Its outline."""
        return rectangle(self.left, self.top, self.width, self.depth)

    @property
    def door(self) -> tuple[float, float]:
        """Middle of its front."""
        y = self.top if self.faces == "north" else self.top + self.depth
        return round(self.left + self.width / 2, 2), y

    @property
    def sign(self) -> str:
        """What stands over its door."""
        return self.id.upper()


@dataclass(frozen=True, slots=True)
class Gate:
    """Where a street leaves the market."""

    id: str
    side: Literal["north", "south", "west", "east"]
    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ground:
    """The whole market without its people."""

    halls: tuple[Hall, ...]
    streets: tuple[Street, ...]
    shops: tuple[Shop, ...]
    gates: tuple[Gate, ...]


def rectangle(left: float, top: float, width: float, depth: float) -> Ring:
    """The four corners, clockwise on the screen, metres to the centimetre."""
    right, bottom = round(left + width, 2), round(top + depth, 2)
    left, top = round(left, 2), round(top, 2)
    return (left, top), (right, top), (right, bottom), (left, bottom)


def build() -> Ground:
    """The reference market; the same value every time."""
    # S311: stalls of different widths, not secrets.
    chance = random.Random(SEED)  # noqa: S311
    lefts, tops = _starts(COLUMNS, WIDTH), _starts(ROWS, HEIGHT)
    halls = tuple(
        Hall(2 * column + (1 if row else 2), lefts[column], tops[row], COLUMNS[column], ROWS[row])
        for column in range(len(COLUMNS))
        for row in (1, 0)
    )
    streets = _streets(lefts, tops)
    shops: list[Shop] = []
    for hall in halls:
        inside = _Inside(hall, chance)
        inside.fill()
        streets += inside.walks
        shops += inside.shops
    return Ground(halls, tuple(streets), tuple(shops), _gates(lefts, tops))


def _starts(sizes: tuple[float, ...], whole: float) -> list[float]:
    at = (whole - sum(sizes) - STREET * (len(sizes) - 1)) / 2
    starts = []
    for size in sizes:
        starts.append(at)
        at += size + STREET
    return starts


def _centres(starts: list[float], whole: float) -> list[float]:
    """Centre lines of the streets: before, between and behind the halls, at least 2 m inside the market."""
    end = whole - starts[0]
    lines = [starts[0] - STREET / 2, *(start - STREET / 2 for start in starts[1:]), end + STREET / 2]
    return [min(max(line, 2.0), whole - 2.0) for line in lines]


def _streets(lefts: list[float], tops: list[float]) -> list[Street]:
    found = []
    for number, x in enumerate(_centres(lefts, WIDTH)):
        left, right = max(x - STREET / 2, 0.0), min(x + STREET / 2, WIDTH)
        found.append(Street(f"sv{number}", "street", left, 0.0, right - left, HEIGHT))
    for number, y in enumerate(_centres(tops, HEIGHT)):
        top, bottom = max(y - STREET / 2, 0.0), min(y + STREET / 2, HEIGHT)
        found.append(Street(f"sh{number}", "street", 0.0, top, WIDTH, bottom - top))
    return found


def _gates(lefts: list[float], tops: list[float]) -> tuple[Gate, ...]:
    across, down = _centres(lefts, WIDTH), _centres(tops, HEIGHT)
    north = [Gate(f"n{i}", "north", i, x, 0.0) for i, x in enumerate(across, 1)]
    south = [Gate(f"s{i}", "south", i, x, HEIGHT) for i, x in enumerate(across, 1)]
    west = [Gate(f"w{i}", "west", i, 0.0, y) for i, y in enumerate(down[1:-1], 1)]
    east = [Gate(f"e{i}", "east", i, WIDTH, y) for i, y in enumerate(down[1:-1], 1)]
    return (*north, *south, *west, *east)


@dataclass(slots=True)
class _Inside:
    """Fills one hall from north to south."""

    hall: Hall
    chance: random.Random
    walks: list[Street] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)

    def fill(self) -> None:
        hall, deep = self.hall, DEPTHS[self.hall.number - 1]
        aisles = int((hall.depth - 2 * deep) // (2 * deep + AISLE))
        wide = AISLE + (hall.depth - 2 * deep - aisles * (2 * deep + AISLE)) / aisles
        spans = self._spans()
        line = 0 if hall.number % 2 == 0 else 1
        y = hall.top
        self._row(spans, y, "north", f"sh{line}")
        for number in range(1, aisles + 1):
            name = f"h{hall.number}a{number}"
            y += deep
            self._row(spans, y, "south", name)
            y += deep
            self.walks.append(Street(name, "aisle", hall.left, y, hall.width, wide, hall.number))
            y += wide
            self._row(spans, y, "north", name)
        self._row(spans, y + deep, "south", f"sh{line + 1}")

    def _spans(self) -> list[tuple[float, float]]:
        """Stretches of stalls between the cross aisles, which are laid on the way."""
        hall, cuts = self.hall, 2
        width = (hall.width - cuts * CROSS) / (cuts + 1)
        if width < 28:  # noqa: PLR2004 - a short hall reads better with one cut
            cuts, width = 1, (hall.width - CROSS) / 2
        starts = [hall.left + number * (width + CROSS) for number in range(cuts + 1)]
        for number, start in enumerate(starts[1:], 1):
            name = f"h{hall.number}c{number}"
            self.walks.append(Street(name, "cross", start - CROSS, hall.top, CROSS, hall.depth, hall.number))
        return [(start, start + width) for start in starts]

    def _row(self, spans: list[tuple[float, float]], top: float, faces: Side, walk: str) -> None:
        front, deep = FRONTS[self.hall.number - 1], DEPTHS[self.hall.number - 1]
        for start, end in spans:
            left = start
            while left < end - 0.01:
                width = front * self.chance.uniform(0.85, 1.25)
                if left + width > end - LEAST_FRONT:
                    width = end - left
                number = f"{self.hall.letter.lower()}-{len(self.shops) + 1:03d}"
                is_open = self.chance.random() > 0.02  # noqa: PLR2004 - one stall in fifty stands empty
                self.shops.append(
                    Shop(number, self.hall.number, left, top, width, deep, faces, walk, is_open)
                )
                left += width
