"""A market's ground as the value that planners take: what stands there on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from hub.core import ground
from hub.service.placement import living
from hub.store.market import Gate, Hall, Market, Shop, Street

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.core.ground import Ground, Point, Ring, StreetKind


def of(s: Session, market: str, day: date) -> Ground:
    """Halls, streets, gates and the premises of `day`; a street without a line gets one through its ring."""
    row = s.get_one(Market, market)
    halls = s.scalars(select(Hall).where(Hall.market == market).order_by(Hall.id))
    streets = s.scalars(select(Street).where(Street.market == market).order_by(Street.id))
    gates = s.scalars(select(Gate).where(Gate.market == market).order_by(Gate.id))
    return ground.Ground(
        bounds=(row.x0, row.y0, row.x1, row.y1),
        halls=tuple(ground.Hall(hall.id, _ring(hall.ring)) for hall in halls),
        streets=tuple(_street(street) for street in streets),
        shops=tuple(_shop(shop) for shop in living(s, market, day)),
        gates=tuple(ground.Gate(gate.id, (gate.x, gate.y)) for gate in gates),
    )


def _street(street: Street) -> ground.Street:
    ring = _ring(street.ring)
    line, width = _middle(ring)
    return ground.Street(
        street.id,
        cast("StreetKind", street.kind),
        _ring(street.line) if street.line else line,
        street.width or width,
        ring,
        street.hall,
    )


def _shop(shop: Shop) -> ground.Shop:
    flat = [float(one) for one in shop.ring]
    return ground.Shop(
        shop.id,
        tuple(zip(flat[::2], flat[1::2], strict=True)),
        (shop.door_x, shop.door_y),
        shop.street,
        shop.hall,
        shop.open,
        shop.work,
    )


def _ring(points: list[Any]) -> Ring:
    return tuple((float(x), float(y)) for x, y in points)


def _middle(ring: Ring) -> tuple[tuple[Point, ...], float]:
    """The line along the middle of a ring's box, the longer way, and how wide it is."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    if right - left >= bottom - top:
        return ((left, (top + bottom) / 2), (right, (top + bottom) / 2)), bottom - top
    return (((left + right) / 2, top), ((left + right) / 2, bottom)), right - left
