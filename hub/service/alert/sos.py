"""Somebody presses a button: help is wanted now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.severity import BUTTON, grade
from hub.core.sos import Position
from hub.service import evidence, place, supervise, whereabouts
from hub.service.evidence import Entry
from hub.service.place import Place
from hub.service.signal import Signal, make, told
from hub.store.alert import AlarmRecord, Alert, AlertEvent
from hub.store.camera import Camera
from wire import message
from wire.message import Sos

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope


def sos(s: Session, market: str, device: str, envelope: Envelope, now: datetime) -> Alert:
    """An alert for the call of a device; the same call by another way is the same alert.

    Pressed again after somebody has done with that alert, it is a new one: help is wanted again.

    Raises:
        Refused: the envelope holds no call.
    """
    body = envelope.body
    if not isinstance(body, Sos):
        raise Refused("input", "sos.kind", "This is not a call for help.", "这不是求助消息。")
    fresh = s.get(AlarmRecord, envelope.id) is None
    if fresh:
        s.add(_record(market, device, envelope, body, now))
    at = rules.moment(envelope.at, now)
    known = of_call(s, market, body.call)
    if known is not None and not (fresh and _over(known, at)):
        return known
    kind = BUTTON[body.button]
    key = rules.key(kind, device, body.call)
    where = _place(s, market, device, body)
    alert = make(s, market, Signal(kind, grade(kind, "high"), key, where, at, body.note), now)
    alert.device = device
    return called(s, alert, body.call, Entry("alert.new", role="device"), now)


def of_call(s: Session, market: str, call: str) -> Alert | None:
    """The alert of a call, if it is known; of two ways at once the second waits here and finds it.

    Raises:
        Refused: another market has it.
    """
    evidence.hold(s, market)
    link = s.get(AlertEvent, call)
    alert = s.get_one(Alert, link.alert) if link else None
    if alert is not None and alert.market != market:
        raise Refused("conflict", "sos.call", "This call is another market's.", "这是其他市场的求助。")
    return alert


def called(s: Session, alert: Alert, call: str, entry: Entry, now: datetime) -> Alert:
    """Make the alert that of this call, write its line, and tell at once whomever the first step names."""
    alert.trust = "high"
    s.flush()
    s.merge(AlertEvent(event=call, alert=alert.id))
    said = Entry(entry.act, entry.actor, entry.role, alert=alert.id, public=told(alert), text=entry.text)
    evidence.append(s, alert.market, said, now)
    supervise.at_once(s, alert, now)
    return alert


def _over(alert: Alert, at: datetime) -> bool:
    return alert.state in rules.OVER and at > (alert.decided_at or alert.received_at)


def _place(s: Session, market: str, device: str, body: Sos) -> Place:
    at = body.position
    found = whereabouts.moved(s, market, Position(at.lat, at.lon, at.accuracy_m)) if at else None
    if found is not None:
        return found
    camera = s.scalar(
        select(Camera).where(Camera.device == device, Camera.market == market).order_by(Camera.id).limit(1)
    )
    return place.of_camera(s, camera) if camera else Place(Pair(f"设备 {device}", f"Device {device}"))


def _record(market: str, device: str, envelope: Envelope, body: Sos, now: datetime) -> AlarmRecord:
    return AlarmRecord(
        id=envelope.id,
        market=market,
        device=device,
        event=body.call,
        phase="new",
        kind=BUTTON[body.button],
        began=envelope.at,
        at=envelope.at,
        received_at=now,
        clock_source=envelope.clock.source,
        clock_offset_ms=envelope.clock.offset_ms,
        body=json.loads(message.encode(envelope)),
    )
