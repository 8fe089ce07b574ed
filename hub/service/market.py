"""The market's plan for pages: one JSON of about 1,800 shops that a door caches."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.service import people
from hub.service.placement import centres, holds
from hub.service.shape import name
from hub.store.camera import Camera
from hub.store.market import Gate, Grid, Hall, Market, Shop, ShopGroup, Street
from hub.store.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.store.people import Person


def plan(s: Session, market: str, day: date) -> dict[str, Any]:
    """Ground, grids, groups, shops by columns, gates and cameras, as they are on `day`; metres, y down.

    Grids, groups and premises have days; streets, halls, gates, cameras and who trades are today's.
    """
    row = s.get_one(Market, market)
    groups = s.scalars(
        select(ShopGroup).where(ShopGroup.market == market, holds(ShopGroup, day)).order_by(ShopGroup.number)
    ).all()
    columns = (Shop.id, Placement.grid, Placement.group, Shop.ring, Shop.name_zh, Shop.name_en, Shop.open)
    placed = select(*columns).join(Placement, Placement.shop == Shop.id)
    here = (Shop.market == market, holds(Shop, day), holds(Placement, day))
    shops = s.execute(placed.where(*here).order_by(Shop.id)).all()
    # A shop is shown where it was placed, also where its grid does not hold: one page must not fail for all.
    used = or_(holds(Grid, day), Grid.id.in_({shop.grid for shop in shops}))
    grids = s.scalars(select(Grid).where(Grid.market == market, used).order_by(Grid.number)).all()
    grid_of = {shop.group: shop.grid for shop in shops}
    seated = centres(s, market, day)
    halls = s.scalars(select(Hall).where(Hall.market == market).order_by(Hall.id))
    streets = s.scalars(select(Street).where(Street.market == market).order_by(Street.id))
    gates = s.scalars(select(Gate).where(Gate.market == market).order_by(Gate.id))
    cameras = s.scalars(select(Camera).where(Camera.market == market).order_by(Camera.id))
    return {
        "id": row.id,
        "name": name(row),
        "day": day.isoformat(),
        "bounds": [row.x0, row.y0, row.x1, row.y1],
        "halls": [{"id": hall.id, "name": name(hall), "ring": hall.ring} for hall in halls],
        "streets": [{"id": street.id, "kind": street.kind, "ring": street.ring} for street in streets],
        "grids": _grids(s, grids, shops),
        "groups": [
            {"id": g.id, "grid": grid_of.get(g.id, g.grid), "number": g.number, "centre": seated.get(g.id)}
            for g in groups
        ],
        "shops": _shops(grids, groups, shops),
        "gates": [{"id": gate.id, "name": name(gate), "x": gate.x, "y": gate.y} for gate in gates],
        "cameras": [_camera(camera) for camera in cameras],
    }


def names(s: Session) -> list[str]:
    """Every market that this database holds, by id."""
    return list(s.scalars(select(Market.id).order_by(Market.id)))


def _grids(s: Session, grids: Sequence[Grid], shops: Sequence[Any]) -> list[dict[str, Any]]:
    count = Counter(shop.grid for shop in shops)
    leaders = people.names(s, (grid.leader for grid in grids))
    return [
        {
            "id": grid.id,
            "name": name(grid),
            "shops": count[grid.id],
            "leader": _leader(leaders.get(grid.leader or "")),
            "tint": grid.tint,
        }
        for grid in grids
    ]


def _leader(person: Person | None) -> dict[str, Any] | None:
    return {"name": name(person), "armband": person.armband} if person else None


def _shops(grids: Sequence[Grid], groups: Sequence[ShopGroup], shops: Sequence[Any]) -> dict[str, Any]:
    """Columns of equal length; grid and group are indexes into theirs, -1 for none."""
    grid_at = {grid.id: index for index, grid in enumerate(grids)}
    group_at = {group.id: index for index, group in enumerate(groups)}
    return {
        "id": [shop.id for shop in shops],
        "grid": [grid_at[shop.grid] for shop in shops],
        "group": [group_at.get(shop.group, -1) for shop in shops],
        "ring": [shop.ring for shop in shops],
        "name": [_either(shop.name_zh, shop.name_en) for shop in shops],
        "open": [shop.open for shop in shops],
    }


def _either(zh: str, en: str) -> str | dict[str, str]:
    """One text where both languages agree: 1,800 pairs would double the page."""
    return zh if zh == en else {"zh": zh, "en": en}


def _camera(camera: Camera) -> dict[str, Any]:
    return {
        "id": camera.id,
        "name": name(camera),
        "place": {"zh": camera.place_zh, "en": camera.place_en},
        "grid": camera.grid,
        "hall": camera.hall,
        "x": camera.x,
        "y": camera.y,
        "bearing": camera.bearing,
        "fov": camera.fov,
        "range": camera.range_m,
        "critical": camera.critical,
        "device": camera.device,
    }
