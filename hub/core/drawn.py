"""Stalls known by their doors alone, as a spreadsheet has them, and the plan that is drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

from hub.core.ground import Point, Ring, Street  # noqa: TC001 - the child reads what it is asked by these types


@dataclass(frozen=True, slots=True)
class Stall:
    """A stall without an outline: its door, and what else is known of it."""

    id: str
    door: Point
    width: float | None = None
    depth: float | None = None
    faces: float | None = None
    """Bearing in degrees to which its door looks, 0 up on the plan, clockwise."""
    street: str | None = None


@dataclass(frozen=True, slots=True)
class DrawAsked:
    """Draw these stalls; where there is no street yet, derive them from the rows of doors."""

    stalls: tuple[Stall, ...]
    streets: tuple[Street, ...]
    bounds: tuple[float, float, float, float]
    walls: tuple[Ring, ...] = ()
    """Outlines that are drawn already; new ones end at them."""
    derive: bool = False
    """Whether to derive streets where there is none."""


@dataclass(frozen=True, slots=True)
class DrawMade:
    """Outlines by stall, in metres to the centimetre, and the streets that were derived."""

    rings: dict[str, Ring]
    street_of: dict[str, str]
    """Stalls that open to a street."""
    streets: tuple[Street, ...]
    guessed: tuple[str, ...]
    """Stalls of which nobody could tell which way they face; they face down, or where there is room."""
