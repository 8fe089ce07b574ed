"""Five grids of about 360 shops and their ten-shop groups, cut along aisles.

Each outer hall is a grid of its own; the middle northern one is shared out aisle by aisle. An aisle with the
stalls on both its sides is never cut between two grids. Planning proper weighs work and distance; this is
what a market has before it plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.core.ground import Ground, Shop

NAMES = (
    ("west-1", "西区一格", "West 1"),
    ("west-2", "西区二格", "West 2"),
    ("central", "中区一格", "Central"),
    ("east-1", "东区一格", "East 1"),
    ("east-2", "东区二格", "East 2"),
)
GRID_OF_HALL = {
    "h1": "west-1",
    "h2": "west-2",
    "h3": "central",
    "h4": "east-2",
    "h5": "east-1",
    "h6": "east-2",
}
GRID_OF_AISLE = {"h4a4": "west-2", "h4a5": "central", "h4a6": "central"}
"""Aisles that belong to another grid than their hall."""
GRID_OF_FRONT = {("h4", "sh1"): "central"}
"""Likewise for a hall's stalls along a street."""
GROUP = 9.8
"""Neighbours in a group on average; 8 to 12 happen."""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours along one stretch of an aisle; `centre` coordinates."""

    id: str
    grid: str
    number: int
    shops: tuple[str, ...]
    centre: str


@dataclass(frozen=True, slots=True)
class Split:
    """Which grid and group each shop belongs to."""

    groups: tuple[Group, ...]
    grid_of: dict[str, str]
    group_of: dict[str, str]


def split(ground: Ground) -> Split:
    """Grids and groups of `ground`; groups are numbered grid after grid, from north to south."""
    aisles: dict[str, list[list[Shop]]] = {name: [] for name, _, _ in NAMES}
    for (hall, street), row in groupby(ground.shops, key=lambda shop: (shop.hall or "", shop.street or "")):
        grid = GRID_OF_AISLE.get(street) or GRID_OF_FRONT.get((hall, street)) or GRID_OF_HALL[hall]
        aisles[grid].append(sorted(row, key=lambda shop: (shop.door[0], _south(shop))))
    grid_of = {shop.id: grid for grid, rows in aisles.items() for row in rows for shop in row}
    parts = [(grid, part) for grid, rows in aisles.items() for row in rows for part in _parts(row)]
    groups = tuple(_group(grid, number, part) for number, (grid, part) in enumerate(parts, 1))
    return Split(groups, grid_of, {shop: group.id for group in groups for shop in group.shops})


def _group(grid: str, number: int, shops: list[Shop]) -> Group:
    names = tuple(shop.id for shop in shops)
    return Group(f"g-{number:03d}", grid, number, names, names[len(names) // 2])


def _parts(aisle: list[Shop]) -> list[list[Shop]]:
    count = max(1, round(len(aisle) / GROUP))
    cuts = [len(aisle) * number // count for number in range(count + 1)]
    return [aisle[begin:end] for begin, end in pairwise(cuts)]


def _south(shop: Shop) -> bool:
    """Whether its door is in the south."""
    return shop.door[1] > shop.ring[0][1]
