"""Components: entered with owner and place, looked at from time to time, taken away in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core import component, policy
from hub.core.refuse import Refused
from hub.service import evidence, limit, number, place
from hub.service.evidence import Entry
from hub.store.component import Component, ComponentCheck
from hub.store.market import Market
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor, Role, Target
    from hub.store.market import Shop


@dataclass(frozen=True, slots=True)
class Given:
    """What is entered of one; in a shop its place is the shop's door unless it is said."""

    kind: str
    owner: str
    spot: str
    x: float | None = None
    y: float | None = None
    shop: str | None = None


def add(s: Session, actor: Actor, given: Given, now: datetime) -> Component:
    """Enter one; entering it is to have seen it.

    Raises:
        Refused: the actor may not there, or a value is none of those that there are.
    """
    near, x, y, role = _placed(s, actor, given, number.day_of(s, actor.market, now))
    row = Component(
        id=new_id(),
        market=actor.market,
        kind=given.kind,
        owner=given.owner,
        near=near.id,
        inside=given.shop is not None,
        x=x,
        y=y,
        spot=given.spot.strip(),
        condition="good",
        made_at=now,
        verified_at=now,
        verified_by=actor.person,
        removed_at=None,
    )
    s.add(row)
    public = {"component": row.id, "kind": row.kind, "shop": near.id}
    evidence.append(s, actor.market, Entry("component.add", actor, role, public=public), now)
    return row


def change(s: Session, actor: Actor, id_: str, given: Given, now: datetime) -> Component:
    """Put right what is entered of one; it may be moved to where the actor may enter one.

    Raises:
        Refused: there is none, the actor may not here or there, or a value is none.
    """
    row, _, _ = find(s, actor, id_, number.day_of(s, actor.market, now))
    near, x, y, role = _placed(s, actor, given, number.day_of(s, actor.market, now))
    row.kind, row.owner, row.spot = given.kind, given.owner, given.spot.strip()
    row.near, row.inside, row.x, row.y = near.id, given.shop is not None, x, y
    public = {"component": row.id, "kind": row.kind, "shop": near.id}
    evidence.append(s, actor.market, Entry("component.change", actor, role, public=public), now)
    return row


def check(s: Session, actor: Actor, id_: str, condition: str, note: str, now: datetime) -> ComponentCheck:
    """Say what one is found to be.

    Raises:
        Refused: there is none, the actor may not, or it is in a shop that is to be left in peace.
    """
    row, _, role = find(s, actor, id_, number.day_of(s, actor.market, now))
    known(component.CONDITION, condition)
    limits, today = limit.of(s, actor.market), number.day_of(s, actor.market, now)
    last = row.verified_at.astimezone(number.zone_of(s, actor.market)).date()
    at_fault = condition != "good" or row.condition != "good"
    free = component.too_early(last, today, limits, at_fault=at_fault) if row.inside else None
    if free is not None:
        en = f"It was seen on {last}. Unless something is wrong, come again on {free} or later."
        raise Refused(
            "state", "component.early", en, f"{last} 刚核查过。没有问题的话，{free} 起再来，不重复上门。"
        )
    return found(s, actor, role, row, condition, note, now)


def found(
    s: Session, actor: Actor, role: Role, row: Component, condition: str, note: str, now: datetime
) -> ComponentCheck:
    """Write down what one was found to be; whether the actor may has been asked."""
    made = ComponentCheck(
        id=new_id(),
        component=row.id,
        at=now,
        by=actor.person,
        condition=condition,
        note=note.strip(),
        survey=None,
    )
    s.add(made)
    public = {"component": row.id, "condition": condition, "before": row.condition}
    row.condition, row.verified_at, row.verified_by = condition, now, actor.person
    entry = Entry("component.check", actor, role, public=public, text=made.note or None)
    evidence.append(s, actor.market, entry, now)
    return made


def remove(s: Session, actor: Actor, id_: str, now: datetime) -> None:
    """Take one away; what was found at it stays.

    Raises:
        Refused: there is none, or the actor may not.
    """
    row, _, role = find(s, actor, id_, number.day_of(s, actor.market, now))
    row.removed_at = now
    public = {"component": row.id, "kind": row.kind}
    evidence.append(s, actor.market, Entry("component.remove", actor, role, public=public), now)


def find(s: Session, actor: Actor, id_: str, today: date) -> tuple[Component, Target, Role]:
    """One that is there and that the actor may change, with the place where it is.

    Raises:
        Refused: there is none, or the actor may not.
    """
    row = s.get(Component, id_, with_for_update=True)
    if row is None or row.market != actor.market or row.removed_at is not None:
        raise Refused("missing", "component.none", "There is no such component.", "没有这个部件。")
    _, target = place.shop(s, actor.market, row.near, today)
    return row, target, policy.authorize(actor, "component.change", target)


def known(words: dict[str, Pair], value: str) -> None:
    """Refuse a value that is in no list."""
    if value not in words:
        listed = ", ".join(words)
        raise Refused("input", "component.value", f"Choose one of: {listed}.", "请从列表中选择。")


def _placed(s: Session, actor: Actor, given: Given, today: date) -> tuple[Shop, float, float, Role]:
    """The shop in which it is or that is nearest, its place, and the role by which the actor may there."""
    known(component.KIND, given.kind)
    known(component.OWNER, given.owner)
    if given.shop is not None:
        shop, target = place.shop(s, actor.market, given.shop, today)
        x = shop.door_x if given.x is None else given.x
        y = shop.door_y if given.y is None else given.y
    elif given.x is None or given.y is None:
        en = "Say in which shop it is, or point to its place on the plan."
        raise Refused("input", "component.place", en, "请选择所在商铺，或在平面图上点出位置。")
    else:
        x, y = given.x, given.y
        nearest = place.nearest_shop(s, actor.market, x, y)
        if nearest is None:
            en = "The market has no shop yet. Enter its shops first."
            raise Refused("state", "shop.none", en, "市场还没有商铺，请先登记商铺。")
        shop, target = place.shop(s, actor.market, nearest.id, today)
    ground = s.get_one(Market, actor.market)
    if not (ground.x0 <= x <= ground.x1 and ground.y0 <= y <= ground.y1):
        en = "This place lies outside the market. Point to one inside it."
        raise Refused("input", "component.outside", en, "位置在市场范围之外，请重新点选。")
    return shop, x, y, policy.authorize(actor, "component.change", target)
