"""Care visits: asked for by the shop, for a scope and until a day, withdrawn in one tap."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.refuse import Refused
from hub.service import evidence, number, place
from hub.service.evidence import Entry
from hub.service.shape import iso, maybe_iso
from hub.store.staff import CareVisit
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

LONGEST = timedelta(days=365)


def begin(s: Session, actor: Actor, shop_id: str, scope: str, ends: date, now: datetime) -> CareVisit:
    """The shop asks for visits until the day `ends`; asking is its consent.

    Raises:
        Refused: the actor does not speak for the shop, or the time is over or too long.
    """
    today = number.day_of(s, actor.market, now)
    shop, target = place.shop(s, actor.market, shop_id, today)
    role = policy.authorize(actor, "care.change", target)
    if not today <= ends <= today + LONGEST:
        en = "The last day lies between today and a year from now."
        raise Refused("input", "care.ends", en, "结束日期须在今天起一年之内。")
    row = CareVisit(
        id=new_id(),
        market=actor.market,
        shop=shop.id,
        scope=scope.strip(),
        asked_by=actor.person,
        consent_at=now,
        begins=today,
        ends=ends,
        withdrawn_at=None,
    )
    s.add(row)
    public = {"shop": shop.id, "care": row.id, "ends": ends.isoformat()}
    evidence.append(s, actor.market, Entry("care.begin", actor, role, public=public, text=row.scope), now)
    return row


def withdraw(s: Session, actor: Actor, care: str, now: datetime) -> CareVisit:
    """End the visits now.

    Raises:
        Refused: there are none, or the actor does not speak for the shop.
    """
    row = s.get(CareVisit, care, with_for_update=True)
    if row is None or row.market != actor.market:
        raise Refused("missing", "care.none", "There is no such care visit.", "没有这项关爱走访。")
    _, target = place.shop(s, actor.market, row.shop, number.day_of(s, actor.market, now))
    role = policy.authorize(actor, "care.change", target)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        public = {"shop": row.shop, "care": row.id}
        evidence.append(s, actor.market, Entry("care.end", actor, role, public=public), now)
    return row


def listing(s: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Visits that run today, as far as the actor sees."""
    today = number.day_of(s, actor.market, now)
    running = (CareVisit.market == actor.market, CareVisit.ends >= today, CareVisit.withdrawn_at.is_(None))
    rows = s.scalars(select(CareVisit).where(*running).order_by(CareVisit.ends, CareVisit.id)).all()
    return [
        {
            "id": row.id,
            "shop": row.shop,
            "scope": row.scope,
            "consent_at": iso(row.consent_at),
            "begins": row.begins.isoformat(),
            "ends": row.ends.isoformat(),
            "withdrawn_at": maybe_iso(row.withdrawn_at),
        }
        for row in rows
        if policy.allowed(actor, "care.see", place.shop(s, actor.market, row.shop, today)[1]).allowed
    ]
