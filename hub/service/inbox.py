"""What was received from devices: each numbered message once, and bad ones set aside."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.store.device import DeadLetter, Device, Inbox
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

Key = tuple[str, str, int]
"""Device, epoch, seq."""

SPEAKS = frozenset({"enrolled", "active"})
"""Standings of a device in which it is heard."""
MOST_PAYLOAD = 65_536
"""So many bytes of a bad message are kept."""


def standings(session: Session, market: str, devices: Collection[str]) -> dict[str, str]:
    """The standing of each device that the market has."""
    rows = session.execute(
        select(Device.id, Device.status).where(Device.market == market, Device.id.in_(devices))
    )
    return {row.id: row.status for row in rows}


def begin(session: Session, device: str) -> None:
    """An enrolled device has spoken for the first time."""
    row = session.get_one(Device, device)
    row.status = "active"


def known(session: Session, keys: Collection[Key]) -> set[Key]:
    """Those of `keys` that were received before."""
    by_epoch: dict[tuple[str, str], list[int]] = defaultdict(list)
    for device, epoch, seq in keys:
        by_epoch[device, epoch].append(seq)
    return {
        (device, epoch, seq)
        for (device, epoch), wanted in by_epoch.items()
        for seq in session.scalars(
            select(Inbox.seq).where(Inbox.device == device, Inbox.epoch == epoch, Inbox.seq.in_(wanted))
        )
    }


def receive(session: Session, key: Key, now: datetime) -> None:
    """Note that this message was received; the database refuses a second time."""
    device, epoch, seq = key
    session.add(Inbox(device=device, epoch=epoch, seq=seq, received_at=now))


def set_aside(
    session: Session,
    market: str,
    device: str | None,
    topic: str,
    reason: str,
    payload: bytes,
    now: datetime,
) -> None:
    """Keep a message that could not be taken, with the reason for whoever looks at it."""
    session.add(
        DeadLetter(
            id=new_id(),
            market=market,
            device=device,
            topic=topic[:200],
            reason=reason[:500],
            payload=payload[:MOST_PAYLOAD],
            received_at=now,
        )
    )
