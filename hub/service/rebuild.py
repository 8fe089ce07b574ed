"""Premises over time: a shop opens or closes, one is divided, several are joined. As of today, never before.

Those that are no more keep their place in history; those that are made of them stand where they stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from hub.core import outline, policy
from hub.core.refuse import Refused
from hub.service import evidence, number, place, placement
from hub.service.business import next_primary
from hub.service.evidence import Entry
from hub.store.business import Business, Tenancy
from hub.store.market import Grid, Market, Shop, ShopGroup
from hub.store.people import Grant
from hub.store.plan import Plan, PlanChange
from hub.store.staff import Contact, Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.ground import Point, Ring
    from hub.core.policy import Actor, Role

KEPT = ("hall", "street", "open", "work", "trade", "fire_class", "hours")
"""What premises inherit of those that they are made of."""
FEWEST = 2
MORE = 1.02
"""By so much may the new ones be larger than the old: drawings differ by centimetres."""


@dataclass(frozen=True, slots=True)
class Made:
    """Premises as they are drawn anew; metres."""

    id: str
    name_zh: str
    name_en: str
    ring: Ring
    door: Point


def trade(s: Session, actor: Actor, shop_id: str, now: datetime, *, is_open: bool) -> Shop:
    """Somebody trades there again, or nobody does any more; the premises stay in their grid and group.

    Raises:
        Refused: there is no such shop today, or the actor may not.
    """
    shop, role = _living(s, actor, shop_id, now)
    if shop.open != is_open:
        shop.open = is_open
        act = "shop.open" if is_open else "shop.close"
        evidence.append(s, actor.market, Entry(act, actor, role, public={"shop": shop.id}), now)
    return shop


def divide(s: Session, actor: Actor, shop_id: str, parts: Sequence[Made], now: datetime) -> list[Shop]:
    """One becomes several; who coordinates or has rights at it does so at the first.

    Raises:
        Refused: the actor may not, a plan that is under way moves it, or the parts are not of it.
    """
    shop, role = _living(s, actor, shop_id, now)
    if len(parts) < FEWEST:
        raise Refused("input", "shop.parts", "Divide it into two or more.", "请至少分成两户。")
    found = _replace(s, [shop], parts, now)
    public = {"shop": shop.id, "into": [one.id for one in found]}
    evidence.append(s, actor.market, Entry("shop.divide", actor, role, public=public), now)
    return found


def join(s: Session, actor: Actor, shops: Sequence[str], into: Made, now: datetime) -> Shop:
    """Several become one, which stands in the grid and group of the first.

    Raises:
        Refused: the actor may not, a plan that is under way moves one of them, or it is not made of them.
    """
    found = [_living(s, actor, one, now) for one in dict.fromkeys(shops)]
    if len(found) < FEWEST:
        raise Refused("input", "shop.parts", "Name two or more shops to be joined.", "请至少选择两户合并。")
    (made,) = _replace(s, [shop for shop, _ in found], [into], now)
    public = {"shops": [shop.id for shop, _ in found], "into": made.id}
    evidence.append(s, actor.market, Entry("shop.join", actor, found[0][1], public=public), now)
    return made


def _living(s: Session, actor: Actor, shop_id: str, now: datetime) -> tuple[Shop, Role]:
    """The ledger first, then the shop: of two who build at it at once, the second sees what the first did."""
    evidence.hold(s, actor.market)
    shop, target = place.shop(s, actor.market, shop_id, number.day_of(s, actor.market, now))
    role = policy.authorize(actor, "market.change", target)
    s.refresh(shop, with_for_update=True)
    place.refuse_ended(shop)
    return shop, role


def _replace(s: Session, old: Sequence[Shop], parts: Sequence[Made], now: datetime) -> list[Shop]:
    market, first = old[0].market, old[0]
    day = number.day_of(s, market, now)
    _refuse_moving(s, old)
    _refuse_drawn(s, old, parts)
    placement.settle(s, market, day)
    held = placement.seats(s, market, day)
    seat = held[first.id]
    inherited = {name: getattr(first, name) for name in KEPT} | {"grid": seat.grid, "group": seat.group}
    made = [_shop(market, part, day) for part in parts]
    for shop in made:
        for name, value in inherited.items():
            setattr(shop, name, value)
    s.add_all(made)
    s.flush()
    placement.put(s, market, {shop.id: seat for shop in made}, day, None)
    for shop in old:
        _end(s, shop, made[0], day, now)
    placement.end_empty(s, [held[shop.id] for shop in old], placement.seats(s, market, day), day)
    return made


def _shop(market: str, part: Made, day: date) -> Shop:
    return Shop(
        id=part.id,
        market=market,
        name_zh=part.name_zh,
        name_en=part.name_en,
        ring=[value for corner in part.ring for value in corner],
        door_x=part.door[0],
        door_y=part.door[1],
        begins=day,
    )


def _end(s: Session, shop: Shop, heir: Shop, day: date, now: datetime) -> None:
    """Premises are no more; their tenants leave, and who stood for them stands for the heir's."""
    shop.ends, shop.open = day, False
    placement.end(s, shop.id, day)
    lasting = or_(Tenancy.ends.is_(None), Tenancy.ends > day)
    for tenancy in s.scalars(select(Tenancy).where(Tenancy.shop == shop.id, lasting)).all():
        _leave(s, tenancy, day)
    for contact in s.scalars(select(Contact).where(Contact.shop == shop.id, Contact.ended_at.is_(None))):
        contact.ended_at = now
    for group in s.scalars(
        select(ShopGroup).where(ShopGroup.market == shop.market, ShopGroup.centre == shop.id)
    ):
        group.centre = heir.id if heir.group == group.id else None
        placement.seat_centre(s, group.id, group.centre, day)
    for grid in s.scalars(select(Grid).where(Grid.market == shop.market, Grid.centre == shop.id)):
        grid.centre = heir.id if heir.grid == grid.id else None
    _hand_on(s, *(place.node(one.market, one.grid, one.group) + f"/{one.id}" for one in (shop, heir)))


def _hand_on(s: Session, old: str, new: str) -> None:
    """Rights at one node, given or to be decided on, go to another; nobody has the same one there twice."""
    there = {(one.person, one.role) for one in s.scalars(select(Grant).where(Grant.node == new))}
    for grant in s.scalars(select(Grant).where(Grant.node == old)).all():
        if (grant.person, grant.role) in there:
            s.delete(grant)
        else:
            grant.node = new
    for proposal in s.scalars(select(Proposal).where(Proposal.node == old, Proposal.decided_at.is_(None))):
        proposal.node = new
    s.flush()


def _leave(s: Session, tenancy: Tenancy, day: date) -> None:
    """A tenancy that only began today has never been."""
    business = s.get_one(Business, tenancy.business)
    if tenancy.begins < day:
        tenancy.ends = day
    else:
        s.delete(tenancy)
    s.flush()
    if business.primary_shop == tenancy.shop:
        business.primary_shop = next_primary(s, business.id, day)


def _refuse_moving(s: Session, old: Sequence[Shop]) -> None:
    under_way = (Plan.state.in_(("submitted", "approved")), PlanChange.shop.in_([shop.id for shop in old]))
    query = select(Plan.number, PlanChange.shop).join(PlanChange, PlanChange.plan == Plan.id)
    found = s.execute(query.where(*under_way)).first()
    if found is not None:
        en = (
            f"Plan {found.number}, which is under way, moves {found.shop}. Wait for it, or have it withdrawn."
        )
        zh = f"方案 {found.number} 正在进行，涉及 {found.shop}，请等其生效或撤回后再办理。"
        raise Refused("state", "shop.moving", en, zh)


def _refuse_drawn(s: Session, old: Sequence[Shop], parts: Sequence[Made]) -> None:
    """Let nothing be made that is there already, lies outside, or is larger than what it is made of."""
    market, ids = s.get_one(Market, old[0].market), [part.id for part in parts]
    taken = s.scalar(select(Shop.id).where(Shop.id.in_(ids)).limit(1))
    if taken is not None or len(set(ids)) < len(ids):
        en = f"There is or was a shop {taken or ids[0]}. Give the new one an id of its own."
        raise Refused("conflict", "shop.there", en, f"编号 {taken or ids[0]} 已被使用，请换一个。")
    for part in parts:
        for x, y in (*part.ring, part.door):
            if not (market.x0 <= x <= market.x1 and market.y0 <= y <= market.y1):
                en = f"{part.id} lies outside the market. Draw it where the old one stood."
                raise Refused("input", "shop.outside", en, f"{part.id} 超出市场范围，请在原址绘制。")
    before = sum(outline.area(_corners(shop.ring)) for shop in old)
    if sum(outline.area(part.ring) for part in parts) > before * MORE:
        en = "Together the new ones are larger than what they are made of. Draw them within it."
        raise Refused("input", "shop.larger", en, "新商铺面积之和大于原商铺，请在原范围内绘制。")


def _corners(flat: Sequence[float]) -> Ring:
    return tuple(zip(flat[::2], flat[1::2], strict=True))
