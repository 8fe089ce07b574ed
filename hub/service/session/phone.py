"""Shopkeepers' phones: brought in by a code that works once, bound to the phone, ended in one tap."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.session import INVITATION, Kind
from hub.service import evidence, people
from hub.service.evidence import Entry
from hub.service.session import living
from hub.service.session.living import TOKEN_BYTES, Made, Wanted, hashed
from hub.service.shape import iso, name
from hub.store.people import Grant, Invitation, LoginSession, Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

BY_PHONE = frozenset({"shop", "centre", "volunteer", "guard"})
"""Roles that a phone alone may hold: it owes no second factor."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A code for one phone; the token goes into the QR code and is nowhere else."""

    token: str
    ends_at: datetime


def invite(s: Session, actor: Actor, person_id: str, now: datetime) -> Invited:
    """A code that brings in one phone of a person; an older unused one of theirs is worth nothing now.

    Raises:
        Refused: no such person, the actor may not for all that they are, or they need more than a phone.
    """
    person = _person(s, actor, person_id)
    grants = _grants(s, person)
    roles = [policy.authorize(actor, "enrol", Target(node)) for node in _nodes(grants, person)]
    if not grants or not {grant.role for grant in grants} <= BY_PHONE:
        en = "Only shops, volunteers and guards come in by phone; everybody else signs in with a password."
        raise Refused("state", "phone.role", en, "只有商户、信息员和保安可用手机开通，其他人请用密码登录。")
    for old in s.scalars(
        select(Invitation).where(Invitation.person == person.id, Invitation.used_at.is_(None))
    ):
        s.delete(old)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ends = now + INVITATION
    s.add(
        Invitation(
            token_hash=hashed(token),
            person=person.id,
            made_by=actor.person,
            made_at=now,
            ends_at=ends,
            used_at=None,
        )
    )
    evidence.append(
        s, actor.market, Entry("phone.invite", actor, roles[0], public={"person": person.id}), now
    )
    return Invited(token, ends)


def take(s: Session, token: str, key: str, label: str, now: datetime) -> tuple[Actor, Made]:
    """Bring the phone with this public key in.

    Raises:
        Refused: the code is unknown, was used or is too old; in the same words.
    """
    row = s.get(Invitation, hashed(token), with_for_update=True)
    person = s.get(Person, row.person) if row else None
    if row is None or row.used_at is not None or now >= row.ends_at or person is None or not person.active:
        en = "This code does not work any more. Ask your coordinator for a new one."
        raise Refused("right", "phone.code", en, "此二维码已失效，请找中心商户重新开通。")
    row.used_at = now
    actor = people.actor_of(s, person)
    return actor, living.begin(s, actor, now, Wanted(Kind.PHONE, label=label, phone_key=key))


def enrollable(s: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Everybody whom the actor may bring in by phone alone, with the number of their phones."""
    held: dict[str, list[Grant]] = defaultdict(list)
    here = (Person.market == actor.market, Person.active.is_(True))
    for grant in s.scalars(select(Grant).join(Person, Person.id == Grant.person).where(*here)):
        held[grant.person].append(grant)
    may = [
        person
        for person, grants in held.items()
        if all(
            one.role in BY_PHONE and policy.allowed(actor, "enrol", Target(one.node)).allowed
            for one in grants
        )
    ]
    own = select(LoginSession).where(LoginSession.kind == Kind.PHONE, LoginSession.person.in_(may))
    phones = Counter(row.person for row in s.scalars(own) if not living.is_over(row, now))
    rows = s.scalars(select(Person).where(Person.id.in_(may)).order_by(Person.name_en, Person.id))
    return [
        {"id": row.id, "name": name(row), "armband": row.armband, "phones": phones[row.id]} for row in rows
    ]


def listing(s: Session, actor: Actor, person_id: str, now: datetime) -> list[dict[str, Any]]:
    """A person's phones, for whoever may bring them in and for themselves.

    Raises:
        Refused: there is no such person, or the actor may not.
    """
    return [
        {"id": row.id, "label": row.label, "made_at": iso(row.made_at), "seen_at": iso(row.seen_at)}
        for row in _phones(s, actor, person_id)
        if not living.is_over(row, now)
    ]


def end(s: Session, actor: Actor, person_id: str, session: str, now: datetime) -> None:
    """End a phone at once, such as a lost one.

    Raises:
        Refused: there is none, or the actor may not.
    """
    rows = [row for row in _phones(s, actor, person_id) if row.id == session]
    if not rows:
        raise Refused("missing", "phone.none", "There is no such phone.", "没有这部手机。")
    living.ended(s, actor, rows, now)


def _phones(s: Session, actor: Actor, person_id: str) -> Sequence[LoginSession]:
    person = _person(s, actor, person_id)
    if person.id != actor.person:
        for node in _nodes(_grants(s, person), person):
            policy.authorize(actor, "enrol", Target(node))
    query = select(LoginSession).where(LoginSession.person == person.id, LoginSession.kind == Kind.PHONE)
    return s.scalars(query.order_by(LoginSession.seen_at.desc())).all()


def _nodes(grants: Sequence[Grant], person: Person) -> list[str]:
    """Where the person stands; whoever holds nothing stands at the market as a whole."""
    return [grant.node for grant in grants] or [person.market]


def _person(s: Session, actor: Actor, person_id: str) -> Person:
    person = s.get(Person, person_id)
    if person is None or person.market != actor.market or not person.active:
        raise Refused("missing", "person.none", "There is no such person.", "没有这个人。")
    return person


def _grants(s: Session, person: Person) -> Sequence[Grant]:
    return s.scalars(select(Grant).where(Grant.person == person.id)).all()
