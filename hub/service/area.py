"""Streets and districts above the markets: what lies below them, and who may give rights there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import people
from hub.service.shape import name
from hub.store.market import Area, Grid, Market, ShopGroup
from hub.store.people import Person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

View = dict[str, Any]


def above(s: Session, market: str) -> list[Area]:
    """The market's street and district, the nearest first."""
    found: list[Area] = []
    row: Market | None = s.get(Market, market)
    at = row.area if row else None
    while at and (area := s.get(Area, at)):
        found.append(area)
        at = area.parent
    return found


def below(s: Session, node: str) -> list[str]:
    """Ids of the markets into which a grant at `node` reaches; none for a street that is not there."""
    if not node.startswith(people.AREA):
        return [node.split("/", maxsplit=1)[0]]
    at = node.removeprefix(people.AREA)
    streets = select(Area.id).where(or_(Area.id == at, Area.parent == at))
    return list(s.scalars(select(Market.id).where(Market.area.in_(streets)).order_by(Market.id)))


def authorize(s: Session, actor: Actor, action: str, node: str) -> Role:
    """The role by which `actor` may do `action` in every market below `node`.

    Whoever gives a right at a street gives it in each of its markets, so they need to be able to in each.

    Raises:
        Refused: they may not in one of them, or there is none.
    """
    markets = below(s, node)
    if markets == [actor.market] and not node.startswith(people.AREA):
        return policy.authorize(actor, action, Target(actor.market))
    found = [_there(s, actor.person, action, market) for market in markets]
    role = found[0] if found else None
    if role is None or None in found:
        en = "This reaches beyond this market: it is for whoever may do it in every market below."
        raise Refused(
            "right", "right.area", en, "此项超出本市场，由在其下所有市场都有此权限的人办理。", action
        )
    return role


def allowed(s: Session, actor: Actor, action: str, node: str) -> bool:
    """Whether `authorize` lets them."""
    try:
        authorize(s, actor, action, node)
    except Refused:
        return False
    return True


def refuse_beyond(s: Session, actor: Actor, person: Person) -> None:
    """Let nobody act on the account of somebody whose rights reach into a market where they could not.

    Raises:
        Refused: it is the account of such a person.
    """
    for market in people.markets(s, person.id):
        if market != actor.market and _there(s, actor.person, "person.change", market) is None:
            en = "This person also has rights in other markets: whoever administers those, too, may do this."
            zh = "此人在其他市场也有授权，须由同时管理那些市场的人办理。"
            raise Refused("right", "right.beyond", en, zh, "person.change")


def nodes(s: Session, actor: Actor) -> list[View]:
    """Where the actor may give rights, top first: streets and districts, the market, its grids and groups.

    Raises:
        Refused: the actor may give none.
    """
    policy.authorize(actor, "person.change", Target(actor.market))
    tops = [
        _view(f"{people.AREA}{area.id}", area.kind, name(area))
        for area in reversed(above(s, actor.market))
        if allowed(s, actor, "area.grant", f"{people.AREA}{area.id}")
    ]
    market = s.get_one(Market, actor.market)
    return [*tops, _view(market.id, "market", name(market)), *_inside(s, market.id)]


def _inside(s: Session, market: str) -> list[View]:
    groups: dict[str, list[ShopGroup]] = {}
    for group in s.scalars(
        select(ShopGroup).where(ShopGroup.market == market).order_by(ShopGroup.number, ShopGroup.id)
    ):
        groups.setdefault(group.grid, []).append(group)
    found: list[View] = []
    for grid in s.scalars(select(Grid).where(Grid.market == market).order_by(Grid.number, Grid.id)):
        at = f"{market}/{grid.id}"
        found.append(_view(at, "grid", name(grid)))
        for group in groups.get(grid.id, []):
            zh, en = f"{grid.name_zh} 第 {group.number} 组", f"{grid.name_en}, group {group.number}"
            found.append(_view(f"{at}/{group.id}", "group", {"zh": zh, "en": en}))
    return found


def _view(node: str, kind: str, names: dict[str, str]) -> View:
    return {"id": node, "kind": kind, "name": names}


def _there(s: Session, person: str, action: str, market: str) -> Role | None:
    """The role by which somebody may do `action` in another market."""
    row = s.get(Person, person)
    if row is None:
        return None
    return policy.allowed(people.actor_of(s, row, market), action, Target(market)).role
