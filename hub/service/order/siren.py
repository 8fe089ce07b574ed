"""Have the siren beside a device sound, because the hub itself wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.order.command import queue, refuse_flood
from hub.store.device import Device
from wire.order import Sound

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.store.order import Command


def siren(s: Session, market: str, device: str, seconds: float, now: datetime) -> Command:
    """Queue it; the door that holds the link sends it, within half a minute or never.

    Raises:
        Refused: the market has no such device, or it has too much to answer already.
    """
    row = s.get(Device, device)
    if row is None or row.market != market or row.status != "active":
        en = f"There is no device {device} at work; see [siren] of the gateways' file."
        raise Refused("missing", "device.none", en, f"没有在用的设备 {device}，请检查网关文件的 [siren]。")
    refuse_flood(s, device)
    made = queue(s, row, Sound(seconds), None, now)
    public = {"device": device, "command": made.id, "op": "siren", "camera": None}
    evidence.append(s, market, Entry("device.command", None, "system", public=public), now)
    return made
