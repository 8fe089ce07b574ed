"""Who answers for a shop. One shop at a time, for a purpose that is written down first; there is no list."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy, staff
from hub.core.refuse import Refused
from hub.service import evidence, number, place, register
from hub.service.case import unit
from hub.service.evidence import Entry
from hub.service.register import Look
from hub.service.shape import iso, pair
from hub.store.case import Case
from hub.store.staff import Contact
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Target
    from hub.store.market import Shop

PHONE = re.compile(r"\+?[0-9][0-9 -]{4,22}")
LEAST_PURPOSE = 4


def look(
    s: Session, actor: Actor, shop_id: str, purpose: str, case_id: str | None, now: datetime
) -> list[dict[str, Any]]:
    """A shop's contacts; the look-up is in the register and the ledger before anything is shown.

    Raises:
        Refused: there is no such shop, the actor may not look for this purpose, or it is not said.
    """
    if case_id:
        shop, target = _shop(s, actor, shop_id, case_id, now)
    else:
        shop, target = place.shop(s, actor.market, shop_id, number.day_of(s, actor.market, now))
    role = policy.authorize(actor, "contacts", target)
    if len(purpose.strip()) < LEAST_PURPOSE:
        en = "Say what you need the contact for; it is kept with your name."
        raise Refused("input", "contact.purpose", en, "请写明查询用途，将与你的姓名一并登记。")
    register.note(s, actor, Look("contact", shop.id, purpose.strip(), case=case_id), now)
    entry = Entry(
        "contact.look", actor, role, public={"shop": shop.id, "case": case_id}, text=purpose.strip()
    )
    evidence.append(s, actor.market, entry, now)
    rows = s.scalars(select(Contact).where(Contact.shop == shop.id, Contact.ended_at.is_(None)))
    return [
        {
            "id": row.id,
            "name": row.name,
            "role": {"id": row.role, **pair(staff.CONTACT[row.role])},
            "phone": row.phone,
            "since": iso(row.made_at),
        }
        for row in sorted(rows, key=lambda row: list(staff.CONTACT).index(row.role))
    ]


def put(s: Session, actor: Actor, shop_id: str, name: str, role: str, phone: str, now: datetime) -> Contact:
    """Enter who answers for a shop in one role; whoever was entered before ends.

    Raises:
        Refused: the actor may not, or a value is none.
    """
    shop, target = place.shop(s, actor.market, shop_id, number.day_of(s, actor.market, now))
    by = policy.authorize(actor, "contacts", target)
    if role not in staff.CONTACT:
        en = "Choose what the contact is from the list."
        raise Refused("input", "contact.role", en, "请从列表中选择联系人身份。")
    if not PHONE.fullmatch(phone):
        en = "Write the telephone number in digits, such as 0571 8765 4321."
        raise Refused("input", "contact.phone", en, "请用数字写电话号码，例如 0571 8765 4321。")
    for old in s.scalars(
        select(Contact).where(Contact.shop == shop.id, Contact.role == role, Contact.ended_at.is_(None))
    ):
        old.ended_at = now
    row = Contact(
        id=new_id(),
        market=actor.market,
        shop=shop.id,
        name=name,
        role=role,
        phone=phone,
        made_at=now,
        made_by=actor.person,
        ended_at=None,
    )
    s.add(row)
    public = {"shop": shop.id, "contact": row.id, "role": role}
    evidence.append(s, actor.market, Entry("contact.change", actor, by, public=public), now)
    return row


def _shop(s: Session, actor: Actor, shop_id: str, case_id: str, now: datetime) -> tuple[Shop, Target]:
    """The shop with, beside its own people, the unit of a case there."""
    shop, target = place.shop(s, actor.market, shop_id, number.day_of(s, actor.market, now))
    case = s.get(Case, case_id)
    if case is None or case.market != actor.market or case.grid != shop.grid:
        en = "This case has nothing to do with this shop."
        raise Refused("missing", "case.none", en, "该案件与此商铺无关。")
    return shop, replace(target, unit=target.unit | unit.members(s, case, now))
