"""What devices answer, and what they say of themselves. The first answer holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.core.refuse import Refused
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.order import right
from hub.service.order.desire import newest
from hub.store.order import Command, Desired
from wire.message import Beat, Reply

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope

WAITS = ("queued", "sent")
COMMANDS = {"done": "done", "refused": "refused"}
CONFIGS = {"applied": "applied", "rejected": "rejected", "rolled-back": "rolled-back", "refused": "rejected"}
"""The device's outcome → state of the row."""


def replied(s: Session, market: str, device: str, envelope: Envelope, now: datetime) -> None:
    """Take a device's reply; one to what is settled already changes nothing.

    Raises:
        Refused: it answers nothing that this device was told.
    """
    reply = envelope.body
    assert isinstance(reply, Reply)
    order = s.get(Command, reply.to) or s.get(Desired, reply.to)
    outcomes = COMMANDS if isinstance(order, Command) else CONFIGS
    if order is None or order.device != device or reply.outcome not in outcomes:
        en = f"{device} answers '{reply.outcome}' to {reply.to}, which it was never told."
        raise Refused("missing", "reply.order", en, f"设备 {device} 回复了从未下达的指令。")
    # A command that was done in time counts as done, however late its reply comes.
    if order.state in WAITS or (order.state == "expired" and reply.outcome == "done"):
        order.state, order.reason, order.ended_at = outcomes[reply.outcome], reply.reason, now
        _note(s, market, order, now)


def reported(s: Session, device: str, envelope: Envelope, now: datetime) -> None:
    """Keep what a beat tells of the device's configuration, clock and program."""
    beat = envelope.body
    twin = beat.twin if isinstance(beat, Beat) else None
    if twin is None:
        return
    row = right.twin_of(s, device)
    row.version, row.digest, row.firmware, row.error = twin.version, twin.digest, twin.firmware, twin.error
    row.epoch, row.told_at = envelope.epoch, now
    row.clock_source, row.clock_offset_ms = envelope.clock.source, envelope.clock.offset_ms
    wanted = newest(s, device)
    if wanted is None:
        return
    if (wanted.version, wanted.digest) == (twin.version, twin.digest):
        if wanted.state in WAITS:
            wanted.state, wanted.ended_at = "applied", now
            _note(s, wanted.market, wanted, now)
    elif twin.version < wanted.version and wanted.state in (*WAITS, "applied"):
        # It has just come, or has lost its memory: it need not wait for the next reminder.
        wanted.state, wanted.next_at = "sent", min(wanted.next_at, now)


def _note(s: Session, market: str, order: Command | Desired, now: datetime) -> None:
    public: dict[str, Any] = {"device": order.device, "state": order.state, "reason": order.reason}
    if isinstance(order, Command):
        public |= {"command": order.id, "op": order.op}
    else:
        public |= {"version": order.version}
    evidence.append(s, market, Entry("device.replied", role="device", public=public), now)
