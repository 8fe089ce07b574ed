"""A wall's screen: it never locks and shows its node only; whoever acts at it signs in for that, by PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.session import ACTING, Kind
from hub.service import evidence, people
from hub.service.evidence import Entry
from hub.service.people import NOBODY
from hub.service.session import living
from hub.service.session.living import Made, Wanted
from hub.service.shape import iso, name
from hub.store.people import LoginSession, Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor


def make(s: Session, actor: Actor, node: str, label: str, now: datetime) -> Made:
    """Make the browser at hand a display of `node`.

    Raises:
        Refused: the actor may not, there.
    """
    role = policy.authorize(actor, "display.make", Target(node))
    made = living.begin(s, actor, now, Wanted(Kind.DISPLAY, label=label, node=node))
    public = {"session": made.id, "node": node, "label": label}
    evidence.append(s, actor.market, Entry("display.make", actor, role, public=public), now)
    return made


def pin_of(s: Session, display: str, who: str) -> tuple[str | None, str]:
    """Whoever has this armband or log-in in the display's market, and the hash of their PIN; reads only.

    For nobody, None and a hash that no PIN made, so that checking takes as long.
    """
    row = _row(s, display)
    market = (row.node or "").split("/")[0] if row else ""
    named = or_(Person.armband == who, Person.login == who)
    found = s.scalars(select(Person).where(named, Person.market == market, Person.active.is_(True))).all()
    if len(found) != 1 or found[0].pin_hash is None:
        return None, NOBODY
    return found[0].id, found[0].pin_hash


def sign_in(s: Session, display: str, person_id: str, now: datetime) -> Actor | None:
    """Let somebody whose PIN was right act at a display; None when either is gone meanwhile."""
    row, person = _row(s, display), s.get(Person, person_id)
    if row is None or person is None or not person.active:
        return None
    market = (row.node or "").split("/")[0]
    actor = people.actor_of(s, person, market)
    row.acting, row.acting_until = person.id, now + ACTING
    public = {"session": row.id, "label": row.label}
    evidence.append(s, market, Entry("display.sign_in", actor, public=public), now)
    return actor


def sign_out(s: Session, display: str, now: datetime) -> None:
    """Whoever acts at the display leaves; the display stays."""
    row = _row(s, display)
    if row is not None and row.acting is not None:
        market, person = (row.node or "").split("/")[0], s.get_one(Person, row.acting)
        row.acting = row.acting_until = None
        leaving = people.actor_of(s, person, market)
        evidence.append(s, market, Entry("display.sign_out", leaving, public={"session": row.id}), now)


def listing(s: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Displays that the actor may end."""
    rows = s.scalars(
        select(LoginSession).where(LoginSession.kind == Kind.DISPLAY).order_by(LoginSession.label)
    )
    seen = [row for row in rows if row.node and not living.is_over(row, now) and _may(actor, row)]
    makers = people.names(s, (row.person for row in seen))
    return [
        {
            "id": row.id,
            "label": row.label,
            "node": row.node,
            "made_at": iso(row.made_at),
            "seen_at": iso(row.seen_at),
            "made_by": name(makers[row.person]),
        }
        for row in seen
    ]


def end(s: Session, actor: Actor, display: str, now: datetime) -> None:
    """Make a display an ordinary browser again.

    Raises:
        Refused: there is none, or the actor may not.
    """
    row = _row(s, display)
    if row is None or not row.node or row.node.split("/")[0] != actor.market:
        raise Refused("missing", "display.none", "There is no such display.", "没有这块大屏。")
    policy.authorize(actor, "display.make", Target(row.node))
    living.ended(s, actor, [row], now)


def _row(s: Session, display: str) -> LoginSession | None:
    return s.scalar(select(LoginSession).where(LoginSession.id == display, LoginSession.kind == Kind.DISPLAY))


def _may(actor: Actor, row: LoginSession) -> bool:
    return policy.allowed(actor, "display.make", Target(row.node or "")).allowed
