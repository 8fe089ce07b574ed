"""Rotations as pages see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import people, scope
from hub.service.group import names_of
from hub.service.registered import person_of
from hub.service.shape import iso, maybe_iso, name
from hub.service.turn import view, whose
from hub.store.market import Grid, Market, ShopGroup
from hub.store.turn import Rotation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.people import Person

View = dict[str, Any]
LISTED = 60
SHOWN = ("spread", "baseline_spread", "proved", "groups", "turns", "oddities", "unknown_years")


def listing(s: Session, actor: Actor) -> list[View]:
    """Rotations of where the actor may see turns, newest first.

    Raises:
        Refused: they may see none.
    """
    policy.authorize(actor, "duty.see", Target(scope.first(actor, "duty.see")))
    query = select(Rotation).where(Rotation.market == actor.market, Rotation.state != "discarded")
    rows = s.scalars(query.order_by(Rotation.made_at.desc(), Rotation.id.desc()).limit(LISTED)).all()
    return heads(s, actor, [row for row in rows if _seen(actor, row)])


def one(s: Session, actor: Actor, rotation: str) -> View:
    """A rotation with its groups' days.

    Raises:
        Refused: there is none, or the actor may not see it.
    """
    row = find(s, actor, rotation)
    groups = whose.groups_of(s, row.market, [made["group"] for made in row.made])
    shops = names_of(s, (shop for made in row.made for turn in made["turns"] for shop in turn[1:]))
    found = []
    for made in row.made:
        group = groups[made["group"]]
        turns = [
            {"day": day, "shop": view.shop(shops, shop), "buddy": view.shop(shops, buddy)}
            for day, shop, buddy in made["turns"]
        ]
        odd = [
            {"rule": odd["rule"], "day": odd["day"], "zh": odd["zh"], "en": odd["en"]}
            for odd in made["oddities"]
        ]
        head = {"id": group.id, "number": group.number, "grid": group.grid}
        told = {"spread": made["spread"], "proved": made["proved"], "turns": turns, "oddities": odd}
        found.append(head | told)
    return heads(s, actor, [row])[0] | {"made": found}


def find(s: Session, actor: Actor, rotation: str) -> Rotation:
    """A rotation that the actor may see.

    Raises:
        Refused: there is none, or they may not.
    """
    row = s.get(Rotation, rotation)
    if row is None or row.market != actor.market:
        raise Refused("missing", "rotation.none", "There is no such rotation.", "没有这份轮值表。")
    policy.authorize(actor, "duty.see", Target(row.node))
    return row


def heads(s: Session, actor: Actor, rows: Sequence[Rotation]) -> list[View]:
    """Rotations as the list shows them."""
    who = people.names(s, (by for row in rows for by in (row.made_by, row.decided_by)))
    return [_head(s, actor, row, who) for row in rows]


def job(row: Rotation) -> View | None:
    """How its solver stands."""
    if row.job is None:
        return None
    told = {key: row.job.get(key) for key in ("state", "stage", "seconds", "best", "bound", "share")}
    return told | {"reason": {"zh": row.job["zh"], "en": row.job["en"]} if "en" in row.job else None}


def _head(s: Session, actor: Actor, row: Rotation, who: Mapping[str, Person]) -> View:
    return {
        "id": row.id,
        "number": row.number,
        "node": row.node,
        "name": _place(s, row.node),
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "state": row.state,
        "job": job(row),
        "figures": {key: row.figures.get(key) for key in SHOWN} if row.figures else None,
        "made_by": person_of(who, row.made_by),
        "made_at": iso(row.made_at),
        "decided_by": person_of(who, row.decided_by),
        "decided_at": maybe_iso(row.decided_at),
        "may": _may(actor, row),
    }


def _may(actor: Actor, row: Rotation) -> list[str]:
    if row.state != "draft":
        return []
    busy = row.job is not None and row.job["state"] in {"waiting", "running"}
    changes = policy.allowed(actor, "duty.change", Target(row.node)).allowed
    publishes = policy.allowed(actor, "duty.approve", Target(row.node)).allowed
    acts = {
        "stop": changes and busy,
        "solve": changes and not busy,
        "discard": changes,
        "publish": publishes and not busy and bool(row.made),
    }
    return [act for act, may in acts.items() if may]


def _seen(actor: Actor, row: Rotation) -> bool:
    return policy.allowed(actor, "duty.see", Target(row.node)).allowed


def _place(s: Session, node: str) -> dict[str, str]:
    """What a node is called."""
    parts = node.split("/")
    if len(parts) == 1:
        return name(s.get_one(Market, node))
    if len(parts) == 2:  # noqa: PLR2004 - market and grid
        return name(s.get_one(Grid, parts[1]))
    group = s.get(ShopGroup, parts[2])
    number = group.number if group else "?"
    return {"zh": f"第 {number} 联防小组", "en": f"Shop group {number}"}
