"""A person's own call for help: where they are, and who hears at once."""

from __future__ import annotations

from dataclasses import asdict
from math import hypot
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as rules
from hub.core import glossary, policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.severity import BUTTON as KIND
from hub.core.severity import grade
from hub.core.sos import AT_ONCE, BUTTON, NEIGHBOURS, ONE
from hub.service import evidence, notice, place, supervise, whereabouts
from hub.service.alert.cried import own
from hub.service.alert.sos import called, of_call
from hub.service.evidence import Entry
from hub.service.shape import iso
from hub.service.signal import Signal, make, told
from hub.store.alert import AlarmRecord, Alert, AlertEvent
from hub.store.people import Grant, Person
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.sos import Called, Position
    from hub.service.place import Place

STEP = 10.0
"""Metres: less than this, or than the position is unsure, is not moved."""


def cry(s: Session, actor: Actor, given: Called, now: datetime) -> Alert:
    """An alert for the call of a person; the same call again, or by a device, is the same alert.

    So is a new one of that kind soon after, while nobody is done with it; nobody is told of that anew.

    Raises:
        Refused: this person calls otherwise.
    """
    role = policy.authorize(actor, "sos", Target(actor.market))
    kind, at = KIND[BUTTON[given.button]], rules.moment(given.at, now)
    # Locked before the ledger, as whoever acts on an alert does.
    last = _last(s, actor, kind, now)
    known = of_call(s, actor.market, given.call)
    if known is not None:
        return known
    if last is not None:
        return _more(s, last, actor, given, now)
    where = whereabouts.of(s, actor, given.position, now).where
    key, named = rules.key(kind, actor.person, given.call), whereabouts.named(where, actor)
    signal = Signal(kind, grade(kind, "high"), key, named, at)
    alert = make(s, actor.market, signal, now)
    alert.reason = given.note or None
    s.add(_record(alert, actor, given, at, now))
    called(s, alert, given.call, Entry("alert.new", actor, role), now)
    if given.button in NEIGHBOURS:
        _tell_near(s, actor, alert, where, now)
    return alert


def _last(s: Session, actor: Actor, kind: str, now: datetime) -> Alert | None:
    """The actor's open alert of this kind that is young enough to be the same need."""
    mine = Alert.key.startswith(rules.key(kind, actor.person, None), autoescape=True)
    query = select(Alert).where(Alert.market == actor.market, Alert.state.in_(rules.OPEN), mine)
    young = query.where(Alert.received_at > now - ONE)
    return s.scalar(young.order_by(Alert.received_at.desc()).limit(1).with_for_update())


def _more(s: Session, alert: Alert, actor: Actor, given: Called, now: datetime) -> Alert:
    at = rules.moment(given.at, now)
    s.add_all((_record(alert, actor, given, at, now), AlertEvent(event=given.call, alert=alert.id)))
    alert.count += 1
    alert.last_at = max(alert.last_at, at)
    alert.version += 1
    evidence.append(s, alert.market, Entry("alert.update", actor, alert=alert.id, public=told(alert)), now)
    return alert


def moved(s: Session, actor: Actor, call: str, position: Position, now: datetime) -> Alert:
    """The caller is here now; what is unsure, or no further than a step, changes nothing.

    Raises:
        Refused: there is no such call of the actor's.
    """
    alert = own(s, actor, call)
    where = whereabouts.moved(s, actor.market, position) if alert.state in rules.OPEN else None
    if where is None or where.x is None or where.y is None or not _far(alert, where.x, where.y, position):
        return alert
    alert.place_zh, alert.place_en = _words(whereabouts.named(where, actor).words)
    alert.grid, alert.group, alert.x, alert.y = where.grid, where.group, where.x, where.y
    alert.version += 1
    evidence.append(s, alert.market, Entry("alert.update", actor, alert=alert.id, public=told(alert)), now)
    return alert


def _tell_near(s: Session, actor: Actor, alert: Alert, where: Place, now: datetime) -> None:
    """Neighbours hear of a call next door, without a name; with no group, crew and monitors hear, with it."""
    if alert.group is not None:
        near, step = _neighbours(s, actor, alert), "neighbours"
    else:
        subject = supervise.Subject(alert, "alert", "monitor")
        near, step = [one for rung in AT_ONCE for one in supervise.who(s, subject, rung, now)], "help"
        where = whereabouts.named(where, actor)
    kind = glossary.KIND[alert.kind]
    zh, en = f"{where.words.zh} {kind.zh}", f"{kind.en}, {where.words.en}"
    words = Pair(f"{zh}：{alert.reason}", f"{en}: {alert.reason}") if alert.reason else Pair(zh, en)
    notice.tell(s, alert.market, near, f"alert/{alert.id}", step, words, now)


def _neighbours(s: Session, actor: Actor, alert: Alert) -> list[str]:
    """Others of the group's shops and the centre shop."""
    at = place.node_of(alert)
    query = (
        select(Grant.person)
        .join(Person, Person.id == Grant.person)
        .where(Person.active.is_(True), Grant.role.in_(("shop", "centre")))
        .where((Grant.node == at) | Grant.node.startswith(f"{at}/", autoescape=True))
        .order_by(Grant.person)
    )
    return [person for person in s.scalars(query) if person != actor.person]


def _record(alert: Alert, actor: Actor, given: Called, at: datetime, now: datetime) -> AlarmRecord:
    position = asdict(given.position) if given.position else None
    said = {"call": given.call, "button": given.button, "note": given.note, "position": position}
    return AlarmRecord(
        id=new_id(),
        market=alert.market,
        device=_device(actor),
        event=given.call,
        phase="new",
        kind=alert.kind,
        began=at,
        at=at,
        received_at=now,
        clock_source="none",
        clock_offset_ms=0.0,
        body=said | {"at": iso(given.at)},
    )


def _device(actor: Actor) -> str:
    return f"person:{actor.person}"


def _far(alert: Alert, x: float, y: float, position: Position) -> bool:
    if alert.x is None or alert.y is None:
        return True
    return hypot(alert.x - x, alert.y - y) > max(STEP, position.accuracy_m or 0.0)


def _words(words: Pair) -> tuple[str, str]:
    return words.zh, words.en
