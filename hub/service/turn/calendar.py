"""Calendars to subscribe to: of a group, a shop, or a person's guard duties.

Who has the address reads it without signing in: it is long, unguessable and can be revoked.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.refuse import Refused
from hub.service import evidence, people
from hub.service.election import target_of
from hub.service.evidence import Entry
from hub.service.shape import iso, maybe_iso
from hub.service.turn import entries
from hub.store.market import Shop, ShopGroup
from hub.store.people import Person
from hub.store.turn import CalendarFeed
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

View = dict[str, Any]
TOKEN_BYTES = 32
MOST = 12
"""Calendars of one person that are not revoked."""
NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What an address leads to; `unnoted`: nobody has entered within the hour that somebody came for it."""

    name: str
    events: tuple[entries.Event, ...]
    unnoted: bool


def make(s: Session, actor: Actor, kind: str, subject: str, now: datetime) -> tuple[CalendarFeed, str]:
    """A new calendar and its token, which nothing keeps: of a group, an own shop, or oneself.

    Raises:
        Refused: there is no such thing, it is not the actor's to see, or they have too many.
    """
    role = _authorize(s, actor, kind, subject)
    if len(_own(s, actor)) >= MOST:
        en = f"You have {MOST} calendars already. Revoke one that you do not use."
        raise Refused("state", "calendar.many", en, f"你已有 {MOST} 个日历订阅，请先停用不用的。")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = CalendarFeed(
        id=new_id(),
        market=actor.market,
        token_hash=hashed(token),
        kind=kind,
        subject=subject,
        made_by=actor.person,
        made_at=now,
    )
    s.add(row)
    s.flush()
    public = {"calendar": row.id, "kind": kind, "subject": subject}
    evidence.append(s, actor.market, Entry("calendar.make", actor, role, public=public), now)
    return row, token


def listing(s: Session, actor: Actor) -> list[View]:
    """The actor's own calendars."""
    return [shown(row) for row in _own(s, actor)]


def revoke(s: Session, actor: Actor, calendar: str, now: datetime) -> None:
    """End a calendar: its address leads nowhere from now on.

    Raises:
        Refused: the actor has none such.
    """
    row = s.get(CalendarFeed, calendar, with_for_update=True)
    if row is None or row.made_by != actor.person or row.revoked_at is not None:
        raise Refused("missing", "calendar.none", "You have no such calendar.", "你没有这个日历订阅。")
    row.revoked_at = now
    public = {"calendar": row.id, "kind": row.kind, "subject": row.subject}
    evidence.append(s, actor.market, Entry("calendar.revoke", actor, public=public), now)


def read(s: Session, token: str, now: datetime) -> Calendar | None:
    """What a token leads to; None where it leads nowhere, or who made it may not see it any more."""
    row = s.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == hashed(token)))
    if row is None or row.revoked_at is not None or not _still(s, row):
        return None
    name, found = _filled(s, row, now)
    return Calendar(name, tuple(found), _unnoted(row, now))


def note_read(s: Session, token: str, now: datetime) -> None:
    """Remember, to the hour, that somebody came for it."""
    row = s.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == hashed(token)))
    if row is not None and _unnoted(row, now):
        row.read_at = now


def _unnoted(row: CalendarFeed, now: datetime) -> bool:
    return row.read_at is None or now - row.read_at >= NOTED_EVERY


def _filled(s: Session, row: CalendarFeed, now: datetime) -> tuple[str, Iterator[entries.Event]]:
    """What a calendar is called, and what stands in it."""
    match row.kind:
        case "group":
            group = s.get_one(ShopGroup, row.subject)
            name = f"第 {group.number} 联防小组 Shop group {group.number}"
            return name, entries.of_group(s, row, now)
        case "shop":
            return f"{row.subject.upper()} 轮值 Turns", entries.of_shop(s, row, now)
        case _:
            person = s.get_one(Person, row.subject)
            return f"{person.name_zh} 值班 Duty", entries.of_person(s, row, now)


def hashed(token: str) -> str:
    """As a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def shown(row: CalendarFeed) -> View:
    """A calendar as its owner sees it, without its address."""
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "made_at": iso(row.made_at),
        "read_at": maybe_iso(row.read_at),
    }


def _own(s: Session, actor: Actor) -> list[CalendarFeed]:
    query = select(CalendarFeed).where(CalendarFeed.made_by == actor.person)
    live = query.where(CalendarFeed.market == actor.market, CalendarFeed.revoked_at.is_(None))
    return list(s.scalars(live.order_by(CalendarFeed.made_at, CalendarFeed.id)))


def _authorize(s: Session, actor: Actor, kind: str, subject: str) -> Role | None:
    if kind == "person":
        if subject != actor.person:
            en = "A person's calendar is made by that person alone."
            raise Refused("right", "calendar.own", en, "个人日历只能由本人订阅。", "duty.see")
        return None
    group = subject
    if kind == "shop":
        shop = s.get(Shop, subject)
        group = shop.group or "" if shop and shop.market == actor.market else ""
    _, target = target_of(s, actor.market, group)
    return policy.authorize(actor, "duty.see", target)


def _still(s: Session, row: CalendarFeed) -> bool:
    """Whether who made it is still there, and may still see what it shows."""
    person = s.get_one(Person, row.made_by)
    if not person.active:
        return False
    try:
        _authorize(s, people.actor_of(s, person, row.market), row.kind, row.subject)
    except Refused:
        return False
    return True
