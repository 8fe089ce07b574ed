"""A phone's first page: who I am, and what each room has for me today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import glossary
from hub.service import roster, turn
from hub.service.patrol.mine import mine
from hub.service.shape import iso, name, pair
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.supervise import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

LEVELS = {"grid": Grid, "group": ShopGroup, "shop": Shop}
"""What stands below the market in a grant's node, in this order."""


def page(s: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything that a phone shows before anybody touches it."""
    day = turn.today(s, actor, now)
    unread = (Notice.person == actor.person, Notice.market == actor.market, Notice.seen_at.is_(None))
    return {
        "now": iso(now),
        "me": _me(s, actor),
        "duty": roster.mine(s, actor, now),
        "turn": day if day["group"] else None,
        "patrol": mine(s, actor, now),
        "unread": s.scalar(select(func.count()).select_from(Notice).where(*unread)) or 0,
    }


def _me(s: Session, actor: Actor) -> dict[str, Any]:
    """Who this is, by the grant that reaches the least far: that is where they are at home."""
    nodes = sorted(actor.nodes, key=lambda node: -node.count("/"))
    path = nodes[0].split("/")[1:] if nodes else []
    roles = [{"id": str(role), **pair(glossary.ROLE[role])} for role in actor.roles]
    home: dict[str, Any] = dict.fromkeys(LEVELS)
    for (level, table), id_ in zip(LEVELS.items(), path, strict=False):
        row: Any = s.get(table, id_)
        if row is not None:
            words = {"zh": f"{row.number} 组", "en": f"Group {row.number}"} if level == "group" else name(row)
            home[level] = {"id": row.id, **words}
    return {
        "id": actor.person,
        "name": pair(actor.name),
        "roles": roles,
        "armband": actor.armband,
        **home,
    }
