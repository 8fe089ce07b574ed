"""Who may do what to a plan, and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, exists, false, func, or_, select, true

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.versions import BY, MOVES, WITHDRAW_WITHIN, Act, State
from hub.service import solving
from hub.store.plan import Plan, PlanChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session
    from sqlalchemy.orm.attributes import InstrumentedAttribute

    from hub.core.policy import Actor, Role

    Column = InstrumentedAttribute[Any]

OWN = "You drew at this plan or submitted it: somebody else must decide on it."
OWN_ZH = "你参与拟订或提交了该方案，须由他人审批。"
BUSY = "Its solver is at work. Wait for it, or stop it."
BUSY_ZH = "正在求解，请等待完成或先停止。"
"""States of a job in which its plan belongs to the solver."""
MOST_WAITING = 6
"""Plans of a market that wait for the solver; each takes minutes."""
MOST = 200
"""Plans in the list."""


def seen(s: Session, actor: Actor, plan: str) -> Plan:
    """A plan that the actor may see.

    Raises:
        Refused: there is none, or they may not.
    """
    row = s.get(Plan, plan)
    if row is None or row.market != actor.market or not is_seen(s, actor, row):
        raise Refused("missing", "plan.none", "There is no such plan.", "没有这个方案。")
    return row


def is_seen(s: Session, actor: Actor, row: Plan) -> bool:
    """Whether the actor may see this plan of their market.

    Whoever does not see the whole market's sees those that change something where they may see plans, and
    drafts where they may draw themselves.
    """
    if actor.market in policy.scope(actor, "plan.see") or actor.person in row.hands:
        return True
    return s.scalar(select(Plan.id).where(Plan.id == row.id, _is_near_of(actor))) is not None


def _is_near_of(actor: Actor) -> ColumnElement[bool]:
    """Of a plan: whether it changes something where the actor may see it."""
    draft = Plan.state == State.DRAFT
    seen_, own = (_touches(policy.scope(actor, right)) for right in ("plan.see", "plan.change"))
    return or_(and_(draft, own), and_(~draft, seen_))


def _touches(nodes: Iterable[str]) -> ColumnElement[bool]:
    """Whether one of a plan's changes leaves or comes to a place below one of `nodes`; as `is_near` does."""
    places = ((PlanChange.grid_from, PlanChange.group_from), (PlanChange.grid_to, PlanChange.group_to))
    near = [_below(node.split("/")[1:], grid, group) for node in nodes for grid, group in places]
    return exists().where(PlanChange.plan == Plan.id, or_(false(), *near))


def _below(path: Sequence[str], grid: Column, group: Column) -> ColumnElement[bool]:
    """Whether a shop in this grid and group is below `path`: grid, group and shop, as many as it names."""
    wholly = [column == part for column, part in zip((grid, group, PlanChange.shop), path, strict=False)]
    loose = [column == part for column, part in zip((grid, PlanChange.shop), path, strict=False)]
    return or_(and_(true(), *wholly), and_(group.is_(None), *loose) if len(path) == len(loose) else false())


def is_near(one: PlanChange, market: str, nodes: Iterable[str]) -> bool:
    """Whether a change leaves or comes to a place below one of `nodes`."""
    places = ((one.grid_from, one.group_from), (one.grid_to, one.group_to))
    paths = ["/".join(part for part in (market, *place, one.shop) if part) for place in places]
    return any(policy.within(path, node) for path in paths for node in nodes)


def locked(s: Session, actor: Actor, plan: str, revision: int | None = None) -> Plan:
    """The same, and nobody else changes it until the transaction ends.

    Raises:
        Refused: the same, or somebody changed it since `revision`.
    """
    seen(s, actor, plan)
    row = s.get_one(Plan, plan, with_for_update=True, populate_existing=True)
    if revision is not None and row.revision != revision:
        en = "Somebody changed this plan meanwhile. Look at it anew, then try again."
        raise Refused("conflict", "plan.match", en, "方案刚被他人修改，请刷新后重试。")
    return row


def role_for(s: Session, actor: Actor, row: Plan, act: Act) -> Role:
    """The role by which the actor may do this to the plan, wherever it changes something.

    Raises:
        Refused: they may not, or it is their own.
    """
    return _role(actor, row, act, nodes_of(s, row))


def _role(actor: Actor, row: Plan, act: Act, touched: Sequence[str]) -> Role:
    nodes = touched or [next(iter(policy.scope(actor, BY[act])), row.market)]
    roles = [policy.authorize(actor, BY[act], Target(node)) for node in nodes]
    # What does not hold yet may be taken back by anybody who could; what holds concerns others.
    apart = BY[act] == "plan.approve" and (act is not Act.UNDO or row.state == State.APPLIED)
    if apart and is_own(row, actor.person):
        raise Refused("right", "plan.apart", OWN, OWN_ZH)
    return roles[0]


def nodes_of(s: Session, row: Plan) -> list[str]:
    """Where a plan changes something: the market for a solver's, else the grids that its moves touch."""
    if row.kind != "hand":
        return [row.market]
    pairs = s.execute(
        select(PlanChange.grid_from, PlanChange.grid_to).where(PlanChange.plan == row.id).distinct()
    )
    grids = {grid for pair in pairs for grid in pair}
    return [f"{row.market}/{grid}" for grid in sorted(grids)]


def is_own(row: Plan, person: str) -> bool:
    """Whether this person drew at it or submitted it."""
    return person in {row.made_by, row.submitted_by, *row.hands}


def refuse_busy(row: Plan) -> None:
    """Let nobody change what a solver is at.

    Raises:
        Refused: it is.
    """
    if solving.is_busy(row):
        raise Refused("state", "plan.busy", BUSY, BUSY_ZH)


def refuse_queue(s: Session, market: str) -> None:
    """Let no more plans wait for the solver than it comes to within the hour.

    Raises:
        Refused: so many wait already.
    """
    waiting = (Plan.market == market, Plan.job["state"].as_string() == "waiting")
    if (s.scalar(select(func.count()).select_from(Plan).where(*waiting)) or 0) >= MOST_WAITING:
        en = f"{MOST_WAITING} plans wait for the solver already. Stop one of them, or try again later."
        raise Refused(
            "state", "plan.queue", en, f"已有 {MOST_WAITING} 个方案等待求解，请停止其一或稍后再试。"
        )


def may(s: Session, actor: Actor, row: Plan, now: datetime) -> list[str]:
    """The acts that this person could do now."""
    free = row.state != State.DRAFT or not solving.is_busy(row)
    acts = [act for act in BY if free and (State(row.state), act) in MOVES]
    touched = nodes_of(s, row) if acts else []
    return [str(act) for act in acts if _may(actor, row, act, touched, now)]


def _may(actor: Actor, row: Plan, act: Act, touched: Sequence[str], now: datetime) -> bool:
    if act is Act.WITHDRAW and not withdraws(row, actor.person, now):
        return False
    try:
        _role(actor, row, act, touched)
    except Refused:
        return False
    return True


def withdraws(row: Plan, person: str, now: datetime) -> bool:
    """Whether this person may still take back what they submitted."""
    submitted = row.submitted_at
    return submitted is not None and row.submitted_by == person and now < submitted + WITHDRAW_WITHIN


def of_market(s: Session, actor: Actor, states: Iterable[str] = ()) -> list[Plan]:
    """The plans that the actor may see, newest first.

    Raises:
        Refused: they may see none.
    """
    policy.authorize(actor, "plan.see", Target(next(iter(policy.scope(actor, "plan.see")), actor.market)))
    query = select(Plan).where(Plan.market == actor.market).order_by(Plan.made_at.desc(), Plan.id.desc())
    if wanted := list(states):
        query = query.where(Plan.state.in_(wanted))
    if actor.market not in policy.scope(actor, "plan.see"):
        drew = cast(Plan.hands, Text).contains(json.dumps(actor.person), autoescape=True)
        query = query.where(or_(drew, _is_near_of(actor)))
    return list(s.scalars(query.limit(MOST)))
