"""Whose a turn is: the shops somebody speaks for, the people of a shop, and who may see or change what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Role
from hub.core.refuse import Refused
from hub.core.turn import Hours
from hub.service import people, place
from hub.service.election import target_of
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.people import Grant, Person
from hub.store.turn import Turn, TurnHours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

SPEAKS = (Role.SHOP, Role.CENTRE)
"""Roles that speak for a shop."""
COORDINATES = (Role.CENTRE, Role.LEADER, Role.MANAGER)
"""Roles that enter what a shop said of which nobody has a log-in."""
GROUP_AT, SHOP_AT = 2, 3
"""Where group and shop stand in the path of a node."""


@dataclass(frozen=True, slots=True)
class Own:
    """The group of somebody's, and the shop in it for which they speak, if there is one."""

    group: ShopGroup
    shop: Shop | None


def hours(s: Session, market: str) -> Hours:
    """The market's own, or the usual ones; read once a session."""
    if ("hours", market) not in s.info:
        row = s.get(TurnHours, market)
        told = {name: getattr(row, name) for name in Hours.__dataclass_fields__} if row else {}
        s.info["hours", market] = Hours(**told)
    found: Hours = s.info["hours", market]
    return found


def own(s: Session, actor: Actor) -> Own | None:
    """The first group of which the actor is; None for everybody who is of no group."""
    paths = [grant.node.split("/") for grant in actor.grants if grant.role in SPEAKS]
    for path in sorted(paths, key=len, reverse=True):
        if path[0] == actor.market and len(path) > GROUP_AT:
            group = s.get(ShopGroup, path[GROUP_AT])
            if group is not None:
                speaks = sorted(spoken(actor, group))
                return Own(group, s.get(Shop, speaks[0]) if speaks else None)
    return None


def spoken(actor: Actor, group: ShopGroup) -> frozenset[str]:
    """The shops of a group for which the actor speaks; a centre shop's people speak for the centre shop."""
    node = place.node(group.market, group.grid, group.id)
    named = {
        grant.node.split("/")[SHOP_AT]
        for grant in actor.grants
        if grant.role in SPEAKS and grant.node.startswith(f"{node}/")
    }
    centre = any(grant.role is Role.CENTRE and grant.node == node for grant in actor.grants)
    return frozenset(named | ({group.centre} if centre and group.centre else set()))


def people_of(s: Session, group: ShopGroup, shop: str) -> list[str]:
    """The people who speak for a shop of the group, also when it has just left it."""
    node = place.node(group.market, group.grid, group.id)
    row = s.get_one(Shop, shop)
    nodes = {f"{at}/{shop}" for at in (node, place.node(row.market, row.grid, row.group))}
    query = select(Grant.person).join(Person, Person.id == Grant.person).where(Person.active.is_(True))
    found = list(s.scalars(query.where(Grant.node.in_(nodes), Grant.role.in_(SPEAKS))))
    if shop == group.centre:
        found += s.scalars(query.where(Grant.node == node, Grant.role == Role.CENTRE))
    return sorted(set(found))


def coordinators(s: Session, group: ShopGroup) -> list[str]:
    """The people of the centre shop; where there are none, the grid's leader; else the market's managers."""
    if group.centre and (found := people_of(s, group, group.centre)):
        return found
    leader = s.get_one(Grid, group.grid).leader
    return [leader] if leader else people.with_role(s, group.market, Role.MANAGER)


def hearers(s: Session, group: ShopGroup, shop: str) -> list[str]:
    """Who hears what concerns a shop: its people, or else whoever coordinates the group."""
    return people_of(s, group, shop) or coordinators(s, group)


def seen(s: Session, actor: Actor, group_id: str) -> ShopGroup:
    """A group whose turns the actor may see.

    Raises:
        Refused: there is none, or they may not.
    """
    group, target = target_of(s, actor.market, group_id)
    policy.authorize(actor, "duty.see", target)
    return group


def locked(s: Session, actor: Actor, turn_id: str) -> tuple[Turn, ShopGroup]:
    """A turn of the actor's market, which nobody else changes until the transaction ends.

    Raises:
        Refused: there is none, or the actor may not see it.
    """
    row = s.get(Turn, turn_id, with_for_update=True, populate_existing=True)
    if row is None or row.market != actor.market:
        en = "There is no such turn any more. Load the page anew."
        raise Refused("missing", "turn.none", en, "没有这次轮值，请刷新页面。")
    return row, seen(s, actor, row.group)


def speaks_for(s: Session, actor: Actor, group: ShopGroup, shop: str) -> Role:
    """The role by which the actor speaks for a shop of the group.

    Where nobody of the shop has a log-in, whoever coordinates the group enters what it said.

    Raises:
        Refused: they do not.
    """
    _, target = target_of(s, group.market, group.id)
    role = policy.authorize(actor, "duty.swap", target)
    if shop in spoken(actor, group) or (role in COORDINATES and not people_of(s, group, shop)):
        return role
    en = f"Only {shop.upper()} itself can say this. Ask its people."
    raise Refused("state", "turn.own", en, f"只有 {shop.upper()} 自己能操作，请找他们办理。")


def groups_of(s: Session, market: str, ids: Sequence[str]) -> dict[str, ShopGroup]:
    """Groups by id."""
    query = select(ShopGroup).where(ShopGroup.market == market, ShopGroup.id.in_(ids))
    return {row.id: row for row in s.scalars(query)}
