"""Shape of the market: ids and indexes side by side, so that 1,800 shops stay small on the wire."""

from __future__ import annotations

from hub.api.shape import Pair, Shown

Ring = list[tuple[float, float]]


class Hall(Shown):
    """A building."""

    id: str
    name: Pair
    ring: Ring


class Street(Shown):
    """An aisle, cross aisle or street."""

    id: str
    kind: str
    ring: Ring


class Grid(Shown):
    """A grid; `shops` is their number, `leader` whoever answers for it."""

    id: str
    name: Pair
    shops: int
    leader: Leader | None
    tint: int


class Leader(Shown):
    """The one responsible leader of a grid."""

    id: str
    name: Pair
    armband: str | None


class Group(Shown):
    """A ten-shop group and its centre shop."""

    id: str
    grid: str
    number: int
    centre: str | None
