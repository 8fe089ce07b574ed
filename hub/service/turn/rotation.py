"""Rotations: drawn up by the solver for a group, a grid or the market, looked at, and published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import policy
from hub.core import turn as rules
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, number, solving
from hub.service.evidence import Entry
from hub.service.turn import asked
from hub.store.turn import Rotation
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.rotation import GroupTurns, RotationMade
    from hub.service.turn.asked import Question

MOST_WAITING = 6
"""Rotations of a market that wait for the solver."""


def draw(
    s: Session, actor: Actor, node: str, first: date, last: date, seconds: float, now: datetime
) -> Rotation:
    """Begin a draft, which waits for the solver.

    Raises:
        Refused: the actor may not there, the days are over or too many, or too many drafts wait.
    """
    role = policy.authorize(actor, "duty.change", Target(node))
    _refuse_days(number.day_of(s, actor.market, now), first, last)
    if not asked.groups_at(s, actor.market, node, first):
        en = "There is no group there. Choose the market, a grid or a group."
        raise Refused("missing", "rotation.node", en, "这里没有联防小组，请选择市场、网格或小组。")
    _refuse_queue(s, actor.market)
    row = Rotation(
        id=new_id(),
        market=actor.market,
        number=number.following(s, actor.market, "rotation", now),
        node=node,
        first=first,
        last=last,
        state="draft",
        seconds=seconds,
        job=solving.waiting(now),
        made=[],
        figures={},
        made_by=actor.person,
        made_at=now,
    )
    s.add(row)
    s.flush()
    public = {"rotation": row.id, "number": row.number, "node": node}
    public |= {"first": first.isoformat(), "last": last.isoformat()}
    evidence.append(s, actor.market, Entry("rotation.draw", actor, role, public=public), now)
    return row


def again(s: Session, actor: Actor, rotation: str, now: datetime) -> Rotation:
    """Have a draft solved anew.

    Raises:
        Refused: there is none, the actor may not, or a solver is at it.
    """
    row, _ = draft(s, actor, rotation, "duty.change")
    solving.refuse_busy(row)
    _refuse_queue(s, row.market)
    row.job, row.stop = solving.waiting(now), False
    return row


def stop(s: Session, actor: Actor, rotation: str) -> Rotation:
    """Let the solver stop and keep the best that it has.

    Raises:
        Refused: there is no such draft, or the actor may not.
    """
    row, _ = draft(s, actor, rotation, "duty.change")
    solving.stop(row)
    return row


def discard(s: Session, actor: Actor, rotation: str, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        Refused: there is no such draft, or the actor may not.
    """
    row, role = draft(s, actor, rotation, "duty.change")
    row.state, row.decided_by, row.decided_at, row.job = "discarded", actor.person, now, None
    public = {"rotation": row.id, "number": row.number}
    evidence.append(s, actor.market, Entry("rotation.discard", actor, role, public=public), now)


def take(s: Session, question: Question, made: RotationMade, now: datetime) -> Rotation | None:
    """Write the answer into the draft; None where the draft does not wait for it any more."""
    row = s.get(Rotation, question.rotation, with_for_update=True, populate_existing=True)
    if row is None or row.state != "draft" or not solving.is_at(row, question.job):
        return None
    row.made = [_written(one) for one in made.groups]
    row.figures = {
        "spread": made.spread,
        "baseline_spread": made.baseline_spread,
        "proved": sum(one.proved for one in made.groups),
        "groups": len(made.groups),
        "turns": sum(len(one.turns) for one in made.groups),
        "oddities": sum(len(one.oddities) for one in made.groups),
        "objective": made.proof.objective,
        "bound": made.proof.bound,
        "unknown_years": list(question.unknown),
    }
    solving.finished(row, made.proof.seconds, now, stopped=made.proof.stopped)
    return row


def draft(s: Session, actor: Actor, rotation: str, action: str) -> tuple[Rotation, policy.Role]:
    """A draft that the actor may change or publish, locked.

    Raises:
        Refused: there is none, they may not, or it is no draft any more.
    """
    row = s.get(Rotation, rotation, with_for_update=True, populate_existing=True)
    if row is None or row.market != actor.market:
        raise Refused("missing", "rotation.none", "There is no such rotation.", "没有这份轮值表。")
    role = policy.authorize(actor, action, Target(row.node))
    if row.state != "draft":
        raise Refused("state", "rotation.over", "This is no draft any more.", "这份轮值表已不是草稿。")
    return row, role


def _written(one: GroupTurns) -> dict[str, Any]:
    return {
        "group": one.group,
        "turns": [[turn.day.isoformat(), turn.shop, turn.buddy] for turn in one.turns],
        "spread": one.spread,
        "proved": one.proved,
        "oddities": [
            {
                "rule": odd.rule,
                "day": odd.day.isoformat() if odd.day else None,
                "shop": odd.shop,
                "zh": odd.words.zh,
                "en": odd.words.en,
            }
            for odd in one.oddities
        ],
    }


def _refuse_days(today: date, first: date, last: date) -> None:
    if (
        not today <= first <= last
        or (last - first).days >= rules.MOST_DAYS
        or first > today + rules.MOST_AHEAD
    ):
        en = f"Choose up to {rules.MOST_DAYS} days, from today on, the first within three months."
        zh = f"请选择今天起三个月内开始、不超过 {rules.MOST_DAYS} 天的日期。"
        raise Refused("input", "rotation.days", en, zh)


def _refuse_queue(s: Session, market: str) -> None:
    waits = Rotation.job["state"].as_string() == "waiting"
    query = select(func.count()).where(Rotation.market == market, Rotation.state == "draft", waits)
    if (s.scalar(query) or 0) >= MOST_WAITING:
        en = f"{MOST_WAITING} rotations wait for the solver already. Stop one of them, or try again later."
        zh = f"已有 {MOST_WAITING} 份轮值表等待求解，请停止其一或稍后再试。"
        raise Refused("state", "rotation.queue", en, zh)
