"""Patrol plans: drawn up for a grid, changed, ended; and the rounds of a day that are made of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select

from hub.core import patrol as rules
from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, market, number, place
from hub.service.evidence import Entry
from hub.service.patrol import point
from hub.store.market import Grid
from hub.store.patrol import DangerCheck, PatrolPlan, Round, RoundPhoto, Skip, Visit
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor, Role

SEED_BYTES = 16
NAMING = (Skip, RoundPhoto, Visit, DangerCheck)
"""What may name a round that nobody has begun."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is asked of a plan; `points` in the order to walk where none is drawn."""

    grid: str
    kind: str
    name: Pair
    times: Sequence[str]
    points: Sequence[str]
    minutes: int | None = None
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solver made of a plan's points: the shortest lap, and a mix to draw from where it is drawn."""

    order: Sequence[str]
    mix: Sequence[dict[str, Any]] | None


def make(s: Session, actor: Actor, given: Given, solved: Solved | None, now: datetime) -> PatrolPlan:
    """A new plan from today on; its rounds that are still to come today are made by the clock.

    Raises:
        Refused: the actor may not there, or what is asked for does not fit.
    """
    role = refuse(s, actor, given)
    row = PatrolPlan(
        id=new_id(),
        market=actor.market,
        begins=number.day_of(s, actor.market, now),
        ends=None,
        made_at=now,
        made_by=actor.person,
    )
    _enter(row, given, solved)
    s.add(row)
    s.flush()
    _tell(s, actor, role, "patrol.plan", row, now)
    return row


def change(
    s: Session, actor: Actor, id_: str, given: Given, solved: Solved | None, now: datetime
) -> PatrolPlan:
    """Change a plan; rounds that nobody has begun and that are not due yet are made anew.

    Raises:
        Refused: there is none, the actor may not here or there, or what is asked for does not fit.
    """
    evidence.hold(s, actor.market)
    row, _ = find(s, actor, id_, "patrol.change")
    role = refuse(s, actor, given)
    _forget(s, row, now)
    _enter(row, given, solved)
    _tell(s, actor, role, "patrol.change", row, now)
    return row


def end(s: Session, actor: Actor, id_: str, now: datetime) -> None:
    """End a plan today; what was walked stays.

    Raises:
        Refused: there is none, or the actor may not.
    """
    evidence.hold(s, actor.market)
    row, role = find(s, actor, id_, "patrol.change")
    _forget(s, row, now)
    row.ends = number.day_of(s, row.market, now)
    _tell(s, actor, role, "patrol.end", row, now)


def find(s: Session, actor: Actor, id_: str, action: str) -> tuple[PatrolPlan, Role]:
    """A plan that has not ended, and the role by which the actor may do `action` to it.

    Raises:
        Refused: there is none, or the actor may not.
    """
    row = s.get(PatrolPlan, id_, with_for_update=True)
    if row is None or row.market != actor.market or row.ends is not None:
        raise Refused("missing", "patrol.none", "There is no such patrol plan.", "没有这个巡逻计划。")
    return row, policy.authorize(actor, action, Target(place.node(row.market, row.grid)))


def due(s: Session, now: datetime) -> int:
    """Make the rounds of each market's day that are still to come, none from before its plan; how many."""
    return sum(_make(s, name, now) for name in market.names(s))


def _make(s: Session, name: str, now: datetime) -> int:
    zone, today = number.zone_of(s, name), number.day_of(s, name, now)
    made = 0
    there_today = (PatrolPlan.market == name, PatrolPlan.begins <= today, PatrolPlan.ends.is_(None))
    for plan in s.scalars(select(PatrolPlan).where(*there_today)):
        there = set(s.scalars(select(Round.due_at).where(Round.plan == plan.id, Round.day == today)))
        for at in rules.due(plan.times, today, zone):
            if at not in there and at >= plan.made_at and at + timedelta(minutes=plan.minutes) > now:
                s.add(_round(s, plan, at, now))
                made += 1
    s.flush()
    return made


def _round(s: Session, plan: PatrolPlan, at: datetime, now: datetime) -> Round:
    """A round as its own seed draws it; until it starts the ledger holds no more than the seed's hash."""
    seed = secrets.token_hex(SEED_BYTES)
    there = point.hanging(s, plan.market, plan.points)
    points = [id_ for id_ in plan.points if id_ in there]
    later = 0.0
    if plan.drawn:
        points, later = rules.drawn(points, plan.mix, seed)
    row = Round(
        id=new_id(),
        market=plan.market,
        grid=plan.grid,
        plan=plan.id,
        kind=plan.kind,
        day=number.day_of(s, plan.market, at),
        due_at=at,
        opens_at=at + timedelta(minutes=later) - rules.EARLY,
        closes_at=at + timedelta(minutes=plan.minutes),
        points=points,
        seed=seed,
        state="planned",
    )
    public = {"round": row.id, "plan": plan.id, "sha256": sha256(seed.encode()).hexdigest()}
    evidence.append(s, plan.market, Entry("round.draw", role="system", public=public), now)
    return row


def _forget(s: Session, row: PatrolPlan, now: datetime) -> None:
    """Rounds of a plan that nobody has begun or named and that are not due yet are no more."""
    ahead = (Round.plan == row.id, Round.state == "planned", Round.due_at > now)
    named = [select(kind.id).where(kind.round == Round.id).exists() for kind in NAMING]
    gone = delete(Round).where(*ahead, ~or_(*named))
    s.execute(gone, execution_options={"synchronize_session": "fetch"})


def refuse(s: Session, actor: Actor, given: Given) -> Role:
    """The role by which the actor may have such a plan.

    Raises:
        Refused: they may not there, or what is asked for does not fit.
    """
    grid = s.get(Grid, given.grid)
    if grid is None or grid.market != actor.market or grid.ends is not None:
        raise Refused("missing", "grid.none", "There is no such grid.", "没有这个网格。")
    role = policy.authorize(actor, "patrol.change", Target(place.node(actor.market, grid.id)))
    _refuse(s, actor.market, given)
    return role


def _refuse(s: Session, market_id: str, given: Given) -> None:
    if given.kind not in rules.KIND:
        en = f"Choose one of: {', '.join(rules.KIND)}."
        raise Refused("input", "patrol.kind", en, "请选择巡逻类型。")
    good = all(rules.TIME.fullmatch(text) for text in given.times)
    if not given.times or not good or len(given.times) > rules.MOST_TIMES:
        en = "Say when rounds are due, as 10:00, from one to 48 times a day."
        raise Refused("input", "patrol.times", en, "请填写每天的巡逻时间，如 10:00，最多 48 次。")
    there = point.hanging(s, market_id, given.points)
    own = all(id_ in there and there[id_].grid == given.grid for id_ in given.points)
    if not own or len(set(given.points)) != len(given.points):
        en = "The points are checkpoints of this grid, each once."
        raise Refused("input", "patrol.points", en, "巡更点须属于本网格，且不重复。")
    if not given.points and given.kind != "danger":
        en = "Choose the points that this round comes by."
        raise Refused("input", "patrol.points", en, "请选择要经过的巡更点。")


def _enter(row: PatrolPlan, given: Given, solved: Solved | None) -> None:
    row.grid, row.kind = given.grid, given.kind
    row.name_zh, row.name_en = given.name.zh.strip(), given.name.en.strip()
    row.times = sorted(set(given.times))
    row.minutes = given.minutes or rules.MINUTES[given.kind]
    row.points = list(solved.order) if solved else list(given.points)
    row.drawn = given.drawn
    row.mix = list(solved.mix) if solved and solved.mix else None


def _tell(s: Session, actor: Actor, role: Role, act: str, row: PatrolPlan, now: datetime) -> None:
    public = {"plan": row.id, "grid": row.grid, "kind": row.kind, "times": row.times, "points": row.points}
    evidence.append(s, row.market, Entry(act, actor, role, public=public), now)
