"""What a shop does on its day: it confirms and ticks its things off; the neighbour checks at closing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence, notice, number
from hub.service.evidence import Entry
from hub.service.turn import change, whose
from hub.store.turn import Turn, TurnCheck
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

AHEAD = timedelta(minutes=5)
"""So far a phone's clock may be ahead."""


def confirm(s: Session, actor: Actor, turn_id: str, at: datetime, now: datetime) -> Turn:
    """The shop that has the turn will be there. `at`: when it said so, which may be before it was heard.

    Raises:
        Refused: it is not the actor's, nobody has it, or the day is over.
    """
    row, group = whose.locked(s, actor, turn_id)
    shop = _shop(row)
    role = whose.speaks_for(s, actor, group, shop)
    said = _said(at, now)
    if said >= _ends(s, row):
        raise Refused(
            "state", "turn.over", "This day is over; nobody confirms it now.", "当天已结束，不能再确认。"
        )
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = said, actor.person
        public = {"turn": row.id, "group": row.group, "day": row.day.isoformat(), "shop": shop}
        evidence.append(s, actor.market, Entry("turn.confirm", actor, role, public=public), now)
    return row


def check(
    s: Session, actor: Actor, turn_id: str, item: str, note: str, at: datetime, now: datetime
) -> TurnCheck:
    """One of the day's things is done; a note, of what was not in order, is told to the centre shop.

    Raises:
        Refused: it is not the actor's to do, or of another day.
    """
    row, group = whose.locked(s, actor, turn_id)
    thing = rules.ITEMS.get(item)
    if thing is None:
        listed = ", ".join(rules.ITEMS)
        raise Refused("input", "turn.item", f"Choose one of: {listed}.", "请选择要完成的事项。")
    who = row.buddy if thing.buddy else _shop(row)
    if who is None:
        raise Refused("state", "turn.alone", "Nobody checks at closing on this day.", "这一天没有收市搭档。")
    role = whose.speaks_for(s, actor, group, who)
    said = _said(at, now)
    if number.day_of(s, row.market, said) != row.day:
        en = f"This is for {row.day.isoformat()}. It is done on that day."
        raise Refused("state", "turn.day", en, f"这是 {row.day.isoformat()} 的事，请在当天完成。")
    done = s.scalar(select(TurnCheck).where(TurnCheck.turn == row.id, TurnCheck.item == item))
    if done is not None:
        return done
    made = TurnCheck(
        id=new_id(),
        turn=row.id,
        item=item,
        shop=who,
        by=actor.person,
        at=said,
        taken_at=now,
        note=note.strip(),
    )
    s.add(made)
    public = {"turn": row.id, "group": row.group, "item": item, "shop": who}
    entry = Entry("turn.check", actor, role, public=public, text=made.note or None)
    evidence.append(s, actor.market, entry, now)
    if made.note:
        when = change.spoken_day(row.day)
        words = Pair(f"{when.zh} {who.upper()}：{made.note}", f"{when.en}, {who.upper()}: {made.note}")
        people = [one for one in whose.coordinators(s, group) if one != actor.person]
        notice.tell(s, row.market, people, f"turn/{row.id}", "turn.found", words, now)
    return made


def _shop(row: Turn) -> str:
    if row.shop is None:
        raise Refused("state", "turn.gap", "Nobody has this day.", "这一天没有轮值商户。")
    return row.shop


def _said(at: datetime, now: datetime) -> datetime:
    """When it was said; a phone's clock that is ahead a little says now."""
    if at > now + AHEAD:
        en = "The phone's clock is ahead. Set it, then try again."
        raise Refused("input", "turn.clock", en, "手机时间超前，请校准后重试。")
    return min(at, now)


def _ends(s: Session, row: Turn) -> datetime:
    hours = whose.hours(s, row.market)
    return rules.moment(row.day, hours.ends, number.zone_of(s, row.market))
