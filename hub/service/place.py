"""Where something is: its node for rights, its shop group, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service.placement import holds
from hub.store.business import Tenancy
from hub.store.market import Shop
from hub.store.people import Grant

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.store.alert import Alert
    from hub.store.camera import Camera
    from hub.store.case import Case


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the market; metres, y down."""

    words: Pair
    grid: str | None = None
    group: str | None = None
    x: float | None = None
    y: float | None = None


def node(market: str, grid: str | None, group: str | None = None) -> str:
    """`market`, `market/grid` or `market/grid/group`."""
    return "/".join(part for part in (market, grid, group if grid else None) if part)


def node_of(thing: Alert | Case) -> str:
    """The node at which an alert or case stands."""
    return node(thing.market, thing.grid, thing.group)


def shop(s: Session, market: str, shop_id: str, today: date) -> tuple[Shop, Target]:
    """A shop as what is acted upon; its unit are its own people, and leaders who care for its business today.

    Raises:
        Refused: the market has no such shop.
    """
    row = s.get(Shop, shop_id)
    if row is None or row.market != market:
        raise Refused("missing", "shop.none", "There is no such shop.", "没有这个商铺。")
    at = node(market, row.grid, row.group)
    own = s.scalars(select(Grant.person).where(Grant.node == f"{at}/{row.id}"))
    return row, Target(at, frozenset(own) | _also_care(s, row, today))


def refuse_ended(shop: Shop) -> None:
    """Refuse premises that others were made of."""
    if shop.ends is not None:
        en = "These premises are no more: others were made of them."
        raise Refused("state", "shop.ended", en, "该商铺已拆分或合并，不再存在。")


def _also_care(s: Session, shop: Shop, today: date) -> frozenset[str]:
    """Leaders of the other grids in which the shop's business has a shop: both care for either stall."""
    here, there = aliased(Tenancy), aliased(Tenancy)
    grids = (
        select(Shop.grid)
        .join(there, there.shop == Shop.id)
        .join(here, here.business == there.business)
        .where(here.shop == shop.id, holds(here, today), holds(there, today), Shop.grid != shop.grid)
    )
    nodes = [node(shop.market, grid) for grid in s.scalars(grids.distinct())]
    if not nodes:
        return frozenset()
    return frozenset(s.scalars(select(Grant.person).where(Grant.role == "leader", Grant.node.in_(nodes))))


def of_camera(s: Session, camera: Camera) -> Place:
    """What the camera looks at."""
    shop = nearest_shop(s, camera.market, camera.x, camera.y)
    group = shop.group if shop and shop.grid == camera.grid else None
    return Place(Pair(camera.place_zh, camera.place_en), camera.grid, group, camera.x, camera.y)


def nearest_shop(s: Session, market: str, x: float, y: float) -> Shop | None:
    """The shop whose door is nearest to a point."""
    away = (Shop.door_x - x) * (Shop.door_x - x) + (Shop.door_y - y) * (Shop.door_y - y)
    return s.scalar(select(Shop).where(Shop.market == market, Shop.ends.is_(None)).order_by(away).limit(1))
