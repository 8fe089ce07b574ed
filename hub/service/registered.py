"""The register of components as its pages show it: what is due first, a page at a time, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select, tuple_

from hub.core import component, policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import limit, number, people, place, scope
from hub.service.shape import iso, name, pair
from hub.store.component import Component, ComponentCheck
from hub.store.market import Shop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from hub.core.component import Limits
    from hub.core.policy import Actor
    from hub.store.people import Person

View = dict[str, Any]
MOST = 100
"""Rows of one page."""
RANK, LAST = {"missing": 0, "faulty": 1}, 2
"""What is wrong comes before what is only old."""
SHOP_AT = 3
"""Where the shop stands in the path of a node."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which components; `after` is the last row of the page before."""

    kind: str | None = None
    grid: str | None = None
    due: bool = False
    """Only what is stale, faulty or missing."""
    after: str | None = None


def listing(s: Session, actor: Actor, filters: Filters, now: datetime) -> View:
    """Components that the actor may see and how many there are of each kind.

    What is missing or faulty comes first, then what was seen longest ago.

    Raises:
        Refused: the actor may see none.
    """
    policy.authorize(actor, "component.see", Target(scope.first(actor, "component.see")))
    limits = limit.of(s, actor.market)
    stale = _stale_before(s, actor.market, limits, now)
    there = (Component.market == actor.market, Component.removed_at.is_(None), seen(actor, "component.see"))
    query = select(Component, Shop).join(Shop, Shop.id == Component.near).where(*there)
    query = query.where(*_asked(filters, stale))
    order = (_rank(), Component.verified_at, Component.id)
    if filters.after and (last := s.get(Component, filters.after)):
        query = query.where(tuple_(*order) > (RANK.get(last.condition, LAST), last.verified_at, last.id))
    rows = s.execute(query.order_by(*order).limit(MOST + 1)).all()
    shown = [(row.Component, row.Shop) for row in rows[:MOST]]
    return {
        "components": views(s, actor, shown, now),
        "more": len(rows) > MOST,
        "kinds": _counts(s, there, stale),
        "limits": {
            "stale_days": limits.stale_days,
            "gap_days": limits.gap_days,
            "term_months": limits.term_months,
        },
    }


def one(s: Session, actor: Actor, id_: str, now: datetime) -> View:
    """One component.

    Raises:
        Refused: there is none, or the actor may not see it.
    """
    row, shop = _find(s, actor, id_)
    return views(s, actor, [(row, shop)], now)[0]


def history(s: Session, actor: Actor, id_: str) -> list[View]:
    """What was found at one, newest first.

    Raises:
        Refused: there is none, or the actor may not see it.
    """
    row, _ = _find(s, actor, id_)
    query = select(ComponentCheck).where(ComponentCheck.component == row.id)
    rows = s.scalars(query.order_by(ComponentCheck.at.desc(), ComponentCheck.id.desc()).limit(MOST)).all()
    who = people.names(s, (one.by for one in rows))
    return [
        {
            "at": iso(one.at),
            "by": person_of(who, one.by),
            "condition": {"id": one.condition, **pair(component.CONDITION[one.condition])},
            "note": one.note,
        }
        for one in rows
    ]


def views(s: Session, actor: Actor, rows: Sequence[tuple[Component, Shop]], now: datetime) -> list[View]:
    """Components with their shops, as pages show them."""
    limits, zone = limit.of(s, actor.market), number.zone_of(s, actor.market)
    today = number.day_of(s, actor.market, now)
    who = people.names(s, (row.verified_by for row, _ in rows))
    found = []
    for row, shop in rows:
        day = row.verified_at.astimezone(zone).date()
        standing = component.standing(row.condition, day, today, limits)
        free = component.too_early(day, today, limits, at_fault=row.condition != "good")
        found.append(
            {
                "id": row.id,
                "kind": {"id": row.kind, **pair(component.KIND[row.kind])},
                "owner": {"id": row.owner, **pair(component.OWNER[row.owner])},
                "shop": {"id": shop.id, "name": name(shop)},
                "inside": row.inside,
                "grid": shop.grid,
                "spot": row.spot,
                "x": row.x,
                "y": row.y,
                "standing": {"id": standing, **pair(component.STANDING[standing])},
                "days": (today - day).days,
                "verified_at": iso(row.verified_at),
                "verified_by": person_of(who, row.verified_by),
                "free_from": free.isoformat() if free and row.inside else None,
                "may": _within(actor, "component.change", shop),
            }
        )
    return found


def seen(actor: Actor, action: str) -> ColumnElement[bool]:
    """The condition that a shop stands where the actor may do `action`: also the one that is their own."""
    own = [
        parts[SHOP_AT]
        for node in policy.scope(actor, action)
        if len(parts := node.split("/")) > SHOP_AT and parts[0] == actor.market
    ]
    below = scope.below(actor, action, Shop)
    return or_(below, Shop.id.in_(own)) if own else below


def person_of(who: Mapping[str, Person], person: str | None) -> View | None:
    """Somebody as a list names them, if there is somebody."""
    return {"id": person, "name": name(who[person])} if person else None


def _within(actor: Actor, action: str, shop: Shop) -> bool:
    return any(policy.within(_node(shop), above) for above in policy.scope(actor, action))


def _find(s: Session, actor: Actor, id_: str) -> tuple[Component, Shop]:
    row = s.get(Component, id_)
    if row is None or row.market != actor.market or row.removed_at is not None:
        raise Refused("missing", "component.none", "There is no such component.", "没有这个部件。")
    shop = s.get_one(Shop, row.near)
    policy.authorize(actor, "component.see", Target(_node(shop)))
    return row, shop


def _rank() -> ColumnElement[int]:
    return case(*((Component.condition == one, rank) for one, rank in RANK.items()), else_=LAST)


def _node(shop: Shop) -> str:
    return f"{place.node(shop.market, shop.grid, shop.group)}/{shop.id}"


def _stale_before(s: Session, market: str, limits: Limits, now: datetime) -> datetime:
    """The moment before which something was seen too long ago: a midnight of the market."""
    first_good = number.day_of(s, market, now) - timedelta(days=limits.stale_days - 1)
    return datetime.combine(first_good, time(0), number.zone_of(s, market))


def _is_due(stale: datetime) -> ColumnElement[bool]:
    return or_(Component.condition != "good", Component.verified_at < stale)


def _asked(filters: Filters, stale: datetime) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [_is_due(stale)] if filters.due else []
    if filters.kind:
        wanted.append(Component.kind == filters.kind)
    if filters.grid:
        wanted.append(Shop.grid == filters.grid)
    return wanted


def _counts(s: Session, there: Sequence[ColumnElement[bool]], stale: datetime) -> list[View]:
    """Kinds that are there, in the order of their table: how many, and what is wrong with how many."""

    def sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    is_stale = and_(Component.condition == "good", Component.verified_at < stale)
    columns = (
        func.count(),
        sum_of(is_stale),
        *(sum_of(Component.condition == one) for one in ("faulty", "missing")),
    )
    query = select(Component.kind, *columns).join(Shop, Shop.id == Component.near).where(*there)
    rows = {row[0]: row for row in s.execute(query.group_by(Component.kind))}
    return [
        {
            "kind": {"id": kind, **pair(words)},
            "all": rows[kind][1],
            "stale": rows[kind][2],
            "faulty": rows[kind][3],
            "missing": rows[kind][4],
        }
        for kind, words in component.KIND.items()
        if kind in rows
    ]
