"""A call for help that came by HTTP: the bytes that go by MQTT too, and one inbox, so that it counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.service import device as devices
from hub.service import inbox
from hub.service.alert.sos import sos
from wire import message
from wire.message import Bad, Range, Receipt, Sos

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope


def posted(s: Session, market: str, device: str, data: bytes, now: datetime) -> bytes:
    """Take the call in `data` unless it is known already; returns the receipt to send once it is committed.

    Raises:
        Refused: it is not a numbered call of this device.
    """
    envelope, seq = _read(device, data)
    key = (device, envelope.epoch, seq)
    if inbox.receive(s, {key}, now):
        if devices.standings(s, market, [device]).get(device) == "enrolled":
            devices.begin(s, device)
        sos(s, market, device, envelope, now)
    return message.encode(Receipt(ranges=(Range(envelope.epoch, seq, seq),)))


def _read(device: str, data: bytes) -> tuple[Envelope, int]:
    try:
        envelope = message.decode(data)
    except (Bad, RecursionError) as bad:
        raise Refused("input", "sos.shape", f"{bad}.", "消息格式不对。") from bad
    if envelope.device != device:
        raise Refused("input", "sos.device", f"You are {device}; speak for yourself.", "只能代表本设备求助。")
    if not isinstance(envelope.body, Sos) or envelope.seq is None:
        raise Refused("input", "sos.kind", "Send a numbered call for help.", "请发送带编号的求助消息。")
    return envelope, envelope.seq
