"""Somebody who walks alone says again and again that all is well; a word that does not come is an alert."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as alerts
from hub.core import patrol as rules
from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.severity import grade
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.patrol import point as points
from hub.service.place import Place
from hub.service.signal import Signal, make, mend, raise_to, told
from hub.store.alert import Alert
from hub.store.patrol import Checkpoint, LoneWatch
from hub.store.people import Person
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.phone.item import Item

KIND = "lone"
ON = ("on", "lapsed", "grave")


def said(s: Session, actor: Actor, item: Item, now: datetime) -> Pair | None:
    """Start the timer, say that all is well, or stop it.

    Raises:
        Refused: the actor walks no rounds, or says again that all is well where no timer runs.
    """
    role = policy.authorize(actor, "patrol.walk", Target(_node(actor)))
    row = running(s, actor.person)
    act = item.body["act"]
    if row is None and act != "start":
        en = "No timer runs. Start one before you set out alone."
        raise Refused("state", "lone.none", en, "没有在计时，独自出发前请先开始。")
    if row is None:
        row = _begin(s, actor, item.body["minutes"], now)
    elif act == "start":
        row.minutes = item.body["minutes"]
    _well(s, row, item.at, now)
    if act == "stop":
        row.state, row.person_on = "over", None
    entry = Entry(f"lone.{act}", actor, role, public={"watch": row.id, "minutes": row.minutes})
    evidence.append(s, actor.market, entry, now)
    return _words(row)


def heard(s: Session, person: str, checkpoint: str, at: datetime, now: datetime) -> None:
    """Whoever scans a point is well, and was there."""
    row = running(s, person)
    if row is not None:
        row.checkpoint = checkpoint
        _well(s, row, at, now)


def running(s: Session, person: str) -> LoneWatch | None:
    """The timer of somebody who walks alone now."""
    return s.scalar(select(LoneWatch).where(LoneWatch.person_on == person).with_for_update())


def due(s: Session, now: datetime) -> int:
    """Timers that have lapsed are alerts, and grave ones when still nobody answers; how many changed."""
    over = (LoneWatch.state.in_(("on", "lapsed")), LoneWatch.due_at <= now)
    done = 0
    for market in sorted(set(s.scalars(select(LoneWatch.market).where(*over)))):
        evidence.hold(s, market)
        query = select(LoneWatch).where(LoneWatch.market == market, *over).order_by(LoneWatch.due_at)
        rows = s.scalars(query.with_for_update(skip_locked=True)).all()
        for row in rows:
            (_lapse if row.state == "on" else _grave)(s, row, now)
        done += len(rows)
    return done


def _begin(s: Session, actor: Actor, minutes: int, now: datetime) -> LoneWatch:
    nodes = _node(actor).split("/")
    row = LoneWatch(
        id=new_id(),
        market=actor.market,
        grid=nodes[1] if len(nodes) > 1 else None,
        person=actor.person,
        person_on=actor.person,
        minutes=minutes,
        state="on",
        begun_at=now,
        heard_at=now,
        due_at=now,
    )
    s.add(row)
    s.flush()
    return row


def _well(s: Session, row: LoneWatch, at: datetime, now: datetime) -> None:
    """What was said offline counts from when it was said; an alert of it is over."""
    row.heard_at = max(row.heard_at, min(at, now))
    due_at = row.heard_at + timedelta(minutes=row.minutes)
    if due_at <= now and row.state in ("lapsed", "grave"):
        return
    row.state, row.due_at = "on", due_at
    alert = s.get(Alert, row.alert) if row.alert else None
    if alert is not None and alert.state in alerts.OPEN:
        mend(s, alert, now)
    row.alert = None


def _lapse(s: Session, row: LoneWatch, now: datetime) -> None:
    person = s.get_one(Person, row.person)
    point = s.get(Checkpoint, row.checkpoint) if row.checkpoint else None
    where = points.where(s, row.grid, point)
    words = Pair(f"{where.words.zh} {person.name_zh}", f"{where.words.en}, {person.name_en}")
    there = Place(words, where.grid, where.group, where.x, where.y)
    signal = Signal(KIND, grade(KIND, "normal"), alerts.key(KIND, row.person, row.id), there, now)
    alert = make(s, row.market, signal, now)
    s.flush()
    row.state, row.alert, row.due_at = "lapsed", alert.id, now + rules.LONE_GRAVE
    public = told(alert) | {"watch": row.id}
    evidence.append(s, row.market, Entry("alert.new", role="system", alert=alert.id, public=public), now)


def _grave(s: Session, row: LoneWatch, now: datetime) -> None:
    """Still nobody has heard of them: as grave as a call for help, unless somebody has dealt with it."""
    row.state = "grave"
    alert = s.get(Alert, row.alert, with_for_update=True) if row.alert else None
    if alert is None or alert.state not in alerts.OPEN:
        return
    raise_to(s, alert, 0, now)
    alert.trust, alert.version = "high", alert.version + 1
    public = told(alert) | {"watch": row.id}
    evidence.append(s, row.market, Entry("alert.raise", role="system", alert=alert.id, public=public), now)


def _node(actor: Actor) -> str:
    return next(iter(policy.scope(actor, "patrol.walk")), actor.market)


def _words(row: LoneWatch) -> Pair:
    if row.state == "over":
        return Pair("已停止计时。", "The timer is off.")
    return Pair(f"{row.minutes} 分钟内请再报平安。", f"Say again within {row.minutes} min that all is well.")
