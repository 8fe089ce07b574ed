"""Where somebody is who calls for help: the own shop, a position, the last visit, or the grid on duty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from hub.core.glossary import Pair
from hub.core.policy import Role
from hub.core.sos import FRESH, on_plan
from hub.service import anchor as anchors
from hub.service import duty, place
from hub.service.place import Place
from hub.store.market import Grid, Market, Shop, ShopGroup
from hub.store.patrol import Checkpoint, Visit

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.sos import Position

STAFF = frozenset(
    {Role.GUARD, Role.MONITOR, Role.DISPATCHER, Role.DESK, Role.LEADER, Role.MANAGER, Role.LIAISON}
)
"""Roles whose names stand on the wall anyway."""
By = Literal["shop", "position", "visit", "grid", "market"]


@dataclass(frozen=True, slots=True)
class Found:
    """A place, and how it is known."""

    where: Place
    by: By


def of(s: Session, actor: Actor, position: Position | None, now: datetime) -> Found:
    """Where the actor is, as well as anybody knows."""
    point = _point(s, actor.market, position)
    shop = _own_shop(s, actor)
    if shop is not None:
        at = Place(Pair(shop.name_zh, shop.name_en), shop.grid, shop.group, shop.door_x, shop.door_y)
        return Found(at, "shop")
    if point is not None:
        return Found(near(s, actor.market, point), "position")
    return _visited(s, actor, now) or _placed(s, actor, now)


def near(s: Session, market: str, point: tuple[float, float]) -> Place:
    """The point itself, called after the nearest shop."""
    shop = place.nearest_shop(s, market, *point)
    if shop is None:
        return Place(Pair("市场内", "In the market"), None, None, *point)
    return Place(_near(shop.name_zh, shop.name_en), shop.grid, shop.group, *point)


def moved(s: Session, market: str, position: Position) -> Place | None:
    """The place of a position; None where it is unsure or elsewhere."""
    point = _point(s, market, position)
    return near(s, market, point) if point else None


def _point(s: Session, market: str, position: Position | None) -> tuple[float, float] | None:
    anchor = anchors.of(s, market)
    if position is None or anchor is None:
        return None
    row = s.get_one(Market, market)
    return on_plan(position, anchor, (row.x0, row.y0, row.x1, row.y1))


def _own_shop(s: Session, actor: Actor) -> Shop | None:
    """The shop of a shopkeeper; of a centre shop that is granted its group, the group's centre."""
    for grant in actor.grants:
        market, *parts = grant.node.split("/")
        if market != actor.market or grant.role not in ("shop", "centre") or len(parts) < 2:  # noqa: PLR2004 - grid, group
            continue
        group = s.get(ShopGroup, parts[1])
        shop = s.get(Shop, parts[2] if len(parts) > 2 else (group.centre if group else None) or "")  # noqa: PLR2004
        if shop is not None and shop.market == actor.market and shop.ends is None:
            return shop
    return None


def _visited(s: Session, actor: Actor, now: datetime) -> Found | None:
    query = (
        select(Checkpoint)
        .join(Visit, Visit.checkpoint == Checkpoint.id)
        .where(Visit.market == actor.market, Visit.walker == actor.person, Visit.at > now - FRESH)
        .order_by(Visit.at.desc())
    )
    point = s.scalar(query.limit(1))
    if point is None:
        return None
    shop = place.nearest_shop(s, actor.market, point.x, point.y)
    group = shop.group if shop and shop.grid == point.grid else None
    words = _near(point.name_zh, point.name_en)
    return Found(Place(words, point.grid, group, point.x, point.y), "visit")


def _placed(s: Session, actor: Actor, now: datetime) -> Found:
    """The grid of the crew on duty, or that of the first grant at one; else nobody knows."""
    on = duty.now_on(s, actor.market, now)
    grids = [one.crew.grid for one in on if one.person.id == actor.person and one.crew is not None]
    nodes = (grant.node.split("/") for grant in actor.grants)
    grids += [node[1] for node in nodes if node[0] == actor.market and len(node) > 1]
    grid = s.get(Grid, grids[0]) if grids else None
    if grid is not None:
        words = Pair(f"{grid.name_zh}（具体位置不明）", f"{grid.name_en}, place unknown")
        return Found(Place(words, grid.id), "grid")
    return Found(Place(Pair("位置不明", "Place unknown")), "market")


def named(where: Place, actor: Actor) -> Place:
    """The same place with who called, as those who come read it; of a shop its own name says enough."""
    if not STAFF & {*actor.roles}:
        return where
    words = Pair(f"{actor.name.zh}，{where.words.zh}", f"{actor.name.en}, {where.words.en}")
    return replace(where, words=words)


def _near(zh: str, en: str) -> Pair:
    return Pair(f"{zh} 附近", f"near {en}")
