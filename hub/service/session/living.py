"""Begin, find and end sessions. Rights are read anew each time: a lost grant works at once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select

from hub.core.glossary import Pair
from hub.core.policy import Actor, Grant, Role
from hub.core.session import ACTING, IDLE, LASTS, Kind, Owed
from hub.service import evidence, people, push
from hub.service.evidence import Entry
from hub.store.people import LoginSession, Person
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

TOUCH_EVERY = timedelta(seconds=60)
TOKEN_BYTES = 32
MOST_LABEL = 80
DISPLAY = "display:"
"""Begins the id of the actor that a wall's screen is; no person's id does."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new session; the token goes to the cookie and is nowhere else."""

    id: str
    token: str
    csrf: str
    owed: tuple[Owed, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A living session; `stale` asks the door to `touch` it.

    `acting` is whoever has signed in at a display; `phone_key` what a phone has to prove that it holds.
    """

    id: str
    kind: Kind
    actor: Actor
    csrf: str
    stale: bool
    owed: tuple[Owed, ...] = ()
    acting: Actor | None = None
    phone_key: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a session is to be."""

    kind: Kind = Kind.PERSON
    owed: tuple[Owed, ...] = ()
    label: str = ""
    node: str | None = None
    phone_key: str | None = None


def begin(s: Session, actor: Actor, now: datetime, wanted: Wanted | None = None) -> Made:
    """A new session for the person, and its line."""
    wanted = wanted or Wanted()
    token, csrf = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
    row = LoginSession(
        token_hash=hashed(token),
        id=new_id(),
        person=actor.person,
        kind=wanted.kind,
        owed=[str(one) for one in wanted.owed],
        label=wanted.label[:MOST_LABEL],
        node=wanted.node,
        phone_key=wanted.phone_key,
        csrf=csrf,
        made_at=now,
        seen_at=now,
        ends_at=now + LASTS[wanted.kind],
    )
    s.add(row)
    if wanted.kind is not Kind.HALF:
        public = {"session": row.id, "kind": str(wanted.kind)}
        evidence.append(s, actor.market, Entry("session.begin", actor, public=public), now)
    return Made(row.id, token, csrf, wanted.owed)


def find(s: Session, token: str, now: datetime, market: str | None = None) -> Found | None:
    """The living session of this token, its person acting in `market` or else at home; reads only."""
    row = s.get(LoginSession, hashed(token))
    if row is None or is_over(row, now):
        return None
    person = s.get(Person, row.person)
    if person is None or not person.active:
        return None
    kind, stale = Kind(row.kind), now - row.seen_at > TOUCH_EVERY
    if kind is Kind.DISPLAY:
        return Found(row.id, kind, _shows(row), row.csrf, stale, acting=_acting(s, row, now))
    owed = tuple(map(Owed, row.owed))
    actor = people.actor_of(s, person, market)
    return Found(row.id, kind, actor, row.csrf, stale, owed, phone_key=row.phone_key)


def is_over(row: LoginSession, now: datetime) -> bool:
    """Whether the session's time is over, in all or for want of use."""
    idle = IDLE.get(Kind(row.kind))
    return now >= row.ends_at or (idle is not None and now - row.seen_at > idle)


def touch(s: Session, token: str, now: datetime, *, acted: bool = False) -> None:
    """Note that the session was used; `acted` by whoever has signed in at a display."""
    row = s.get(LoginSession, hashed(token))
    if row is not None:
        row.seen_at = now
        if acted and row.acting:
            row.acting_until = now + ACTING


def end(s: Session, token: str) -> None:
    """Forget the session, if there is one, and the push of its browser."""
    row = s.get(LoginSession, hashed(token))
    if row is not None:
        push.signed_out(s, [row.id])
    s.execute(delete(LoginSession).where(LoginSession.token_hash == hashed(token)))


def of_person(s: Session, person: str, now: datetime) -> list[LoginSession]:
    """The person's living sessions, the last used first."""
    query = select(LoginSession).where(LoginSession.person == person).order_by(LoginSession.seen_at.desc())
    return [row for row in s.scalars(query) if not is_over(row, now)]


def end_one(s: Session, actor: Actor, session: str, now: datetime) -> bool:
    """End one of the actor's own sessions; False when they have no such one."""
    row = s.scalar(
        select(LoginSession).where(LoginSession.id == session, LoginSession.person == actor.person)
    )
    if row is None:
        return False
    ended(s, actor, [row], now)
    return True


def end_others(s: Session, actor: Actor, keep: str, now: datetime) -> int:
    """End every session of the actor's own but the one with id `keep`, displays apart; how many."""
    query = select(LoginSession).where(
        LoginSession.person == actor.person, LoginSession.id != keep, LoginSession.kind != Kind.DISPLAY
    )
    rows = list(s.scalars(query))
    ended(s, actor, rows, now)
    push.only(s, actor.person, keep)
    return len(rows)


def end_all(s: Session, by: Actor, person: str, now: datetime) -> int:
    """End every session of a person, by whoever answers for it; displays that they set up stay."""
    query = select(LoginSession).where(LoginSession.person == person, LoginSession.kind != Kind.DISPLAY)
    rows = list(s.scalars(query))
    ended(s, by, rows, now)
    push.only(s, person)
    s.query(LoginSession).filter(LoginSession.acting == person).update(
        {"acting": None, "acting_until": None}, synchronize_session=False
    )
    return len(rows)


def ended(s: Session, by: Actor, rows: Iterable[LoginSession], now: datetime) -> None:
    """Delete these sessions, each with its line, and the push of their browsers."""
    rows = list(rows)
    push.signed_out(s, [row.id for row in rows])
    for row in rows:
        public = {"session": row.id, "kind": row.kind, "person": row.person}
        evidence.append(s, by.market, Entry("session.end", by, public=public), now)
        s.delete(row)


def forget_ended(s: Session, now: datetime) -> None:
    """Delete sessions whose time is over, with the push of phones; elsewhere it outlasts an idle page."""
    over = (LoginSession.ends_at <= now, LoginSession.kind == Kind.PHONE)
    push.signed_out(s, s.scalars(select(LoginSession.id).where(*over)).all())
    idle = [
        (LoginSession.kind == kind) & (LoginSession.seen_at < now - limit) for kind, limit in IDLE.items()
    ]
    s.execute(delete(LoginSession).where(or_(LoginSession.ends_at <= now, *idle)))


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _shows(row: LoginSession) -> Actor:
    """A wall's screen, which sees its node and does nothing."""
    node = row.node or ""
    grants = (Grant(Role.DISPLAY, node),)
    return Actor(f"{DISPLAY}{row.id}", node.split("/")[0], Pair(row.label, row.label), None, grants)


def _acting(s: Session, row: LoginSession, now: datetime) -> Actor | None:
    if row.acting is None or row.acting_until is None or now >= row.acting_until:
        return None
    person = s.get(Person, row.acting)
    market = (row.node or "").split("/")[0]
    return people.actor_of(s, person, market) if person and person.active else None
