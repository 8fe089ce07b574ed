"""What stands in a calendar: turns of a group or a shop, duties of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.service import number
from hub.service.group import names_of
from hub.service.turn import whose
from hub.store.duty import Crew, Duty
from hub.store.roster import Roster
from hub.store.turn import Turn, TurnPast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from hub.store.market import Shop
    from hub.store.turn import CalendarFeed

PAST, AHEAD = timedelta(days=60), timedelta(days=185)
"""What of time a calendar holds."""
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
"""Sequences are counted in seconds from it on."""
POST = {
    "lead": Pair("值班长", "Head of duty"),
    "desk": Pair("受理席", "Desk"),
    "monitor": Pair("监控", "Monitor"),
    "guard": Pair("巡逻", "Patrol"),
    "liaison": Pair("驻场民警", "Police liaison"),
}
"""A post in two words."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry; `sequence` rises with every change of it."""

    uid: str
    begins: datetime
    ends: datetime
    summary: str
    text: str
    sequence: int
    changed: datetime
    cancelled: bool = False


def of_group(s: Session, row: CalendarFeed, now: datetime) -> Iterator[Event]:
    """A group's days; one that nobody has any more is cancelled."""
    turns = _turns(s, row, now, Turn.group == row.subject)
    shops = _named(s, turns)
    for turn in turns:
        if turn.shop is not None or turn.revision:
            yield _event(s, row, turn, shops, turn.id, cancelled=turn.shop is None)


def of_shop(s: Session, row: CalendarFeed, now: datetime) -> Iterator[Event]:
    """A shop's days, and as cancelled those that it has no more."""
    turns = _turns(s, row, now, Turn.shop == row.subject)
    shops = _named(s, turns)
    for turn in turns:
        yield _event(s, row, turn, shops, f"{turn.id}-{row.subject}")
    past = select(TurnPast.turn).where(TurnPast.shop == row.subject)
    for turn in _turns(s, row, now, Turn.id.in_(past)):
        if turn.shop != row.subject:
            yield _event(s, row, turn, shops, f"{turn.id}-{row.subject}", cancelled=True)


def _turns(s: Session, row: CalendarFeed, now: datetime, which: Any) -> list[Turn]:
    today = number.day_of(s, row.market, now)
    span = (Turn.day >= today - PAST, Turn.day <= today + AHEAD)
    return list(s.scalars(select(Turn).where(Turn.market == row.market, which, *span).order_by(Turn.day)))


def _named(s: Session, turns: Iterable[Turn]) -> Mapping[str, Shop]:
    """The neighbours who check at closing, by id."""
    return names_of(s, (turn.buddy for turn in turns))


def _event(
    s: Session,
    row: CalendarFeed,
    turn: Turn,
    shops: Mapping[str, Shop],
    uid: str,
    *,
    cancelled: bool = False,
) -> Event:
    hours, zone = whose.hours(s, row.market), number.zone_of(s, row.market)
    shop = row.subject.upper() if cancelled and row.kind == "shop" else (turn.shop or "").upper()
    summary = f"轮值 {shop} · Turn {shop}".rstrip(" ·")
    text = ""
    if turn.buddy and not cancelled:
        buddy = shops[turn.buddy].name_zh
        text = f"收市搭档：{buddy}\nChecks at closing: {shops[turn.buddy].name_en}"
    if cancelled:
        summary = f"已换 {summary}" if shop else "无人轮值 · Nobody's turn"
        text = f"{turn.why_zh}\n{turn.why_en}".strip()
    return Event(
        f"{uid}@{row.market}.lianfang",
        rules.moment(turn.day, hours.begins, zone),
        rules.moment(turn.day, hours.ends, zone),
        summary,
        text,
        turn.revision,
        turn.changed_at,
        cancelled,
    )


def of_person(s: Session, row: CalendarFeed, now: datetime) -> Iterator[Event]:
    """A person's duties, as the table says who is on."""
    query = select(Duty, Crew, Roster).outerjoin(Crew, Crew.id == Duty.crew)
    query = query.outerjoin(Roster, Roster.id == Duty.roster).where(Duty.person == row.subject)
    span = (Duty.market == row.market, Duty.ends > now - PAST, Duty.begins < now + AHEAD)
    for duty, crew, roster in s.execute(query.where(*span).order_by(Duty.begins, Duty.id)):
        post = POST.get(duty.post, Pair(duty.post, duty.post))
        where = f" · {crew.number} 组 Crew {crew.number}" if crew else ""
        summary = f"值班 {post.zh} · Duty {post.en}{where}"
        uid = f"duty-{duty.id}@{row.market}.lianfang"
        at = roster.published_at if roster else None
        # A duty may go from one roster to the next, whose revisions begin anew; the moment rises.
        sequence = int((at - SINCE).total_seconds()) + roster.revision if roster and at else 0
        yield Event(uid, duty.begins, duty.ends, summary, "", sequence, at or row.made_at)
