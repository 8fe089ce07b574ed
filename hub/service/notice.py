"""What people are told: a row each, read or not, and in the same act what carries it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_

from hub.core import notice as rules
from hub.core.refuse import Refused
from hub.core.severity import P1, P2
from hub.service import delivery, evidence
from hub.service.evidence import Entry
from hub.service.shape import iso, maybe_iso
from hub.store.alert import Alert
from hub.store.case import Case
from hub.store.supervise import Notice
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor

MOST = 200
GRAVE: dict[str, type[Alert | Case]] = {"alert": Alert, "case": Case}
"""First part of a subject → whose severity its notices have."""


def tell(  # noqa: PLR0913 - who, of what, and in which words
    s: Session,
    market: str,
    people: Iterable[str],
    subject: str,
    step: str,
    words: Pair,
    now: datetime,
    *,
    severity: int | None = None,
) -> list[Notice]:
    """One notice for each of these people, and what carries it to them.

    Args:
        s: the session.
        market: whose.
        people: ids; each is told once.
        subject: `alert/<id>`, `case/<id>` or another thing's.
        step: why now, in a word for machines.
        words: what they read.
        now: the moment.
        severity: 0 to 3; None: that of the alert or case, or else normal.
    """
    grave = _severity(s, subject) if severity is None else severity
    wait = rules.UNREAD.get(grave)
    made = [
        Notice(
            id=new_id(),
            market=market,
            person=person,
            role=None,
            subject=subject,
            step=step,
            at=now,
            severity=grave,
            unread_due=now + wait if wait else None,
            words_zh=words.zh,
            words_en=words.en,
        )
        for person in dict.fromkeys(people)
    ]
    s.add_all(made)
    delivery.write(s, market, made, now)
    return made


def listing(s: Session, actor: Actor, before: str | None = None, limit: int = 50) -> dict[str, Any]:
    """The actor's own, unread first, each part newest first; `before` is the id of the last one shown."""
    own = select(Notice).where(Notice.person == actor.person)
    last = s.get(Notice, before) if before else None
    if last is not None and last.person == actor.person:
        older = tuple_(Notice.at, Notice.id) < (last.at, last.id)
        is_read = Notice.seen_at.is_not(None)
        own = own.where(is_read & older if last.seen_at else (~is_read & older) | is_read)
    order = (Notice.seen_at.is_not(None), Notice.at.desc(), Notice.id.desc())
    rows = s.scalars(own.order_by(*order).limit(min(limit, MOST))).all()
    return {"unread": unread_of(s, actor.person), "notices": shown(s, rows)}


def read(s: Session, actor: Actor, notice: str, now: datetime) -> dict[str, Any]:
    """The actor has read it; the same again changes nothing. What is urgent or high leaves a line.

    Raises:
        Refused: there is none of the actor's own.
    """
    row = s.get(Notice, notice)
    if row is None or row.person != actor.person:
        raise Refused("missing", "notice.none", "There is no such notice of yours.", "没有这条给你的通知。")
    if row.seen_at is None:
        row.seen_at = now
        delivery.drop(s, [row.id], now)
        if row.severity <= P1:
            kind, _, thing = row.subject.partition("/")
            public = {"notice": row.id, "subject": row.subject, "step": row.step}
            alert = thing if kind == "alert" else None
            evidence.append(s, row.market, Entry("notice.read", actor, alert=alert, public=public), now)
    return shown(s, [row])[0]


def shown(s: Session, rows: Iterable[Notice]) -> list[dict[str, Any]]:
    """Notices as pages see them."""
    rows = list(rows)
    sent = delivery.of_notices(s, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "subject": row.subject,
            "step": row.step,
            "severity": row.severity,
            "at": iso(row.at),
            "read_at": maybe_iso(row.seen_at),
            "words": {"zh": row.words_zh, "en": row.words_en},
            "sent": sent.get(row.id, []),
        }
        for row in rows
    ]


def unread_of(s: Session, person: str) -> int:
    """How many notices the person has not read."""
    return s.scalar(select(func.count()).where(Notice.person == person, Notice.seen_at.is_(None))) or 0


def _severity(s: Session, subject: str) -> int:
    kind, _, thing = subject.partition("/")
    row: Alert | Case | None = s.get(GRAVE[kind], thing) if kind in GRAVE else None  # type: ignore[assignment]
    return row.severity if row else P2
