"""Swaps as pages see them, with what their reader may do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.core import turn as rules
from hub.core.refuse import Refused
from hub.service.group import names_of
from hub.service.shape import iso, maybe_iso, pair
from hub.service.turn import offer, view, whose
from hub.store.market import ShopGroup
from hub.store.turn import Swap, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
RECENT = timedelta(days=7)
"""Answers are shown for so long."""


def concerning(s: Session, actor: Actor, group: ShopGroup, shops: frozenset[str], today: date) -> list[View]:
    """Swaps of these shops of a group that are open, or were answered in the last days; newest first."""
    query = select(Swap).where(
        Swap.kind == "turn",
        Swap.day >= today - RECENT,
        or_(Swap.asker.in_(shops), Swap.asked.in_(shops)),
    )
    rows = s.scalars(query.order_by(Swap.asked_at.desc(), Swap.id.desc()).limit(20)).all()
    return views(s, actor, group, rows)


def views(s: Session, actor: Actor, group: ShopGroup, rows: Sequence[Swap]) -> list[View]:
    """Swaps as pages see them."""
    shops = names_of(s, (one for row in rows for one in (row.asker, row.asked)))
    ids = [one for row in rows for one in (row.given, row.taken) if one]
    turns = {row.id: row for row in s.scalars(select(Turn).where(Turn.id.in_(ids)))} if ids else {}
    return [
        {
            "id": row.id,
            "state": {"id": row.state, **pair(rules.SWAP[row.state])},
            "asker": view.shop(shops, row.asker),
            "asked": view.shop(shops, row.asked),
            "given": offer.day_of(turns[row.given]),
            "taken": offer.day_of(turns[row.taken]) if row.taken else None,
            "note": row.note,
            "asked_at": iso(row.asked_at),
            "decided_at": maybe_iso(row.decided_at),
            "may": _may(s, actor, group, row),
        }
        for row in rows
    ]


def one(s: Session, actor: Actor, row: Swap) -> View:
    """A swap as pages see it."""
    turn = s.get_one(Turn, row.given)
    return views(s, actor, s.get_one(ShopGroup, turn.group), [row])[0]


def _may(s: Session, actor: Actor, group: ShopGroup, row: Swap) -> list[str]:
    if row.state != "asked":
        return []
    found = ["agree", "refuse"] if _can(s, actor, group, row.asked) and actor.person != row.asked_by else []
    return found + (["withdraw"] if _can(s, actor, group, row.asker) else [])


def _can(s: Session, actor: Actor, group: ShopGroup, shop: str) -> bool:
    try:
        whose.speaks_for(s, actor, group, shop)
    except Refused:
        return False
    return True
