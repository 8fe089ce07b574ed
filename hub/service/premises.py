"""One shop's premises over time: what is there, who was there, in which grid and group, and who trades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.service import number, people, place, survey
from hub.service.registered import person_of, views
from hub.service.shape import iso, maybe_iso, name
from hub.store.business import Business, Tenancy
from hub.store.component import Survey
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.placement import Centre, Placement

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
MOST = 20
"""Visits that are shown."""


def page(s: Session, actor: Actor, shop_id: str, now: datetime) -> View:
    """All that the registers say of one shop's premises.

    Raises:
        Refused: there is no such shop, or the actor may not see it.
    """
    today = number.day_of(s, actor.market, now)
    shop, target = place.shop(s, actor.market, shop_id, today)
    policy.authorize(actor, "component.see", Target(f"{target.node}/{shop.id}", target.unit))
    free = survey.free_from(s, actor.market, shop.id, today)
    return {
        "id": shop.id,
        "name": name(shop),
        "grid": {"id": shop.grid, "name": name(s.get_one(Grid, shop.grid))},
        "trade": shop.trade,
        "fire_class": shop.fire_class,
        "hours": shop.hours,
        "verified_at": maybe_iso(shop.verified_at),
        "components": views(s, actor, [(one, shop) for one in survey.of_shop(s, shop.id)], now),
        "surveys": _surveys(s, shop.id),
        "free_from": free.isoformat() if free else None,
        "placements": _placements(s, shop),
        "centres": _centres(s, shop.id),
        "tenancies": _tenancies(s, shop.id),
        "may": policy.allowed(actor, "component.change", target).allowed,
    }


def _surveys(s: Session, shop: str) -> list[View]:
    query = select(Survey).where(Survey.shop == shop).order_by(Survey.at.desc(), Survey.id.desc())
    rows = s.scalars(query.limit(MOST)).all()
    who = people.names(s, (row.by for row in rows))
    return [{"at": iso(row.at), "by": person_of(who, row.by), "note": row.note} for row in rows]


def _placements(s: Session, shop: Shop) -> list[View]:
    """Grids and groups of the shop over time, the newest first."""
    query = select(Placement).where(Placement.shop == shop.id).order_by(Placement.begins.desc())
    rows = s.scalars(query).all()
    grids = {row.id: row for row in s.scalars(select(Grid).where(Grid.id.in_(one.grid for one in rows)))}
    numbers = _numbers(s, [one.group for one in rows])
    return [
        {
            "grid": {"id": one.grid, "name": name(grids[one.grid])},
            "group": numbers.get(one.group or ""),
            **_days(one.begins, one.ends),
        }
        for one in rows
    ]


def _centres(s: Session, shop: str) -> list[View]:
    """The groups that the shop coordinated, and when."""
    rows = s.scalars(select(Centre).where(Centre.shop == shop).order_by(Centre.begins.desc())).all()
    numbers = _numbers(s, [one.group for one in rows])
    return [{"group": numbers.get(one.group), **_days(one.begins, one.ends)} for one in rows]


def _tenancies(s: Session, shop: str) -> list[View]:
    """Who traded there, and when."""
    query = select(Tenancy, Business).join(Business, Business.id == Tenancy.business)
    rows = s.execute(query.where(Tenancy.shop == shop).order_by(Tenancy.begins.desc())).all()
    return [
        {
            "business": {"id": row.Business.id, "name": name(row.Business)},
            **_days(row.Tenancy.begins, row.Tenancy.ends),
        }
        for row in rows
    ]


def _numbers(s: Session, groups: list[str | None]) -> dict[str, int]:
    """Groups by their numbers."""
    query = select(ShopGroup.id, ShopGroup.number).where(ShopGroup.id.in_({one for one in groups if one}))
    return {row[0]: row[1] for row in s.execute(query)}


def _days(begins: date, ends: date | None) -> View:
    return {"begins": begins.isoformat(), "ends": ends.isoformat() if ends else None}
