"""Who may do something, and why; and what somebody may do. Asked by whoever answers for rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.core import glossary, policy
from hub.core.action import ACTION, REACH
from hub.core.policy import TABLE, Reach, Role, Target
from hub.core.refuse import Refused
from hub.service import people, place
from hub.service.shape import name, pair
from hub.store.camera import Camera
from hub.store.market import Area, Grid, Market, ShopGroup
from hub.store.people import Grant, Person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
SOMEWHERE = frozenset({Reach.MARKET, Reach.YES, Reach.OWN})
"""Reaches that hold for whatever stands below the node; the others depend on the case at hand."""


def who(s: Session, actor: Actor, action: str, node: str) -> View:
    """Everybody who may do `action` at `node`, each with the grant that lets them.

    Raises:
        Refused: the actor may not ask, or there is no such action.
    """
    policy.authorize(actor, "rights.see", Target(actor.market))
    if action not in TABLE:
        en = f"There is no action {action}. Choose one from the list."
        raise Refused("input", "rights.action", en, f"没有“{action}”这项权限，请从列表中选择。")
    found = []
    for person, role, granted in _holders(s, actor.market):
        reach = TABLE[action][Role(role)]
        below = actor.market if granted.startswith(people.AREA) or reach is Reach.MARKET else granted
        if reach is not Reach.NO and policy.within(node, below):
            found.append(
                {
                    "person": {"id": person.id, "name": name(person), "armband": person.armband},
                    "role": role,
                    "node": node_of(s, granted),
                    "reach": str(reach),
                    "reach_words": pair(REACH[reach]),
                    "always": reach in SOMEWHERE or reach is Reach.UP,
                }
            )
    return {"action": _action(action), "node": node_of(s, node), "people": found}


def what(s: Session, actor: Actor, person_id: str) -> View:
    """Everything that a person may do in the market, each with the grant that lets them.

    Raises:
        Refused: the actor may not ask, or there is no such person.
    """
    policy.authorize(actor, "rights.see", Target(actor.market))
    person = s.get(Person, person_id)
    if person is None or (person.market != actor.market and actor.market not in people.markets(s, person_id)):
        raise Refused("missing", "person.none", "There is no such person.", "没有这个人。")
    held = people.actor_of(s, person, actor.market).grants if person.active else ()
    rights = [
        {
            "action": _action(action),
            "role": str(grant.role),
            "node": node_of(s, grant.node),
            "reach": str(row[grant.role]),
            "reach_words": pair(REACH[row[grant.role]]),
        }
        for action, row in TABLE.items()
        for grant in held
        if row[grant.role] is not Reach.NO
    ]
    return {"person": {"id": person.id, "name": name(person), "armband": person.armband}, "rights": rights}


def of_camera(s: Session, actor: Actor, camera: str) -> str:
    """The node at which a camera stands.

    Raises:
        Refused: the market has no such camera.
    """
    row = s.get(Camera, camera)
    if row is None or row.market != actor.market:
        raise Refused("missing", "camera.none", "There is no such camera.", "没有这台摄像机。")
    return place.node(row.market, row.grid)


def node_of(s: Session, node: str) -> View:
    """A node by its path and the name of what stands there."""
    if node.startswith(people.AREA):
        area = s.get(Area, node.removeprefix(people.AREA))
        return {"id": node, "name": name(area) if area else {"zh": node, "en": node}}
    market, *below = node.split("/")
    if len(below) > 1:
        group = s.get(ShopGroup, below[1])
        number = group.number if group else below[1]
        return {"id": node, "name": {"zh": f"第 {number} 联防小组", "en": f"Shop group {number}"}}
    row = s.get(Grid, below[0]) if below else s.get(Market, market)
    return {"id": node, "name": name(row) if row else {"zh": node, "en": node}}


def _holders(s: Session, market: str) -> list[tuple[Person, str, str]]:
    """Active people with each grant that reaches into the market, in the order of the roles."""
    area = s.scalar(select(Market.area).where(Market.id == market))
    above = s.scalar(select(Area.parent).where(Area.id == area)) if area else None
    areas = [f"{people.AREA}{one}" for one in (area, above) if one]
    reaching = or_(Grant.node == market, Grant.node.like(f"{market}/%"), Grant.node.in_(areas))
    query = select(Person, Grant.role, Grant.node).join(Grant, Grant.person == Person.id)
    rows = s.execute(query.where(Person.active.is_(True), reaching).order_by(Person.id, Grant.id)).all()
    order = list(Role)
    return sorted(((row[0], row[1], row[2]) for row in rows), key=lambda one: order.index(Role(one[1])))


def _action(action: str) -> View:
    words = ACTION[action]
    return {"id": action, "zh": words.zh, "en": words.en, "roles": _roles(action)}


def _roles(action: str) -> list[View]:
    """The table's row: which roles may, and how far."""
    row = TABLE[action]
    return [
        {"role": str(role), "zh": glossary.ROLE[role].zh, "en": glossary.ROLE[role].en, "reach": str(reach)}
        for role, reach in row.items()
        if reach is not Reach.NO
    ]
