"""Somebody presses a button: help is wanted now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.severity import BUTTON, grade
from hub.service import evidence, place
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
    """An alert for the call; the same call by another way is the same alert.

    Raises:
        Refused: the envelope holds no call.
    """
    body = envelope.body
    if not isinstance(body, Sos):
        raise Refused("input", "sos.kind", "This is not a call for help.", "这不是求助消息。")
    if s.get(AlarmRecord, envelope.id) is None:
        s.add(_record(market, device, envelope, body, now))
    link = s.get(AlertEvent, body.call)
    if link is not None:
        return s.get_one(Alert, link.alert)
    kind = BUTTON[body.button]
    where = _place(s, market, device)
    at = rules.moment(envelope.at, now)
    key = rules.key(kind, device, body.call)
    alert = make(s, market, Signal(kind, grade(kind, "high"), key, where, at, body.note), now)
    alert.device, alert.trust = device, "high"
    s.flush()
    s.add(AlertEvent(event=body.call, alert=alert.id))
    entry = Entry("alert.new", role="device", alert=alert.id, public=told(alert))
    evidence.append(s, market, entry, now)
    return alert


def _place(s: Session, market: str, device: str) -> Place:
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
