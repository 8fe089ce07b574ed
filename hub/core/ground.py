"""The ground of a market as values: what stands where, in metres, x right, y down, as on the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Ring = tuple[Point, ...]
"""An outline; the last corner joins the first."""
StreetKind = Literal["street", "aisle", "cross"]


@dataclass(frozen=True, slots=True)
class Hall:
    """A building."""

    id: str
    ring: Ring


@dataclass(frozen=True, slots=True)
class Street:
    """Anything one walks on: a street, an aisle or a cross aisle; `line` runs along its middle."""

    id: str
    kind: StreetKind
    line: tuple[Point, ...]
    width: float
    ring: Ring
    hall: str | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """Premises, let or not: `street` is what the door opens to, `work` what it takes to care for it."""

    id: str
    ring: Ring
    door: Point
    street: str | None = None
    hall: str | None = None
    open: bool = True
    work: float = 1.0


@dataclass(frozen=True, slots=True)
class Gate:
    """A way in or out."""

    id: str
    at: Point


@dataclass(frozen=True, slots=True)
class Ground:
    """A whole market without its people; ids are unique within each kind."""

    bounds: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    halls: tuple[Hall, ...]
    streets: tuple[Street, ...]
    shops: tuple[Shop, ...]
    gates: tuple[Gate, ...]
