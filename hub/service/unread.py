"""Notices that nobody reads: what is urgent or high goes on to the next person, once.

An alert that nobody has taken climbs its own ladder (hub.core.supervise): there reading is not taking, and
what was read goes on climbing. So what is left here is a case that somebody was given and nobody looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import case as cases
from hub.core.glossary import Pair
from hub.core.notice import NEXT
from hub.service import evidence, notice, supervise
from hub.service.evidence import Entry
from hub.store.case import Case
from hub.store.supervise import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

BATCH = 200
UNREAD = Pair("（没有人看）", " (nobody has read it)")
OVER = frozenset({cases.Stage.CLOSED, cases.Stage.EVALUATED, cases.Stage.CANCELLED, cases.Stage.REJECTED})
"""Stages in which nobody has to look any more."""


def due(s: Session, now: datetime) -> int:
    """Send on what nobody of those told has read in its time; how many notices were looked at."""
    query = select(Notice).where(Notice.unread_due <= now).order_by(Notice.severity, Notice.unread_due)
    rows = s.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    found: dict[tuple[str, str], Notice] = {}
    for row in rows:
        row.unread_due = None
        found.setdefault((row.subject, row.step), row)
    for row in found.values():
        kind, _, thing = row.subject.partition("/")
        case = s.get(Case, thing) if kind == "case" else None
        if case is not None and case.stage not in OVER and not _read(s, row):
            _send_on(s, row, case, now)
    return len(rows)


def _read(s: Session, row: Notice) -> bool:
    """Whether anybody has read it, of those who were told of the same at this step."""
    same = (Notice.subject == row.subject, Notice.step == row.step)
    return s.scalar(select(Notice.id).where(*same, Notice.seen_at.is_not(None)).limit(1)) is not None


def _send_on(s: Session, row: Notice, case: Case, now: datetime) -> None:
    """Tell the first of those above who has not been told of it."""
    told = set(s.scalars(select(Notice.person).where(Notice.subject == row.subject)))
    subject = supervise.Subject(case, "case", "unit")
    for who in NEXT:
        people = [one for one in supervise.who(s, subject, who, now) if one not in told]
        if not people:
            continue
        zh, en = row.words_zh.removesuffix(UNREAD.zh), row.words_en.removesuffix(UNREAD.en)
        words = Pair(zh + UNREAD.zh, en + UNREAD.en)
        step = f"{row.step.partition('/unread')[0]}/unread/{who}"
        notice.tell(s, row.market, people, row.subject, step, words, now, severity=row.severity)
        public = {"step": row.step, "to": who, "people": people}
        evidence.append(s, row.market, Entry("case.unread", None, "system", case, public=public), now)
        return
