"""Submit, withdraw, approve, reject: what people decide on a plan, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.versions import Act, State, moved
from hub.service import evidence, number
from hub.service.evidence import Entry
from hub.service.plan import apply, right
from hub.service.plan.cut import changes_of
from hub.service.plan.draw import refuse_past
from hub.service.plan.stale import refuse_stale
from hub.store.plan import Plan

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

UNDER_WAY = (State.SUBMITTED, State.APPROVED)


def submit(s: Session, actor: Actor, plan: str, now: datetime) -> Plan:
    """Hand a draft in for approval; one plan of a market is under way at a time.

    Raises:
        Refused: the actor may not, it changes nothing, breaks what no plan may, is stale, or another is under
            way.
    """
    row, role = _acting(s, actor, plan, Act.SUBMIT)
    right.refuse_busy(row)
    refuse_past(s, row.market, row.effective, now)
    _refuse_empty(s, row)
    refuse_stale(s, row, now)
    _refuse_second(s, row)
    row.state, row.submitted_by, row.submitted_at = State.SUBMITTED, actor.person, now
    # What was decided of it before does not hold for what it is now.
    row.decided_by = row.decided_at = row.reason = None
    try:
        with s.begin_nested():
            s.flush()
    except IntegrityError as error:  # somebody else's came first
        raise _second(None) from error
    _note(s, row, Entry("plan.submit", actor, role), now)
    return row


def withdraw(s: Session, actor: Actor, plan: str, now: datetime) -> Plan:
    """Take back what one submitted oneself, within a day and while it does not hold.

    Raises:
        Refused: it is somebody else's, too late, or no longer to be had.
    """
    row, role = _acting(s, actor, plan, Act.WITHDRAW)
    if not right.withdraws(row, actor.person, now):
        en = "Only whoever submitted it withdraws it, within 24 hours. Ask an approver to reject or undo it."
        raise Refused("right", "plan.withdraw", en, "只能由提交人在 24 小时内撤回，请联系批准人驳回或撤销。")
    row.state = State.WITHDRAWN
    _note(s, row, Entry("plan.withdraw", actor, role), now)
    return row


def approve(s: Session, actor: Actor, plan: str, now: datetime) -> Plan:
    """Approve what somebody else drew; it holds from its day on, today at once.

    Raises:
        Refused: the actor may not, drew at it, or it is stale.
    """
    row, role = _acting(s, actor, plan, Act.APPROVE)
    refuse_stale(s, row, now)
    row.state, row.decided_by, row.decided_at = State.APPROVED, actor.person, now
    _note(s, row, Entry("plan.approve", actor, role), now)
    if row.effective <= number.day_of(s, row.market, now):
        apply.apply(s, row, now, actor, role)
    return row


def reject(s: Session, actor: Actor, plan: str, reason: str, now: datetime) -> Plan:
    """Turn down what somebody else drew.

    Raises:
        Refused: the actor may not, or drew at it.
    """
    row, role = _acting(s, actor, plan, Act.REJECT)
    row.state, row.decided_by, row.decided_at, row.reason = State.REJECTED, actor.person, now, reason
    _note(s, row, Entry("plan.reject", actor, role, text=reason), now)
    return row


def _acting(s: Session, actor: Actor, plan: str, act: Act) -> tuple[Plan, Role]:
    row = right.locked(s, actor, plan)
    moved(State(row.state), act)
    return row, right.role_for(s, actor, row, act)


def _note(s: Session, row: Plan, entry: Entry, now: datetime) -> None:
    entry.public.update({"plan": row.id, "number": row.number, "effective": row.effective.isoformat()})
    evidence.append(s, row.market, entry, now)


def _refuse_empty(s: Session, row: Plan) -> None:
    if not changes_of(s, row) and not row.made.get("centres"):
        raise Refused("state", "plan.empty", "This plan changes nothing yet.", "方案还没有任何改动。")
    hard = [one for one in row.figures.get("broken", ()) if one["hard"]]
    if hard:
        raise Refused("state", "plan.broken", hard[0]["en"], hard[0]["zh"])


def _refuse_second(s: Session, row: Plan) -> None:
    query = select(Plan.number).where(Plan.market == row.market, Plan.state.in_(UNDER_WAY))
    other = s.scalar(query.limit(1))
    if other is not None:
        raise _second(other)


def _second(other: str | None) -> Refused:
    one = Pair(f"方案 {other} ", f"Plan {other}") if other else Pair("另一个方案", "Another plan")
    en = f"{one.en} is under way. It has to be decided and in force, or withdrawn, before the next."
    return Refused("conflict", "plan.second", en, f"{one.zh}正在进行，须先审批生效或撤回后才能提交下一个。")
