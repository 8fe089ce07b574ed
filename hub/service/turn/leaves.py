"""Leave of shops as pages see it: the days for whoever sees turns, the reason only for whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.core import policy
from hub.core import turn as rules
from hub.service import number, place
from hub.service.group import names_of
from hub.service.shape import iso, maybe_iso, pair
from hub.service.turn import view, whose
from hub.store.bulk import among
from hub.store.market import Shop
from hub.store.turn import Leave, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.market import ShopGroup

View = dict[str, Any]
LISTED = 200


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Leave of the shops whose turns the actor may see, that is not over: what waits first.

    Raises:
        Refused: they may see none.
    """
    policy.authorize(actor, "duty.see", _anywhere(actor))
    today = number.day_of(s, actor.market, now)
    query = select(Leave, Shop).join(Shop, Shop.id == Leave.shop).where(Leave.market == actor.market)
    seen = [_below(node) for node in policy.scope(actor, "duty.see")]
    rows = s.execute(
        query.where(Leave.kind == "leave", Leave.last >= today, or_(*seen))
        .order_by(Leave.state != "asked", Leave.first, Leave.id)
        .limit(LISTED)
    ).all()
    return views(s, actor, [(row.Leave, row.Shop) for row in rows])


def one(s: Session, actor: Actor, row: Leave) -> View:
    """A leave as pages see it."""
    return views(s, actor, [(row, s.get_one(Shop, row.shop))])[0]


def views(s: Session, actor: Actor, rows: Sequence[tuple[Leave, Shop]]) -> list[View]:
    """Leave as pages see it; why, and what was answered, is told to who decides and to the shop alone."""
    named = names_of(s, {shop.id for _, shop in rows})
    turns = _turns(s, actor.market, rows)
    groups = whose.groups_of(s, actor.market, sorted({shop.group for _, shop in rows if shop.group}))
    found = []
    for row, shop in rows:
        decides, speaks = _stands(actor, shop, groups.get(shop.group or ""))
        told = decides or speaks or actor.person == row.asked_by
        found.append(
            {
                "id": row.id,
                "shop": view.shop(named, shop.id),
                "group": shop.group,
                "first": row.first.isoformat(),
                "last": row.last.isoformat(),
                "reason": row.reason if told else "",
                "state": {"id": row.state, **pair(rules.LEAVE[row.state])},
                "asked_at": iso(row.asked_at),
                "decided_at": maybe_iso(row.decided_at),
                "answer": row.answer if told else "",
                "turns": [day.isoformat() for day in turns.get(shop.id, ()) if row.first <= day <= row.last],
                "may": _may(actor, row, decides=decides and shop.group is not None, speaks=speaks),
            }
        )
    return found


def _turns(s: Session, market: str, rows: Sequence[tuple[Leave, Shop]]) -> dict[str, list[date]]:
    """The days that each shop has from the first leave on."""
    found: dict[str, list[date]] = {}
    if rows:
        query = select(Turn).where(Turn.market == market, Turn.day >= min(row.first for row, _ in rows))
        held = query.where(among(s, Turn.shop, sorted({shop.id for _, shop in rows})))
        for turn in s.scalars(held.order_by(Turn.day)):
            found.setdefault(turn.shop or "", []).append(turn.day)
    return found


def _stands(actor: Actor, shop: Shop, group: ShopGroup | None) -> tuple[bool, bool]:
    """Whether the actor decides on leave of a shop, and whether they speak for it."""
    target = policy.Target(place.node(shop.market, shop.grid, shop.group))
    speaks = group is not None and shop.id in whose.spoken(actor, group)
    return policy.allowed(actor, "duty.approve", target).allowed, speaks


def _may(actor: Actor, row: Leave, *, decides: bool, speaks: bool) -> list[str]:
    asked = row.state == "asked"
    found = ["grant", "refuse"] if asked and decides and actor.person != row.asked_by else []
    return found + (["withdraw"] if speaks and (asked or row.state == "granted") else [])


def _anywhere(actor: Actor) -> policy.Target:
    return policy.Target(next(iter(policy.scope(actor, "duty.see")), actor.market))


def _below(node: str) -> Any:
    """Whether a shop stands below a node; a group's people see their group's."""
    _, *parts = node.split("/")
    columns = zip((Shop.grid, Shop.group), parts, strict=False)
    found = Shop.market == node.split("/", maxsplit=1)[0]
    for column, part in columns:
        found = found & (column == part)
    return found
