"""What was received from devices: each numbered message once, and bad ones set aside."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.store.device import DeadLetter, Inbox
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

Key = tuple[str, str, int]
"""Device, epoch, seq."""

MOST_PAYLOAD = 65_536
"""So many bytes of a bad message are kept."""


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
