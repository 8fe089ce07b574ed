"""The job of a plan: how its solver stands, told by whoever solves, asked by whoever looks, anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core.refuse import Refused
from hub.core.versions import Act, State, moved
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.plan import right
from hub.service.plan.draw import waiting
from hub.store.plan import Plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.planned import Progress
    from hub.core.policy import Actor

GONE_AFTER = timedelta(minutes=3)
"""A solver that has said nothing for so long has ended with its process, whatever it was at.

Of the longest of its steps, walking a large market before and after, it says nothing for up to two minutes.
"""
DIED = (
    "The process that solved it has ended. Start it again; nothing was changed.",
    "求解所在的进程已结束，请重新求解，未作任何更改。",
)
ALONE = (
    "The process that was to solve it has ended before its turn. Start it again; nothing was changed.",
    "未轮到求解，所在进程已结束，请重新求解，未作任何更改。",
)
STOPPED = (
    "It was stopped before its turn came; nothing was changed.",
    "尚未轮到即已停止，未作任何更改。",
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
    row.asked, row.job, row.stop = asked, waiting(now), False
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
    row.stop = right.is_busy(row)
    if row.job is not None and row.job["state"] == "waiting":
        row.job = row.job | _failed(*STOPPED)
    return row


def note(s: Session, plan: str, job: str, progress: Progress, now: datetime) -> bool:
    """Write down how the solver of the plan's job stands; whether it is to go on, which a lost one is not."""
    row = s.get(Plan, plan, with_for_update=True, populate_existing=True)
    if row is None or row.job is None or (row.job["id"], row.job["state"]) != (job, "running"):
        return False
    row.job = row.job | {
        "stage": progress.stage,
        "seconds": round(progress.seconds, 1),
        "best": progress.best,
        "bound": progress.bound,
        "share": progress.share,
        "at": now.isoformat(),
    }
    return not row.stop


def fail(s: Session, plan: str, job: str | None, words: tuple[str, str], now: datetime) -> None:
    """The solver of the plan's job ended without an answer, and the draft stays as it was.

    A job that was given up says nothing of the one begun since; None is whichever was to begin.
    """
    row = s.get(Plan, plan, with_for_update=True, populate_existing=True)
    if row is None or row.job is None or (job is not None and row.job["id"] != job):
        return
    if right.is_busy(row):
        en, zh = words
        row.job = row.job | _failed(en, zh) | {"at": now.isoformat()}


def sweep(s: Session, now: datetime) -> int:
    """End the jobs whose process is gone, so that they can be begun again; their number.

    Who waits is in line behind others: as long as any solver says something, their turn may come.
    """
    state, at = Plan.job["state"].as_string(), Plan.job["at"].as_string()
    busy = s.execute(select(Plan.id, state, at).where(Plan.state == "draft", state.in_(right.WORKING))).all()
    last = s.scalar(select(func.max(at)).where(state != "waiting")) if busy else None
    gone = 0
    for plan, what, said in busy:
        heard = max(said, last or said) if what == "waiting" else said
        if now - datetime.fromisoformat(heard) > GONE_AFTER:
            fail(s, plan, None, (ALONE if what == "waiting" else DIED), now)
            gone += 1
    return gone


def _failed(en: str, zh: str) -> dict[str, Any]:
    return {"state": "failed", "en": en, "zh": zh}
