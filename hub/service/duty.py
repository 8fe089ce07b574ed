"""Who is on duty now: posts, crews, and when the shift ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.store.duty import Crew, Duty
from hub.store.people import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

SHIFT = timedelta(hours=8)
"""Taken as the rest of the shift when nobody is on the roster."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person at one post, now."""

    person: Person
    post: str
    crew: Crew | None
    ends: datetime


def now_on(s: Session, market: str, now: datetime) -> list[OnDuty]:
    """Everybody who is on duty at `now` and has not left, crews in their order."""
    query = (
        select(Duty, Person, Crew)
        .join(Person, Person.id == Duty.person)
        .outerjoin(Crew, Crew.id == Duty.crew)
        .where(Duty.market == market, Duty.ends > now, Duty.begins <= now)
        .where(Person.active.is_(True))
        .order_by(Crew.number, Person.id)
    )
    return [OnDuty(person, duty.post, crew, duty.ends) for duty, person, crew in s.execute(query)]


def shift_ends(s: Session, market: str, now: datetime) -> datetime:
    """When the shift that is on duty hands over; asked of the database once a session and moment."""
    key = ("shift", market, now)
    if key not in s.info:
        query = select(Duty.ends).where(Duty.market == market, Duty.ends > now, Duty.begins <= now)
        s.info[key] = s.scalar(query.order_by(Duty.ends).limit(1)) or now + SHIFT
    ends: datetime = s.info[key]
    return ends


def at_post(on: list[OnDuty], post: str) -> list[Person]:
    """Those at one post."""
    return [one.person for one in on if one.post == post]


def of_crew(on: list[OnDuty], crew: str) -> list[Person]:
    """Those of one crew."""
    return [one.person for one in on if one.crew is not None and one.crew.id == crew]
