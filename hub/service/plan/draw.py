"""Drafts: begun, given another title or day, drawn, thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.versions import Act, State, moved
from hub.service import evidence, number, placement, solving
from hub.service.evidence import Entry
from hub.service.plan import figure, right
from hub.service.plan.cut import Cut, kept, made_of
from hub.service.plan.reason import reasons
from hub.store.plan import Plan, PlanChange
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.ground import Ground
    from hub.core.planned import EditMade, Oddity, Proof
    from hub.core.policy import Actor


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan is to be; `asked` is what its solver is to keep to, see solved.Rules."""

    kind: str
    title: str
    effective: date
    asked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A market cut anew, with what is known of how good that is."""

    before: Cut
    wanted: Cut
    ground: Ground
    new_grids: Mapping[str, Any] = field(default_factory=dict)
    """Grid that is not there yet → {zh, en, tint}."""
    moved_by_hand: frozenset[str] = frozenset()
    ways: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Metres on foot from shop to shop, as far as they are known."""
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    least_moved: int | None = None
    oddities: tuple[Oddity, ...] = ()
    walked: tuple[EditMade, EditMade] | None = None
    """What whoever walks the market finds broken, before and after; None: nobody walked it."""
    measured: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """Figure → before and after, for those that only the solver can tell."""


def create(s: Session, actor: Actor, wish: Wish, now: datetime) -> Plan:
    """Begin a draft; a solver's waits for it.

    Raises:
        Refused: the actor may not, its day is over, or too many plans wait for the solver.
    """
    by_hand = wish.kind == "hand"
    own = next(iter(policy.scope(actor, "plan.change")), actor.market)
    role = policy.authorize(actor, "plan.change", Target(own if by_hand else actor.market))
    refuse_past(s, actor.market, wish.effective, now)
    if not by_hand:
        right.refuse_queue(s, actor.market)
    placement.settle(s, actor.market, number.day_of(s, actor.market, now))
    row = Plan(
        id=new_id(),
        market=actor.market,
        number=number.following(s, actor.market, "plan", now),
        kind=wish.kind,
        state="draft",
        title=wish.title,
        effective=wish.effective,
        made_by=actor.person,
        made_at=now,
        hands=[actor.person],
        asked=wish.asked,
        made={},
        figures={},
        job=None if by_hand else solving.waiting(now),
    )
    s.add(row)
    s.flush()
    public = {"plan": row.id, "number": row.number, "kind": row.kind, "effective": row.effective.isoformat()}
    evidence.append(s, actor.market, Entry("plan.draw", actor, role, public=public), now)
    return row


def retitle(s: Session, actor: Actor, plan: str, title: str, effective: date, now: datetime) -> Plan:
    """Give a draft another title and day.

    Raises:
        Refused: the actor may not, it is no draft any more, or the day is over.
    """
    row = opened(s, actor, plan)
    refuse_past(s, actor.market, effective, now)
    row.title, row.effective = title, effective
    return row


def discard(s: Session, actor: Actor, plan: str, now: datetime) -> None:
    """Throw a draft away; the ledger keeps that there was one.

    Raises:
        Refused: the actor may not, or it is no draft any more.
    """
    row = right.locked(s, actor, plan)
    moved(State(row.state), Act.DISCARD)
    role = right.role_for(s, actor, row, Act.DISCARD)
    s.execute(delete(PlanChange).where(PlanChange.plan == row.id))
    s.delete(row)
    public = {"plan": row.id, "number": row.number}
    evidence.append(s, actor.market, Entry("plan.discard", actor, role, public=public), now)


def draw(s: Session, row: Plan, drawing: Drawing) -> None:
    """Write down what the plan changes, and how good that is; nothing of the market changes by it."""
    before, wanted = drawing.before, kept(drawing.wanted)
    lost = set(before.seats) - set(wanted.seats)
    assert not lost, f"a drawing loses shops: {sorted(lost)[:5]}"
    why = reasons(before, wanted, drawing.ground, drawing.moved_by_hand)
    s.execute(delete(PlanChange).where(PlanChange.plan == row.id))
    s.add_all(_change(row, shop, drawing, wanted, reason) for shop, reason in why.items())
    row.made = made_of(before, wanted, drawing.new_grids)
    row.revision += 1
    s.flush()
    row.figures = figure.written(s, row, drawing, wanted)
    s.flush()


def refuse_past(s: Session, market: str, day: date, now: datetime) -> None:
    """Let no plan hold from a day that is over.

    Raises:
        Refused: it is.
    """
    if day < number.day_of(s, market, now):
        en = "This day is over. Choose today or a later day."
        raise Refused("input", "plan.past", en, "生效日期已过，请选择今天或以后的日期。")


def opened(s: Session, actor: Actor, plan: str, revision: int | None = None) -> Plan:
    """A draft that the actor may change, and from now on has.

    Raises:
        Refused: they may not, a solver is at it, or it is another than they saw.
    """
    row = right.locked(s, actor, plan, revision)
    moved(State(row.state), Act.CHANGE)
    right.role_for(s, actor, row, Act.CHANGE)
    right.refuse_busy(row)
    row.hands = sorted({*row.hands, actor.person})
    return row


def _change(row: Plan, shop: str, drawing: Drawing, wanted: Cut, reason: str) -> PlanChange:
    held, seat = drawing.before.seats[shop], wanted.seats[shop]
    centres = (drawing.before.grid_centres.get(held.grid), wanted.grid_centres.get(seat.grid))
    walks = [drawing.ways.get((shop, centre)) if centre else None for centre in centres]
    return PlanChange(
        plan=row.id,
        shop=shop,
        grid_from=held.grid,
        grid_to=seat.grid,
        group_from=held.group,
        group_to=seat.group,
        reason=reason,
        walk_from=walks[0],
        walk_to=walks[1],
    )
