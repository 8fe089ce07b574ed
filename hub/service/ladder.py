"""The steps that an alert climbs while nobody takes it, and which have fired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as rules
from hub.core import deadline, supervise
from hub.core.deadline import Deadline, Run
from hub.service import duty
from hub.store.supervise import Escalation

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.store.alert import Alert


def fired(s: Session, subject: str) -> set[tuple[str, int]]:
    """(clock, step) of every step of `subject` that has fired."""
    query = select(Escalation.clock, Escalation.step).where(Escalation.subject == subject)
    return {(clock, step) for clock, step in s.execute(query)}


def start_ack(s: Session, alert: Alert, now: datetime) -> None:
    """Start the alert's acknowledgement clock, or start it anew."""
    limit = deadline.limit_of(deadline.CURRENT, alert.kind, alert.severity, "ack")
    alert.ack_from, alert.ack_at = now, None
    if limit is not None:
        alert.ack_due = duty.shift_ends(s, alert.market, now) if limit == "shift" else now + limit
    plan(alert, set())


def plan(alert: Alert, done: set[tuple[str, int]]) -> None:
    """Store when the ticker has to look at the alert again; `done` are the steps that have fired."""
    expiry = [alert.ack_due] if alert.severity in rules.EXPIRES and alert.ack_due else []
    alert.next_due_at = min([due.at for due in supervise.pending(steps(alert), done)] + expiry, default=None)


def steps(alert: Alert) -> tuple[supervise.Due, ...]:
    """The steps of an alert that nobody has taken."""
    if alert.state != rules.State.NEW or alert.ack_due is None:
        return ()
    run = Run("ack", alert.ack_run, alert.ack_from)
    if alert.severity == 0:
        return supervise.urgent(run)
    due = supervise.steps(Deadline(run, alert.ack_due - alert.ack_from, alert.ack_due))
    ends = alert.severity in rules.EXPIRES
    return tuple(step for step in due if not (ends and step.at >= alert.ack_due))
