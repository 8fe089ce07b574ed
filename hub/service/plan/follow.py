"""What follows shops to their new grid and group: cameras nearest to them, and rights that stand at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.service import place
from hub.store.camera import Camera
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from hub.store.staff import Proposal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from hub.core.versions import Seat


def all_of(s: Session, market: str, before: Mapping[str, Seat], wanted: Mapping[str, Seat]) -> None:
    """Let cameras and rights follow; the register says already what is wanted."""
    _cameras(s, market, before, wanted)
    nodes = {
        place.node(market, before[shop].grid, before[shop].group) + f"/{shop}": place.node(
            market, seat.grid, seat.group
        )
        + f"/{shop}"
        for shop, seat in wanted.items()
    }
    grids = {row.id: row.grid for row in s.scalars(select(ShopGroup).where(ShopGroup.market == market))}
    nodes |= {
        place.node(market, seat.grid, seat.group): place.node(market, grids[seat.group], seat.group)
        for seat in before.values()
        if seat.group in grids and grids[seat.group] != seat.grid
    }
    below = f"{market}/%/%"
    held = s.scalars(select(Grant).where(Grant.node.like(below))).all()
    proposed = s.scalars(select(Proposal).where(Proposal.node.like(below))).all()
    rows: list[Grant | Proposal] = [*held, *proposed]
    for row in rows:
        row.node = nodes.get(row.node, row.node)
    s.flush()


def _cameras(s: Session, market: str, before: Mapping[str, Seat], wanted: Mapping[str, Seat]) -> None:
    """A camera that stood in the grid of the shop nearest to it goes with that shop."""
    doors = select(Shop.id, Shop.door_x, Shop.door_y).where(Shop.market == market, Shop.ends.is_(None))
    shops = [(row.id, row.door_x, row.door_y) for row in s.execute(doors.order_by(Shop.id))]
    for camera in s.scalars(select(Camera).where(Camera.market == market)):
        x, y = camera.x, camera.y
        near = min(shops, key=lambda shop: (shop[1] - x) ** 2 + (shop[2] - y) ** 2)[0]
        if near in wanted and camera.grid == before[near].grid:
            camera.grid = wanted[near].grid
