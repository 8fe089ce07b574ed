"""A case's page: where it stands, what happened, who is there, and what this person may do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import case as rules
from hub.core import form, glossary, policy
from hub.core.case import Stage
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import duty, people, queue
from hub.service.case import clock, right, story, unit
from hub.service.case.board import cards
from hub.service.case.moves import moves
from hub.service.shape import iso, maybe_iso, name, pair
from hub.service.turn.now import turns_on
from hub.store.alert import Alert
from hub.store.camera import Camera
from hub.store.case import Case, CaseAlert
from hub.store.market import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.deadline import Deadline
    from hub.core.policy import Actor
    from hub.store.case import CaseMark

WAY = (
    (Stage.REPORTED, None),
    (Stage.ACCEPTED, "accept"),
    (Stage.DISPATCHED, "dispatch"),
    (Stage.HANDLING, "on_scene"),
    (Stage.HANDLED, "handle"),
    (Stage.CLOSED, "verify"),
    (Stage.EVALUATED, None),
)
"""Stages of the straight way, each with the clock that its coming stops."""
TURN = Pair("今日轮值", "Turn today")


def page(s: Session, actor: Actor, case_id: str, now: datetime, *, acted: bool = False) -> dict[str, Any]:
    """Everything about one case; `acted`: to somebody who has just done something to it.

    Raises:
        Refused: there is none, or it is not the actor's to see.
    """
    case = s.get(Case, case_id)
    if case is None or case.market != actor.market:
        words = ("There is no such case. Reload the page.", "没有这个案件，请刷新页面。")
        raise Refused("missing", "case.none", *words)
    if not acted:
        policy.authorize(actor, "case.see", right.target(s, case, now))
    clocks = clock.deadlines(s, case)
    attached = select(Alert).join(CaseAlert, CaseAlert.alert == Alert.id).where(CaseAlert.case == case.id)
    alerts = s.scalars(attached.order_by(Alert.first_at)).all()
    merged = s.execute(select(Case.id, Case.number).where(Case.root == case.id)).all()
    conditions = right.met(s, case)
    return cards(s, [case], now)[0] | {
        "stages": _stages(s, case, clocks, now),
        "timeline": story.timeline(s, case, alerts),
        "clocks": [_clock(one, now) for one in clocks],
        "moves": moves(s, actor, case, now),
        "alerts": queue.views(s, case.market, alerts, now),
        "people": _people(s, case, now),
        "x": case.x,
        "y": case.y,
        "root": case.root,
        "merged": [{"id": row.id, "number": row.number} for row in merged],
        "reporter": _reporter(s, case, alerts),
        "tracking_code": case.tracking_code,
        "asked": case.asked["act"] if case.asked else None,
        "review_at": maybe_iso(case.review_at),
        "result": case.result,
        "close_conditions": [
            {"id": id_, **pair(words), "met": conditions[id_]} for id_, words in form.CONDITIONS.items()
        ],
    }


def _stages(s: Session, case: Case, clocks: Sequence[Deadline], now: datetime) -> list[dict[str, Any]]:
    """The straight way as far as it has been gone: when, how long it took, and by whom."""
    marks = _current(clock.rows(s, case))
    by_clock: dict[str | None, Deadline] = {one.run.clock: one for one in clocks}
    who = people.names(s, [mark.person for mark in marks.values()])
    unit_name = unit.name(s, case.unit_kind, case.unit)
    found = []
    for stage, stops in WAY:
        mark, one = marks.get(stage), by_clock.get(stops)
        if mark is None:
            continue
        person = who.get(mark.person or "")
        found.append(
            {
                "stage": stage.value,
                "at": iso(mark.at),
                "used_s": one.run.used(now).total_seconds() if one else None,
                "limit_s": one.limit.total_seconds() if one else None,
                "who": name(person) if person else None,
                "note": pair(unit_name) if stage is Stage.DISPATCHED and unit_name else None,
            }
        )
    return found


def _current(marks: Sequence[CaseMark]) -> dict[Stage, CaseMark]:
    """The moment at which each stage that the case has behind it, or is in, was last entered."""
    entered: dict[Stage, CaseMark] = {}
    before: str | None = None
    for mark in marks:
        stage = Stage(mark.stage)
        if mark.stage != before:
            back = stage in rules.LINE and stage in entered
            if back:
                kept = rules.LINE[: rules.LINE.index(stage)]
                entered = {of: one for of, one in entered.items() if of in kept}
            entered[stage] = mark
        before = mark.stage
    return entered


def _clock(one: Deadline, now: datetime) -> dict[str, Any]:
    return {
        "clock": one.run.clock,
        "run": one.run.number,
        "started_at": iso(one.run.started),
        "due_at": maybe_iso(one.due),
        "stopped_at": maybe_iso(one.run.stopped),
        "state": one.state(now),
        "total_s": one.limit.total_seconds(),
        "used_s": one.run.used(now).total_seconds(),
    }


def _people(s: Session, case: Case, now: datetime) -> list[dict[str, Any]]:
    """The unit, the grid's leader and the head of duty, who are there now."""
    on = duty.now_on(s, case.market, now)
    members = sorted(unit.members(s, case, now))
    leader = s.get_one(Grid, case.grid).leader if case.grid else None
    leads = [person.id for person in duty.at_post(on, "lead")]
    known = people.names(s, [*members, leader, *leads])
    unit_name = unit.name(s, case.unit_kind, case.unit)
    rows = [(person, "unit", unit_name) for person in members]
    rows += [(leader, "leader", None)] if leader else []
    rows += [(person, "lead", None) for person in leads]
    here = {one.person.id for one in on}
    found = [
        {
            "name": name(known[person]),
            "role": pair(glossary.ROLE[role]),
            "place": pair(where) if where else None,
            "state": "on_duty" if person in here else None,
            "armband": known[person].armband,
        }
        for person, role, where in rows
    ]
    return found + _shop(s, case, now)


def _shop(s: Session, case: Case, now: datetime) -> list[dict[str, Any]]:
    """The shop next door that has today's turn."""
    shops = turns_on(s, case.market, {case.group} if case.group else set(), now)
    role, place = pair(glossary.ROLE["shop"]), pair(TURN)
    return [
        {"name": name(shop), "role": role, "place": place, "state": "on_duty", "armband": None}
        for shop in shops.values()
    ]


def _reporter(s: Session, case: Case, alerts: Sequence[Alert]) -> dict[str, Any]:
    person = people.names(s, [case.reporter]).get(case.reporter or "")
    camera = s.get(Camera, alerts[0].camera) if alerts and alerts[0].camera else None
    if case.channel == "camera" and camera:
        return {"channel": case.channel, "name": name(camera)}
    own = {"zh": case.reporter_name, "en": case.reporter_name} if case.reporter_name else None
    return {"channel": case.channel, "name": name(person) if person else own}
