"""What devices report becomes alerts: the fact is kept as received, then found, raised or made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as rules
from hub.core.refuse import Refused
from hub.core.severity import TRUST, grade
from hub.service import camera as cameras
from hub.service import canary, evidence, media, place
from hub.service.evidence import Entry
from hub.service.signal import Signal, boxes_of, draft, make_all, raise_to, told
from hub.store import bulk
from hub.store.alert import AlarmRecord, Alert, AlertEvent
from hub.store.base import JsonText
from hub.store.camera import Camera
from wire import message
from wire.message import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from hub.service.place import Place
    from wire.message import Envelope

Message = tuple[str, "Envelope"]
"""Device as the topic names it, and what it sent."""
Outcome = Alert | Refused | None
RECORDS: Table = AlarmRecord.__table__  # type: ignore[assignment]
LINKS: Table = AlertEvent.__table__  # type: ignore[assignment]


@dataclass(slots=True)
class Batch:
    """What a batch of messages needs, read once, and what it changed."""

    market: str
    now: datetime
    cameras: dict[str, Camera]
    records: set[str]
    by_event: dict[str, Alert]
    by_key: dict[str, list[Alert]]
    links: dict[str, AlertEvent]
    canaries: set[str]
    """Events that are drills which the hub ordered by itself."""
    places: dict[str, Place] = field(default_factory=dict)
    rows: list[bulk.Row] = field(default_factory=list)
    """Records to be written."""
    drafts: list[Alert] = field(default_factory=list)
    """New alerts, without a number yet."""
    touched: dict[str, tuple[Alert, str]] = field(default_factory=dict)


def receive(s: Session, market: str, device: str, envelope: Envelope, now: datetime) -> Alert | None:
    """Take one event; None when it was known already or changes no alert.

    Raises:
        Refused: it speaks for a camera that is not the device's.
    """
    outcome = receive_all(s, market, [(device, envelope)], now)[0]
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def receive_all(s: Session, market: str, messages: Sequence[Message], now: datetime) -> list[Outcome]:
    """Take many events in their order; what each came to. A refusal harms only its own message."""
    with s.no_autoflush:
        batch = _prepare(s, market, messages, now)
        outcomes = [_take(s, batch, device, envelope) for device, envelope in messages]
        _finish(s, batch)
    return outcomes


def _prepare(s: Session, market: str, messages: Sequence[Message], now: datetime) -> Batch:
    bodies = [envelope.body for _, envelope in messages if isinstance(envelope.body, Event)]
    names, ids = {body.camera for body in bodies}, {body.event for body in bodies}
    known = {row.id: row for row in s.scalars(select(Camera).where(Camera.id.in_(names)))}
    records = select(AlarmRecord.id).where(AlarmRecord.id.in_({envelope.id for _, envelope in messages}))
    links = {row.event: row for row in s.scalars(select(AlertEvent).where(AlertEvent.event.in_(ids)))}
    canaries = canary.ordered(
        s, {(device, one.body) for device, one in messages if isinstance(one.body, Event)}
    )
    wanted = {link.alert for link in links.values()}
    alerts = {row.id: row for row in s.scalars(select(Alert).where(Alert.id.in_(wanted)))} if wanted else {}
    return Batch(
        market,
        now,
        known,
        set(s.scalars(records)),
        {event: alerts[link.alert] for event, link in links.items()},
        _groups(s, market, {_key(body, canaries) for body in bodies}, _earliest(bodies, now)),
        links,
        canaries,
    )


def _earliest(bodies: Iterable[Event], now: datetime) -> datetime:
    return min((rules.moment(body.at, now) for body in bodies), default=now) - rules.WINDOW


def _groups(s: Session, market: str, keys: set[str], since: datetime) -> dict[str, list[Alert]]:
    """Recent alerts of these keys, newest first."""
    found: dict[str, list[Alert]] = {key: [] for key in keys}
    query = select(Alert).where(Alert.market == market, Alert.key.in_(keys), Alert.last_at >= since)
    for alert in s.scalars(query.order_by(Alert.first_at.desc())):
        found[alert.key].append(alert)
    return found


def _take(s: Session, batch: Batch, device: str, envelope: Envelope) -> Outcome:
    event = envelope.body
    if not isinstance(event, Event):
        return Refused("input", "event.kind", "This is not an event.", "这不是事件消息。")
    camera = batch.cameras.get(event.camera)
    if camera is None or camera.market != batch.market or camera.device != device:
        return _not_its_camera(device, event.camera)
    if envelope.id in batch.records:
        return batch.by_event.get(event.event)
    batch.records.add(envelope.id)
    batch.rows.append(_record(batch, device, envelope, event))
    cameras.saw(s, camera, event, batch.now)
    return _place(s, batch, camera, event)


def _not_its_camera(device: str, camera: str) -> Refused:
    return Refused(
        "missing",
        "event.camera",
        f"{device} has no camera {camera}: register the camera with this device first.",
        f"设备 {device} 没有摄像机 {camera}，请先登记。",
    )


def _record(batch: Batch, device: str, envelope: Envelope, event: Event) -> bulk.Row:
    return {
        "id": envelope.id,
        "market": batch.market,
        "device": device,
        "event": event.event,
        "phase": event.phase,
        "kind": event.kind,
        "camera": event.camera,
        "zone": event.zone,
        "began": event.began,
        "at": event.at,
        "received_at": batch.now,
        "clock_source": envelope.clock.source,
        "clock_offset_ms": envelope.clock.offset_ms,
        "body": JsonText(message.encode(message.bare(envelope)).decode()),
        "thumb": event.thumb,
    }


def _place(s: Session, batch: Batch, camera: Camera, event: Event) -> Alert | None:
    """The alert that the event belongs to: its own, that of its key and time, or a new one."""
    at = rules.moment(event.at, batch.now)
    severity = grade(event.kind, event.trust, critical=camera.critical)
    alert = batch.by_event.get(event.event)
    if alert is not None and _counts_on(alert, severity):
        _follow(s, batch, alert, event, at, severity)
        return alert
    groups = batch.by_key[_key(event, batch.canaries)]
    alert = next((a for a in groups if _is_group(a, at, severity)), None)
    if alert is None:
        alert = _open(s, batch, camera, event, at, severity)
        groups.insert(0, alert)
    else:
        alert.count += 1
        _follow(s, batch, alert, event, at, severity)
    batch.by_event[event.event] = alert
    return alert


def _counts_on(alert: Alert, severity: int) -> bool:
    """A graver event never disappears in what people are done with."""
    return severity >= alert.severity or alert.state in rules.OPEN


def _is_group(alert: Alert, at: datetime, severity: int) -> bool:
    holds = alert.state in rules.HOLDS_KEY and rules.covers(alert.first_at, alert.last_at, at)
    return holds and _counts_on(alert, severity)


def _key(event: Event, canaries: Collection[str]) -> str:
    which = "canary" if event.event in canaries else "drill"
    kind = f"{event.kind}/{which}" if event.drill else event.kind
    return rules.key(kind, event.camera, event.zone)


def _follow(s: Session, batch: Batch, alert: Alert, event: Event, at: datetime, severity: int) -> None:
    """What a further event changes in its alert."""
    alert.first_at, alert.last_at = min(alert.first_at, at), max(alert.last_at, at)
    alert.score = max(alert.score, event.score)
    if event.phase == "new" and not alert.boxes:
        alert.boxes = boxes_of(event)  # the still shown is the first one: later boxes lie elsewhere in it
    alert.trust = max(alert.trust, event.trust, key=TRUST.index)
    alert.seconds = max(alert.seconds or 0.0, event.seconds or 0.0) or None
    if event.event not in batch.canaries:
        alert.reason = event.reason or alert.reason
    alert.version += 1
    act = batch.touched.get(alert.id, (alert, "alert.update"))[1]
    if severity < alert.severity:
        act = "alert.raise" if act == "alert.update" else act
        raise_to(s, alert, severity, batch.now)
    batch.touched[alert.id] = (alert, act)


def _open(s: Session, batch: Batch, camera: Camera, event: Event, at: datetime, severity: int) -> Alert:
    """A new alert, which takes the key from an older group."""
    if camera.id not in batch.places:
        batch.places[camera.id] = place.of_camera(s, camera)
    key = _key(event, batch.canaries)
    for older in batch.by_key[key]:
        older.open_key = None
    signal = Signal(event.kind, severity, key, batch.places[camera.id], at)
    alert = draft(s, batch.market, signal, batch.now)
    batch.drafts.append(alert)
    alert.device, alert.camera, alert.zone = camera.device, camera.id, event.zone
    alert.score, alert.trust, alert.drill = event.score, event.trust, event.drill
    alert.seconds, alert.reason, alert.boxes = event.seconds, event.reason, boxes_of(event)
    if event.event in batch.canaries:
        canary.settle(alert)
    batch.touched[alert.id] = (alert, "alert.new")
    return alert


def _finish(s: Session, batch: Batch) -> None:
    """Alerts first, then what refers to them, and the ledger last."""
    make_all(s, batch.market, batch.drafts, batch.now)
    s.flush()
    fresh = []
    for event, alert in batch.by_event.items():
        link = batch.links.get(event)
        if link is None:
            fresh.append({"event": event, "alert": alert.id})
        elif link.alert != alert.id:
            link.alert = alert.id
    bulk.pour(s.connection(), LINKS, fresh)
    bulk.pour(s.connection(), RECORDS, batch.rows)
    media.adopt(s, {event: alert for event, alert in batch.by_event.items() if alert.id in batch.touched})
    entries = [
        Entry(act, role="device", alert=alert.id, public=told(alert)) for alert, act in batch.touched.values()
    ]
    evidence.append_all(s, batch.market, entries, batch.now)
