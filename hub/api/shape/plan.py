"""Shape of the market: shops by columns, so that 1,800 of them stay small on the wire."""

from __future__ import annotations

from hub.api.shape.base import Pair, Shown

Ring = list[tuple[float, float]]


class Hall(Shown):
    """A building."""

    id: str
    name: Pair
    ring: Ring


class Street(Shown):
    """A street, aisle or cross aisle."""

    id: str
    kind: str
    ring: Ring


class Leader(Shown):
    """The one responsible leader of a grid."""

    name: Pair
    armband: str | None


class Grid(Shown):
    """A grid; `shops` is their number, `tint` 0 to 4 its colour on the plan."""

    id: str
    name: Pair
    shops: int
    leader: Leader | None
    tint: int


class Group(Shown):
    """A ten-shop group and its centre shop."""

    id: str
    grid: str
    number: int
    centre: str | None


class Shops(Shown):
    """Columns of equal length; `grid` and `group` are indexes, -1 for none; a ring is x, y, x, y."""

    id: list[str]
    grid: list[int]
    group: list[int]
    ring: list[list[float]]
    name: list[str | Pair]
    open: list[bool]
    """Whether somebody trades there today."""


class Gate(Shown):
    """A way in or out."""

    id: str
    name: Pair
    x: float
    y: float


class Camera(Shown):
    """A camera; `bearing` in degrees, 0 up on the plan, clockwise; `fov` in degrees, `range` in metres."""

    id: str
    name: Pair
    place: Pair
    grid: str | None
    hall: str | None
    x: float
    y: float
    bearing: float
    fov: float
    range: float
    critical: bool
    device: str | None


class Plan(Shown):
    """The market; metres, y down."""

    id: str
    name: Pair
    day: str
    """The date of which grids, groups and premises are; all else is today's."""
    bounds: tuple[float, float, float, float]
    halls: list[Hall]
    streets: list[Street]
    grids: list[Grid]
    groups: list[Group]
    shops: Shops
    gates: list[Gate]
    cameras: list[Camera]
