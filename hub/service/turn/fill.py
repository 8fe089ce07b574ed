"""A group that was cut of others which had turns has turns as far ahead as they had, until it is rotated."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from hub.core import turn as rules
from hub.service import number
from hub.service.turn import repair
from hub.store.market import Shop, ShopGroup
from hub.store.turn import Turn, TurnPast
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

YOUNG = timedelta(days=14)
"""A group that is older has its days from rotations alone."""


def new_groups(s: Session, now: datetime) -> int:
    """Give such groups their days; how many days."""
    soon = now.date() - timedelta(days=1)
    here = aliased(Turn)
    served = select(here.group).where(here.day >= soon)
    query = (
        select(ShopGroup.id, func.max(Turn.day))
        .join(Shop, Shop.group == ShopGroup.id)
        .join(TurnPast, TurnPast.shop == Shop.id)
        .join(Turn, Turn.id == TurnPast.turn)
        .where(
            Turn.day >= soon,
            ShopGroup.id.not_in(served),
            ShopGroup.begins >= soon - YOUNG,
            or_(ShopGroup.ends.is_(None), ShopGroup.ends > now.date()),
        )
        .group_by(ShopGroup.id)
    )
    found = [(row[0], row[1]) for row in s.execute(query.order_by(ShopGroup.id))]
    return sum(_fill(s, s.get_one(ShopGroup, group), until, now) for group, until in found)


def _fill(s: Session, group: ShopGroup, until: date, now: datetime) -> int:
    today = number.day_of(s, group.market, now)
    if until < today:
        return 0
    known = repair.around(s, group, today)
    span = rules.days(today, until)
    for day in span:
        row = Turn(
            id=new_id(),
            market=group.market,
            group=group.id,
            day=day,
            shop=None,
            buddy=None,
            why_zh=repair.NOBODY.zh,
            why_en=repair.NOBODY.en,
            changed_at=now,
        )
        s.add(row)
        s.flush()
        repair.anew(s, group, row, known, now)
    return len(span)
