"""The board: cards of cases that somebody may see, with the clock that runs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import case as rules
from hub.core import deadline
from hub.core.case import Stage
from hub.core.deadline import Mark
from hub.service import people
from hub.service.case import unit
from hub.service.case.find import find
from hub.service.shape import iso, name, optional
from hub.store.case import Case, CaseMark, CasePart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.deadline import Deadline
    from hub.core.policy import Actor
    from hub.service.case.find import Filters
    from hub.store.people import Person

Card = dict[str, Any]


def board(s: Session, actor: Actor, filters: Filters, now: datetime) -> list[Card]:
    """Cards, newest first.

    Raises:
        Refused: a stage that does not exist.
    """
    return cards(s, find(s, actor, filters, now), now)


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
