"""The register: who looked at what, and why. A row is written before the first byte leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy, staff
from hub.core.policy import TABLE, Reach, Target
from hub.service import evidence, people
from hub.service.evidence import Entry
from hub.service.session.living import DISPLAY
from hub.service.shape import iso, name, pair
from hub.store.people import Person
from hub.store.staff import Access
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

DUTY = "值班 on duty"
"""The purpose of live pictures and current stills of one's node."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody looks at, and why."""

    kind: str
    """live, still, playback, export or contact."""
    subject: str
    purpose: str
    session: str | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows; `before` is the id of the last row of the page before."""

    person: str | None = None
    subject: str | None = None
    kind: str | None = None
    before: str | None = None
    limit: int = 50


def note(s: Session, actor: Actor, look: Look, now: datetime) -> Access:
    """One row."""
    row = Access(
        id=new_id(),
        market=actor.market,
        person=_person(actor),
        session=look.session,
        kind=look.kind,
        subject=look.subject,
        purpose=look.purpose,
        case=look.case,
        at=now,
    )
    s.add(row)
    return row


def watch(s: Session, actor: Actor, session: str, node: str, now: datetime) -> bool:
    """One row covers live pictures and current stills of a node for a whole session; True when it is new."""
    if is_watching(s, actor, session, node):
        return False
    note(s, actor, Look("live", node, DUTY, session), now)
    return True


def is_watching(s: Session, actor: Actor, session: str, node: str) -> bool:
    """Whether a row covers live pictures and current stills of the node for this session."""
    return _is_there(s, actor, "live", node, Access.session == session)


def is_playing(s: Session, actor: Actor, media: str, since: datetime) -> bool:
    """Whether a row says that the actor began to play the file after `since`."""
    return _is_there(s, actor, "playback", media, Access.at > since)


def note_refused(s: Session, person_id: str, action: str, now: datetime) -> None:
    """The line of a right that somebody lacked, in their own market's ledger; none for a wall's screen."""
    person = s.get(Person, person_id)
    if person is not None:
        actor = people.actor_of(s, person)
        evidence.append(s, person.market, Entry("right.refused", actor, public={"action": action}), now)


def listing(s: Session, actor: Actor, filters: Filters, now: datetime) -> list[dict[str, Any]]:
    """Rows of the register, newest first; whoever may read only their own gets those. Reading leaves a line.

    Raises:
        Refused: the actor may read none of it.
    """
    own = _only_own(actor)
    person = actor.person if own else filters.person
    wanted = {"person": person, "subject": filters.subject, "kind": filters.kind}
    if not own:
        role = policy.authorize(actor, "register", Target(actor.market))
        evidence.append(s, actor.market, Entry("register.read", actor, role, public=wanted), now)
    query = select(Access).where(Access.market == actor.market)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(getattr(Access, column) == value)
    if filters.before is not None:
        query = query.where(Access.id < filters.before)
    rows = s.scalars(query.order_by(Access.id.desc()).limit(min(filters.limit, MOST))).all()
    known = people.names(s, (row.person for row in rows))
    return [
        {
            "id": row.id,
            "at": iso(row.at),
            "person": {"id": row.person, "name": name(known[row.person])} if row.person else None,
            "kind": {"id": row.kind, **pair(staff.ACCESS[row.kind])},
            "subject": row.subject,
            "purpose": row.purpose,
            "case": row.case,
        }
        for row in rows
    ]


def _is_there(s: Session, actor: Actor, kind: str, subject: str, condition: ColumnElement[bool]) -> bool:
    same = (Access.person == _person(actor), Access.kind == kind, Access.subject == subject)
    return s.scalar(select(Access.id).where(*same, condition).limit(1)) is not None


def _person(actor: Actor) -> str | None:
    return None if actor.person.startswith(DISPLAY) else actor.person


def _only_own(actor: Actor) -> bool:
    """A monitor reads what they themselves looked at, and so does whoever has a right to no more."""
    wide = [role for role in actor.roles if TABLE["register"][role] is Reach.YES]
    return not wide
