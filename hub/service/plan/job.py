"""The job of a plan: begun anew, stopped, and ended where its process is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core.refuse import Refused
from hub.core.versions import Act, State, moved
from hub.service import evidence, solving
from hub.service.evidence import Entry
from hub.service.plan import right
from hub.store.plan import Plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

GONE_AFTER = timedelta(minutes=3)
"""A solver that has said nothing for so long has ended with its process, whatever it was at.

Of the longest of its steps, walking a large market before and after, it says nothing for up to two minutes.
"""
ALONE = (
    "The process that was to solve it has ended before its turn. Start it again; nothing was changed.",
    "未轮到求解，所在进程已结束，请重新求解，未作任何更改。",
)


def again(s: Session, actor: Actor, plan: str, asked: dict[str, Any], now: datetime) -> Plan:
    """Have a draft solved anew, keeping to `asked`.

    Raises:
        Refused: the actor may not, it is drawn by hand or no draft, its solver is at work, or too many wait.
    """
    row = right.locked(s, actor, plan)
    moved(State(row.state), Act.CHANGE)
    role = right.role_for(s, actor, row, Act.CHANGE)
    right.refuse_busy(row)
    if row.kind == "hand":
        en = "A plan by hand has no solver. Begin one of grids or of groups."
        raise Refused("state", "plan.by_hand", en, "人工方案不用求解，请新建网格或小组方案。")
    right.refuse_queue(s, row.market)
    row.asked, row.job, row.stop = asked, solving.waiting(now), False
    row.hands = sorted({*row.hands, actor.person})
    public = {"plan": row.id, "number": row.number}
    evidence.append(s, actor.market, Entry("plan.solve", actor, role, public=public), now)
    return row


def stop(s: Session, actor: Actor, plan: str) -> Plan:
    """Let the solver stop and keep the best that it has; one whose turn has not come yet is not begun.

    Raises:
        Refused: the actor may not.
    """
    row = right.locked(s, actor, plan)
    right.role_for(s, actor, row, Act.CHANGE)
    solving.stop(row)
    return row


def sweep(s: Session, now: datetime) -> int:
    """End the jobs whose process is gone, so that they can be begun again; their number.

    Who waits is in line behind others: as long as any solver says something, their turn may come.
    """
    state, at = Plan.job["state"].as_string(), Plan.job["at"].as_string()
    busy = s.execute(
        select(Plan.id, state, at).where(Plan.state == "draft", state.in_(solving.WORKING))
    ).all()
    last = s.scalar(select(func.max(at)).where(state != "waiting")) if busy else None
    gone = 0
    for plan, what, said in busy:
        heard = max(said, last or said) if what == "waiting" else said
        if now - datetime.fromisoformat(heard) > GONE_AFTER:
            words = ALONE if what == "waiting" else solving.DIED
            solving.fail(s, Plan, plan, None, words, now)
            gone += 1
    return gone
