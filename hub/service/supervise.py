"""When time runs out: steps fire once, people are told, and what waits too long moves by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as alerts
from hub.core import glossary, supervise
from hub.core.case import Act, Stage
from hub.core.glossary import Pair
from hub.core.notice import should_notify
from hub.service import delivery, duty, evidence, ladder, notice, people, silence
from hub.service.case import clock, unit
from hub.service.case.act import by_itself
from hub.service.evidence import Entry
from hub.store.alert import Alert
from hub.store.case import Case
from hub.store.market import Grid
from hub.store.people import Person
from hub.store.supervise import Escalation
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.supervise import Due

BATCH = 200
"""Most alerts and most cases that one tick looks at."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An alert or case whose step fires."""

    thing: Alert | Case
    word: str
    owner: str
    """Role that owes the act; `unit` for the unit of a case."""

    @property
    def name(self) -> str:
        """`alert/<id>` or `case/<id>`."""
        return f"{self.word}/{self.thing.id}"


def due(s: Session, now: datetime) -> int:
    """Fire every step whose time has come; how many alerts and cases were looked at."""
    open_alerts = select(Alert).where(Alert.state == alerts.State.NEW, Alert.next_due_at <= now)
    open_cases = select(Case).where(Case.next_due_at <= now)
    waiting = s.scalars(
        open_alerts.order_by(Alert.severity, Alert.next_due_at).limit(BATCH).with_for_update(skip_locked=True)
    ).all()
    for alert in waiting:
        _alert(s, alert, now)
    late = s.scalars(
        open_cases.order_by(Case.severity, Case.next_due_at).limit(BATCH).with_for_update(skip_locked=True)
    ).all()
    for case in late:
        _case(s, case, now)
    return len(waiting) + len(late)


def at_once(s: Session, alert: Alert, now: datetime) -> None:
    """Fire the steps of an alert that was made this very moment, before the clock's next tick."""
    if alert.next_due_at is not None and alert.next_due_at <= now:
        _alert(s, alert, now)


def _alert(s: Session, alert: Alert, now: datetime) -> None:
    subject = Subject(alert, "alert", supervise.OWES["ack"])
    done = ladder.fired(s, subject.name)
    quiet = silence.holding(s, alert.market, now)
    tells = should_notify(alert.severity, alert.kind, alert.camera, quiet, now)
    heard = True
    for step in supervise.pending(ladder.steps(alert), done):
        # An urgent alert passes a rung on which nobody stands at once: nobody would hear until the next.
        if step.at > now and (heard or alert.severity > 0):
            break
        heard = bool(_fire(s, subject, step, now, tells=tells))
        done.add((step.clock, step.step.at))
        if alert.severity == 0 and step.step.at == 0 and not alert.drill:
            delivery.siren(s, alert.market, subject.name, alert.severity, now)
    ladder.plan(alert, done)
    alert.version += 1


def _case(s: Session, case: Case, now: datetime) -> None:
    if case.stage == Stage.CLOSED:
        by_itself(s, case, Act.EVALUATE, now)
        return
    if case.stage == Stage.SUSPENDED and case.review_at is not None and case.review_at <= now:
        by_itself(s, case, Act.RESUME, now)
    for step in clock.due(s, case):
        if step.at <= now:
            owner = next(role for name, role in supervise.OWES.items() if step.clock.split(".")[0] == name)
            _fire(s, Subject(case, "case", owner), step, now, tells=True)
    case.version += 1
    clock.plan(s, case)


def _fire(s: Session, subject: Subject, step: Due, now: datetime, *, tells: bool) -> list[str]:
    """Write the step down, which the database allows once, and tell whom it names; their ids."""
    thing, late = subject.thing, now - step.at > supervise.ON_TIME
    told = sorted({one for rung in step.step.to for one in who(s, subject, rung, now)}) if tells else []
    s.add(
        Escalation(
            id=new_id(),
            market=thing.market,
            subject=subject.name,
            clock=step.clock,
            step=step.step.at,
            due_at=step.at,
            fired_at=now,
            late=late,
            to=",".join(step.step.to),
        )
    )
    s.flush()
    notice.tell(s, thing.market, told, subject.name, f"{step.clock}/{step.step.at}", _words(thing, step), now)
    case, alert = (thing, None) if isinstance(thing, Case) else (None, thing.id)
    public = {"clock": step.clock, "step": step.step.at, "late": late, "to": list(step.step.to)}
    public |= {"people": told, "due_at": step.at.isoformat()}
    entry = Entry(f"{subject.word}.escalate", None, "system", case, alert, public=public)
    evidence.append(s, thing.market, entry, now)
    return told


def _words(thing: Alert | Case, step: Due) -> Pair:
    clock = glossary.CLOCK[step.clock.split(".")[0]]
    if isinstance(thing, Case):
        return Pair(
            f"{thing.title_zh}：{clock.zh}{step.step.zh}", f"{thing.title_en}: {clock.en}, {step.step.en}"
        )
    kind = glossary.KIND[thing.kind]
    return Pair(f"{thing.place_zh} {kind.zh}：{step.step.zh}", f"{kind.en}, {thing.place_en}: {step.step.en}")


def who(s: Session, subject: Subject, rung: str, now: datetime) -> list[str]:
    """Ids of those whom a rung of the ladder means here and now; whoever called for help knows already."""
    thing = subject.thing
    caller = alerts.source(thing.key) if isinstance(thing, Alert) else None
    on = [one for one in duty.now_on(s, thing.market, now) if one.person.id != caller]
    found = _meant(s, subject, subject.owner if rung == "owner" else rung, on, now)
    return [person for person in found if person != caller]


def _meant(s: Session, subject: Subject, rung: str, on: list[duty.OnDuty], now: datetime) -> list[str]:
    thing = subject.thing
    match rung:
        case "unit":
            return sorted(unit.members(s, thing, now)) if isinstance(thing, Case) else []
        case "crew":
            return [one.person.id for one in on if one.crew is not None and one.crew.grid == thing.grid]
        case "leader":
            leader = s.get_one(Grid, thing.grid).leader if thing.grid else None
            return [leader] if leader and s.get_one(Person, leader).active else []
        case "lead":
            lead = [person.id for person in duty.at_post(on, "lead")]
            return lead or people.with_role(s, thing.market, "manager")
    holders = people.with_role(s, thing.market, rung)
    here = {one.person.id for one in on}
    return [person for person in holders if person in here] or holders
