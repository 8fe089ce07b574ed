"""The board: cards of cases that somebody may see, with the clock that runs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, or_, select

from hub.core import case as rules
from hub.core import deadline, policy
from hub.core.case import Stage
from hub.core.deadline import Mark
from hub.core.policy import Reach
from hub.core.refuse import Refused
from hub.service import duty, people, scope
from hub.service.case import unit
from hub.service.shape import iso, name, optional
from hub.store.case import Case, CaseMark, CasePart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from hub.core.deadline import Deadline
    from hub.core.policy import Actor
    from hub.store.people import Person

Card = dict[str, Any]
MOST = 200
MOST_QUERY = 64
GROUP_DEPTH = 3
"""Parts of a group's node: market, grid and group."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases; `before` is the opening of the last card of the page before."""

    stages: tuple[str, ...] = ()
    mine: bool = False
    q: str = ""
    before: datetime | None = None
    limit: int = 50


def board(s: Session, actor: Actor, filters: Filters, now: datetime) -> list[Card]:
    """Cards, newest first.

    Raises:
        Refused: a stage that does not exist.
    """
    unknown = [stage for stage in filters.stages if stage not in Stage.__members__]
    if unknown:
        en = f"There is no stage {unknown[0]}. Choose from: {', '.join(Stage)}."
        raise Refused("input", "case.stages", en, f"没有“{unknown[0]}”这个阶段。")
    query = select(Case).where(Case.market == actor.market, visible(s, actor, now))
    if filters.stages:
        query = query.where(Case.stage.in_(filters.stages))
    if filters.mine:
        query = query.where(_mine(s, actor, now))
    if filters.q:
        words = filters.q[:MOST_QUERY]
        columns = (Case.number, Case.title_zh, Case.title_en, Case.place_zh, Case.place_en)
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    if filters.before is not None:
        query = query.where(Case.opened_at < filters.before)
    query = query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(min(filters.limit, MOST))
    return cards(s, s.scalars(query).all(), now)


def visible(s: Session, actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition that the actor may see a case: it stands below their node, or their unit has it."""
    below = scope.below(actor, "case.see", Case)
    row = policy.TABLE["case.see"]
    by_unit = any(row[grant.role] in (Reach.OWN, Reach.UNIT) for grant in actor.grants)
    return or_(below, _mine(s, actor, now)) if by_unit else below


def cards(s: Session, cases: Sequence[Case], now: datetime) -> list[Card]:
    """Cards of these cases, in a number of queries that does not grow with theirs."""
    ids = [case.id for case in cases]
    marks: dict[str, list[Mark]] = defaultdict(list)
    rows = select(CaseMark).where(CaseMark.case.in_(ids)).order_by(CaseMark.case, CaseMark.seq)
    for row in s.scalars(rows):
        marks[row.case].append(Mark(row.at, row.act, Stage(row.stage)))
    handlers = _handlers(s, ids)
    units = {pair: unit.name(s, *pair) for pair in {(case.unit_kind, case.unit) for case in cases}}
    found = []
    for case in cases:
        clocks = deadline.deadlines(marks[case.id], case.kind, case.severity, case.policy, case.shift_ends)
        handler = handlers.get(case.id)
        found.append(
            {
                "id": case.id,
                "number": case.number,
                "title": {"zh": case.title_zh, "en": case.title_en},
                "kind": case.kind,
                "severity": case.severity,
                "stage": case.stage,
                "grid": case.grid,
                "place": {"zh": case.place_zh, "en": case.place_en},
                "opened_at": iso(case.opened_at),
                **_due(case, clocks, now),
                "unit": optional(units[case.unit_kind, case.unit]),
                "handler": name(handler) if handler else None,
                "version": case.version,
            }
        )
    return found


def _due(case: Case, clocks: Sequence[Deadline], now: datetime) -> Card:
    """The clock that ends first among those that run, and whether any of them is late."""
    if case.stage not in rules.OPEN:
        return {"due": None, "late": False}
    running = [(clock.due, clock) for clock in clocks if clock.run.stopped is None and clock.due is not None]
    if not running:
        return {"due": None, "late": False}
    at, clock = min(running, key=lambda one: one[0])
    due = {
        "clock": clock.run.clock,
        "at": iso(at),
        "total_s": clock.limit.total_seconds(),
        "started_at": iso(clock.run.started),
    }
    return {"due": due, "late": at < now}


def _handlers(s: Session, ids: list[str]) -> dict[str, Person]:
    """Who first acknowledged each case."""
    query = select(CasePart).where(CasePart.case.in_(ids), CasePart.part == "acknowledge")
    parts = {part.case: part.person for part in s.scalars(query.order_by(CasePart.at.desc()))}
    known = people.names(s, parts.values())
    return {case: known[person] for case, person in parts.items()}


def _mine(s: Session, actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Cases that the actor's unit has now, or in which they took part."""
    on = duty.now_on(s, actor.market, now)
    crews = [one.crew.id for one in on if one.crew is not None and one.person.id == actor.person]
    groups = [parts[2] for grant in actor.grants if len(parts := grant.node.split("/")) == GROUP_DEPTH]
    liaison = "liaison" in actor.roles
    took_part = select(CasePart.case).where(CasePart.person == actor.person)
    return or_(
        Case.id.in_(took_part),
        Case.reporter == actor.person,
        and_(Case.unit_kind == "crew", Case.unit.in_(crews)),
        and_(Case.unit_kind == "group", Case.unit.in_(groups)),
        and_(Case.unit_kind == "agency", Case.unit == actor.person),
        Case.unit_kind == "liaison" if liaison else false(),
    )
