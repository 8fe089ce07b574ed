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
        Refused: it is not the actor's, nobody has it, the day is over, or was given to them after `at`.
    """
    row, group = whose.locked(s, actor, turn_id)
    shop = _shop(row)
    role = whose.speaks_for(s, actor, group, shop)
    said = _said(at, now)
    _refuse_other_times(s, row, said)
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
    if now - at > rules.STRAGGLERS:
        days = rules.STRAGGLERS.days
        en = f"This was said more than {days} days ago and does not count any more. Check the phone's clock."
        raise Refused("input", "turn.late", en, f"这是 {days} 天以前的操作，已不计入；请检查手机时间。")
    if at > now + AHEAD:
        en = "The phone's clock is ahead. Set it, then try again."
        raise Refused("input", "turn.clock", en, "手机时间超前，请校准后重试。")
    return min(at, now)


def _refuse_other_times(s: Session, row: Turn, said: datetime) -> None:
    """Nobody confirms a day when it is over, nor before it was given to them."""
    ends = whose.hours(s, row.market).ends
    if said >= rules.moment(row.day, ends, number.zone_of(s, row.market)):
        en = "This day is over; nobody confirms it now."
        raise Refused("state", "turn.over", en, "当天已结束，不能再确认。")
    if said < row.changed_at:
        en = "This day was changed after that. Look at it and confirm it anew."
        raise Refused("state", "turn.since", en, "这一天之后有过变动，请看过后重新确认。")
