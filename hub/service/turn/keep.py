"""What time does to turns: who has not confirmed is asked after, what nobody answered lapses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.service import evidence, notice, number, solving
from hub.service.evidence import Entry
from hub.service.turn import change, fill, repair, swap, whose
from hub.store.market import ShopGroup
from hub.store.turn import Rotation, Turn

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def due(s: Session, now: datetime) -> int:
    """Whatever of turns has fallen due: swaps, turns that cannot stand, days that nobody confirmed."""
    done = swap.lapse(s, now) + repair.changed(s, now)
    return done + fill.new_groups(s, now) + unconfirmed(s, now)


def ended(s: Session, now: datetime) -> int:
    """Rotations whose solver's process is gone can be begun again; how many there were."""
    return solving.sweep(s, Rotation, now)


def unconfirmed(s: Session, now: datetime) -> int:
    """Tell of days that nobody confirmed in time, and later enter them as missed; how many there were."""
    around = (now - timedelta(days=1)).date(), (now + timedelta(days=1)).date()
    query = select(Turn).where(
        Turn.day >= around[0],
        Turn.day <= around[1],
        Turn.shop.is_not(None),
        Turn.confirmed_at.is_(None),
        Turn.missed_at.is_(None),
    )
    rows = s.scalars(query.order_by(Turn.id).with_for_update(skip_locked=True)).all()
    return sum(_ask(s, row, now) for row in rows)


def _ask(s: Session, row: Turn, now: datetime) -> bool:
    hours, zone = whose.hours(s, row.market), number.zone_of(s, row.market)
    if now >= rules.by(row.day, hours.enter_by, zone, row.changed_at, rules.ENTER_WITHIN):
        row.missed_at = now
        public = {"turn": row.id, "group": row.group, "day": row.day.isoformat(), "shop": row.shop}
        evidence.append(s, row.market, Entry("turn.missed", None, "system", public=public), now)
        return True
    until = rules.by(row.day, hours.confirm_by, zone, row.changed_at, rules.CONFIRM_WITHIN)
    if row.reminded_at is not None or now < until:
        return False
    row.reminded_at = now
    group, shop = s.get_one(ShopGroup, row.group), row.shop or ""
    when, by = change.spoken_day(row.day), f"{until.astimezone(zone):%H:%M}"
    words = Pair(
        f"{when.zh}轮到 {shop.upper()}，到 {by} 还没确认，请联系他家。",
        f"{shop.upper()} has the turn on {when.en} and had not confirmed by {by}. Please get in touch.",
    )
    people = [*whose.people_of(s, group, shop), *whose.coordinators(s, group)]
    notice.tell(s, row.market, people, f"turn/{row.id}", "turn.unconfirmed", words, now)
    return True
