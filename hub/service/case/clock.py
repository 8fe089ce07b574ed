"""Marks of a case, the clocks they make, and when the next step falls due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hub.core import case as rules
from hub.core import deadline, supervise
from hub.core.case import Stage
from hub.service.ladder import fired
from hub.store.case import Case, CaseMark

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.deadline import Deadline, Mark


def mark(s: Session, case: Case, act: str, person: str | None, now: datetime) -> None:
    """Note that `act` brought the case to the stage that it has now."""
    last = s.scalar(select(func.max(CaseMark.seq)).where(CaseMark.case == case.id)) or 0
    s.add(CaseMark(case=case.id, seq=last + 1, at=now, act=act, stage=case.stage, person=person))
    s.flush()


def rows(s: Session, case: Case) -> list[CaseMark]:
    """The case's marks, oldest first."""
    return list(s.scalars(select(CaseMark).where(CaseMark.case == case.id).order_by(CaseMark.seq)))


def marks(s: Session, case: Case) -> list[Mark]:
    """The same as values."""
    return [deadline.Mark(row.at, row.act, Stage(row.stage)) for row in rows(s, case)]


def deadlines(s: Session, case: Case) -> tuple[Deadline, ...]:
    """Every clock of the case that has a limit."""
    return deadline.deadlines(marks(s, case), case.kind, case.severity, case.policy, case.shift_ends)


def due(s: Session, case: Case) -> tuple[supervise.Due, ...]:
    """Steps of the case's clocks that have not fired, soonest first; none of a case that is merged."""
    if case.stage not in rules.OPEN:
        return ()
    steps = [step for clock in deadlines(s, case) for step in supervise.steps(clock)]
    return supervise.pending(steps, fired(s, f"case/{case.id}"))


def plan(s: Session, case: Case) -> None:
    """Store when the ticker has to look at the case again."""
    moments = [step.at for step in due(s, case)][:1]
    if case.stage == Stage.SUSPENDED and case.review_at is not None:
        moments.append(case.review_at)
    if case.stage == Stage.CLOSED and case.closed_at is not None:
        moments.append(case.closed_at + rules.EVALUATE_AFTER)
    case.next_due_at = min(moments, default=None)
