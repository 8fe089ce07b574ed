"""What cameras and their boxes say of themselves, and what their silence says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.glossary import Pair
from hub.core.severity import grade
from hub.service import evidence, turning
from hub.service.evidence import Entry
from hub.service.place import Place
from hub.service.signal import Signal, make, told
from hub.store.alert import AlarmRecord
from hub.store.camera import Camera
from hub.store.device import Device
from wire.message import Beat, Event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

DARK_AFTER = timedelta(seconds=90)
"""Three beats of 30 s missed."""
SILENT = "device silent"
SHOWN = frozenset({"covered", "defocused", "moved", "dazzled", "frozen", "lost"})
"""Kinds of events that are also states of a camera."""


def health(s: Session, market: str, device: str, body: Beat | Event, now: datetime) -> list[Camera]:
    """Take a beat, or an event about a camera's sight; the cameras whose state changed."""
    if isinstance(body, Event):
        camera = s.get(Camera, body.camera)
        own = camera is not None and camera.device == device and camera.market == market
        return [camera] if camera is not None and own and saw(s, camera, body, now) else []
    row = s.get_one(Device, device)
    row.seen_at, row.online = now, True
    row.queued, row.dropped = body.queued, body.dropped
    cameras = {camera.id: camera for camera in _of(s, [device])}
    if body.turns:
        turning.learn(s, cameras.values(), body.turns)
    said = [(cameras[health.camera], health) for health in body.cameras if health.camera in cameras]
    return [
        camera for camera, health in said if _turn(s, camera, health.state, health.since, health.reason, now)
    ]


def saw(s: Session, camera: Camera, event: Event, now: datetime) -> bool:
    """Whether an event changed what is known of its camera's sight."""
    if event.kind not in SHOWN:
        return False
    state = "live" if event.phase == "end" else event.kind
    if state == "live" and camera.state != event.kind:
        return False
    if state != "live" and _has_ended(s, event.event):
        return False
    if state == "live":
        return _turn(s, camera, state, event.at, None, now)
    return _turn(s, camera, state, event.began, event.reason, now)


def _has_ended(s: Session, event: str) -> bool:
    """Whether its end came before this word of it, as it may when a broker dies in between."""
    ended = (AlarmRecord.event == event, AlarmRecord.phase == "end")
    return s.scalar(select(AlarmRecord.id).where(*ended).limit(1)) is not None


def silent(s: Session, now: datetime) -> list[Device]:
    """Find boxes that have gone silent: their cameras are lost, and somebody hears of it."""
    query = select(Device).where(Device.online.is_(True), Device.seen_at < now - DARK_AFTER)
    gone = list(s.scalars(query.with_for_update(skip_locked=True)))
    if not gone:
        return []
    cameras = _of(s, [device.id for device in gone])
    for device in gone:
        device.online = False
        own = [camera for camera in cameras if camera.device == device.id]
        for camera in own:
            _turn(s, camera, "lost", device.seen_at or now, SILENT, now)
        _alarm(s, device, own, now)
    return gone


def _of(s: Session, devices: list[str]) -> Sequence[Camera]:
    return s.scalars(select(Camera).where(Camera.device.in_(devices)).order_by(Camera.id)).all()


def _turn(s: Session, camera: Camera, state: str, since: datetime, reason: str | None, now: datetime) -> bool:
    if camera.state == state:
        return False
    public = {"camera": camera.id, "state": state, "was": camera.state, "reason": reason}
    camera.state, camera.since, camera.reason = state, min(since, now), reason
    evidence.append(s, camera.market, Entry("camera.state", role="device", public=public), now)
    return True


def _alarm(s: Session, device: Device, cameras: Sequence[Camera], now: datetime) -> None:
    first = next(iter(cameras), None)
    words = Pair(f"前端 {device.id}", f"Edge {device.id}")
    grid, x, y = (first.grid, first.x, first.y) if first else (None, None, None)
    severity = grade("dark", "normal", critical=any(camera.critical for camera in cameras))
    signal = Signal("dark", severity, f"dark|{device.id}|", Place(words, grid, None, x, y), now, SILENT)
    alert = make(s, device.market, signal, now)
    alert.device = device.id
    s.flush()
    entry = Entry("alert.new", role="system", alert=alert.id, public=told(alert))
    evidence.append(s, device.market, entry, now)
