"""Businesses apart from their premises: one with shops in two grids is cared for by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import distinct, func, or_, select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, number, place, scope
from hub.service.evidence import Entry
from hub.service.group import names_of
from hub.service.placement import holds
from hub.service.registered import seen
from hub.service.shape import name
from hub.store.business import Business, Tenancy
from hub.store.market import Grid, Shop
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor, Role

View = dict[str, Any]
MOST = 100


def add(s: Session, actor: Actor, names: Pair, now: datetime) -> Business:
    """Enter a business by its trade name; it has no shop yet.

    Raises:
        Refused: the actor may not.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    row = Business(
        id=new_id(), market=actor.market, name_zh=names.zh, name_en=names.en, primary_shop=None, made_at=now
    )
    s.add(row)
    s.flush()
    public = {"business": row.id, "name": names.zh}
    evidence.append(s, actor.market, Entry("business.add", actor, role, public=public), now)
    return row


def let(s: Session, actor: Actor, business: str, shop_id: str, begins: date, now: datetime) -> Tenancy:
    """A business takes a shop from a day on; its first shop is the primary one.

    Raises:
        Refused: the actor may not, there is no such business or shop, the premises are no more or not yet
            there then, or the shop is let then.
    """
    row, role = _find(s, actor, business)
    shop, _ = place.shop(s, actor.market, shop_id, number.day_of(s, actor.market, now))
    s.refresh(shop, with_for_update=True)  # of two who let it at once, the second sees the first's tenancy
    place.refuse_ended(shop)
    if begins < shop.begins:
        en = f"These premises are there since {shop.begins}; they can be let from that day on."
        raise Refused("input", "tenancy.days", en, f"该商铺 {shop.begins} 才设立，起租日期不得早于该日。")
    query = select(Tenancy).where(Tenancy.shop == shop.id, or_(Tenancy.ends.is_(None), Tenancy.ends > begins))
    other = s.scalars(query.order_by(Tenancy.begins).limit(1)).first()
    if other is not None:
        tenant = s.get_one(Business, other.business)
        en = f"This shop is let to {tenant.name_en} then. End that tenancy first."
        raise Refused("conflict", "tenancy.there", en, f"该商铺那时租给{tenant.name_zh}，请先办退租。")
    made = Tenancy(id=new_id(), market=actor.market, business=row.id, shop=shop.id, begins=begins, ends=None)
    s.add(made)
    row.primary_shop = row.primary_shop or shop.id
    public = {"business": row.id, "shop": shop.id, "begins": begins.isoformat()}
    evidence.append(s, actor.market, Entry("business.let", actor, role, public=public), now)
    return made


def leave(s: Session, actor: Actor, business: str, shop_id: str, ends: date, now: datetime) -> None:
    """A business gives a shop up: `ends` is the first day on which it is not there any more.

    Raises:
        Refused: the actor may not, it does not have that shop, or the day lies before it came.
    """
    row, role = _find(s, actor, business)
    same = (Tenancy.business == row.id, Tenancy.shop == shop_id, Tenancy.ends.is_(None))
    tenancy = s.scalar(select(Tenancy).where(*same).with_for_update())
    if tenancy is None:
        en = "This business does not have this shop."
        raise Refused("missing", "tenancy.none", en, "该商户没有租用这个商铺。")
    if ends <= tenancy.begins:
        en = f"It came on {tenancy.begins}; it can leave on a later day."
        raise Refused("input", "tenancy.days", en, f"{tenancy.begins} 才起租，退租日期须在其后。")
    tenancy.ends = ends
    s.flush()
    today = number.day_of(s, actor.market, now)
    if row.primary_shop == shop_id and ends <= today:
        row.primary_shop = next_primary(s, row.id, today)
    public = {"business": row.id, "shop": shop_id, "ends": ends.isoformat(), "primary": row.primary_shop}
    evidence.append(s, actor.market, Entry("business.leave", actor, role, public=public), now)


def next_primary(s: Session, business: str, today: date) -> str | None:
    """The shop that a business has had longest, or will have first; None where it has none and will not."""
    lasting = or_(Tenancy.ends.is_(None), Tenancy.ends > today)
    query = select(Tenancy.shop).where(Tenancy.business == business, lasting)
    return s.scalars(query.order_by(Tenancy.begins, Tenancy.shop).limit(1)).first()


def lead(s: Session, actor: Actor, business: str, shop_id: str, now: datetime) -> None:
    """Say which of its shops is the primary one: that grid answers first, the others care for it as well.

    Raises:
        Refused: the actor may not, or it does not have that shop.
    """
    row, role = _find(s, actor, business)
    same = (Tenancy.business == row.id, Tenancy.shop == shop_id, Tenancy.ends.is_(None))
    if s.scalar(select(Tenancy.id).where(*same)) is None:
        en = "This business does not have this shop."
        raise Refused("missing", "tenancy.none", en, "该商户没有租用这个商铺。")
    public = {"business": row.id, "shop": shop_id, "before": row.primary_shop}
    row.primary_shop = shop_id
    evidence.append(s, actor.market, Entry("business.primary", actor, role, public=public), now)


def listing(s: Session, actor: Actor, words: str, several: bool, after: str | None, now: datetime) -> View:
    """Businesses with a shop where the actor may see, and those without any shop; by id, a page at a time.

    `several`: only those with shops in more than one grid, which each of these grids cares for.

    Raises:
        Refused: the actor may see none.
    """
    policy.authorize(actor, "component.see", Target(scope.first(actor, "component.see")))
    today = number.day_of(s, actor.market, now)
    here = select(Tenancy.business).join(Shop, Shop.id == Tenancy.shop)
    here = here.where(holds(Tenancy, today), Shop.market == actor.market, seen(actor, "component.see"))
    query = select(Business).where(Business.market == actor.market)
    if actor.market in policy.scope(actor, "component.see"):
        none = ~select(Tenancy.id).where(Tenancy.business == Business.id, holds(Tenancy, today)).exists()
        query = query.where(or_(Business.id.in_(here), none))
    else:
        query = query.where(Business.id.in_(here))
    if several:
        query = query.where(Business.id.in_(_in_several(actor.market, today)))
    if words.strip():
        like = f"%{words.strip()}%"
        query = query.where(or_(Business.name_zh.ilike(like), Business.name_en.ilike(like)))
    if after:
        query = query.where(Business.id > after)
    rows = s.scalars(query.order_by(Business.id).limit(MOST + 1)).all()
    return {"businesses": _views(s, actor, rows[:MOST], today), "more": len(rows) > MOST}


def one(s: Session, actor: Actor, business: str, now: datetime) -> View:
    """One business with all its shops.

    Raises:
        Refused: there is none with a shop where the actor may see.
    """
    today = number.day_of(s, actor.market, now)
    row = s.get(Business, business)
    if row is None or row.market != actor.market:
        raise _none()
    shops = select(Tenancy.id).join(Shop, Shop.id == Tenancy.shop).where(Tenancy.business == row.id)
    if s.scalar(shops.where(seen(actor, "component.see")).limit(1)) is None:
        policy.authorize(actor, "component.see", Target(actor.market))
    return _views(s, actor, [row], today)[0]


def _in_several(market: str, today: date) -> Any:
    """Ids of businesses with shops in more than one grid on a day."""
    query = select(Tenancy.business).join(Shop, Shop.id == Tenancy.shop)
    query = query.where(Tenancy.market == market, holds(Tenancy, today)).group_by(Tenancy.business)
    return query.having(func.count(distinct(Shop.grid)) > 1)


def _find(s: Session, actor: Actor, business: str) -> tuple[Business, Role]:
    """The ledger first, as those who build take it before they lock shops and businesses."""
    evidence.hold(s, actor.market)
    row = s.get(Business, business, with_for_update=True)
    if row is None or row.market != actor.market:
        raise _none()
    return row, policy.authorize(actor, "market.change", Target(actor.market))


def _none() -> Refused:
    return Refused("missing", "business.none", "There is no such business.", "没有这个商户。")


def _views(s: Session, actor: Actor, rows: Sequence[Business], today: date) -> list[View]:
    ids = [row.id for row in rows]
    query = select(Tenancy).where(Tenancy.business.in_(ids))
    tenancies = s.scalars(query.order_by(Tenancy.begins, Tenancy.shop)).all()
    shops = names_of(s, (one.shop for one in tenancies))
    grids = {row.id: row for row in s.scalars(select(Grid).where(Grid.market == actor.market))}
    found = []
    for row in rows:
        own = [one for one in tenancies if one.business == row.id]
        now = [one for one in own if one.begins <= today and (one.ends is None or today < one.ends)]
        primary = _primary(row, now)
        cares = dict.fromkeys(
            shops[one.shop].grid for one in sorted(now, key=lambda one: one.shop != primary)
        )
        found.append(
            {
                "id": row.id,
                "name": name(row),
                "shops": [_tenancy(one, shops[one.shop], primary, now) for one in own],
                "grids": [{"id": grid, "name": name(grids[grid])} for grid in cares],
                "may": policy.allowed(actor, "market.change", Target(actor.market)).allowed,
            }
        )
    return found


def _primary(row: Business, now: Sequence[Tenancy]) -> str | None:
    """Its primary shop of those that it has now, oldest first: one that it gave up by now is it no more."""
    held = [one.shop for one in now]
    return row.primary_shop if row.primary_shop in held else next(iter(held), None)


def _tenancy(one: Tenancy, shop: Shop, primary: str | None, now: Sequence[Tenancy]) -> View:
    """A shop of a business over a time, from `begins` to before `ends`."""
    return {
        "shop": {"id": shop.id, "name": name(shop)},
        "grid": shop.grid,
        "begins": one.begins.isoformat(),
        "ends": one.ends.isoformat() if one.ends else None,
        "now": one in now,
        "primary": shop.id == primary and one in now,
    }
