"""Devices: whether they may speak, by which key, and what they say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.store.camera import Camera
from hub.store.device import Device

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope

SPEAKS = frozenset({"enrolled", "active"})
"""Standings of a device in which it is heard."""


def standings(s: Session, market: str, devices: Collection[str]) -> dict[str, str]:
    """The standing of each of `devices` that the market has."""
    rows = s.execute(select(Device.id, Device.status).where(Device.market == market, Device.id.in_(devices)))
    return {row.id: row.status for row in rows}


def begin(s: Session, device: str) -> None:
    """An enrolled device that has spoken is active."""
    s.get_one(Device, device).status = "active"


def speaking(s: Session, markets: Collection[str] = ()) -> list[tuple[str, str, str]]:
    """Market, id and hash of the key of every device that may speak, of these markets or of all."""
    query = select(Device.market, Device.id, Device.key_hash).where(Device.status.in_(SPEAKS))
    if markets:
        query = query.where(Device.market.in_(markets))
    rows = s.execute(query.order_by(Device.market, Device.id))
    return [(row.market, row.id, row.key_hash) for row in rows if row.key_hash]


def key_of(s: Session, market: str, device: str) -> str | None:
    """The hash of the device's key, None when it may not speak."""
    query = select(Device.key_hash).where(
        Device.id == device, Device.market == market, Device.status.in_(SPEAKS)
    )
    return s.scalar(query)


def serves(s: Session, device: str, camera: str) -> bool:
    """Whether the camera is the device's."""
    return s.scalar(select(Camera.id).where(Camera.id == camera, Camera.device == device)) is not None


def stated(s: Session, device: str, envelope: Envelope, now: datetime) -> None:
    """Take a device's word that it is there.

    Its last will, that it is gone, changes nothing: a connection that breaks for a moment is no silence. What
    stays away for three beats is found by the timer.
    """
    online = getattr(envelope.body, "online", False)
    if online:
        row = s.get_one(Device, device)
        row.online, row.seen_at, row.epoch = True, now, envelope.epoch
        row.clock_offset_ms = envelope.clock.offset_ms
