"""What is to be sent now, and what is over. Several doors may ask at once; each order goes to one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from hub.service import evidence
from hub.service.device import SPEAKS
from hub.service.evidence import Entry
from hub.service.order.desire import told
from hub.store.device import Device
from hub.store.order import Command, Desired
from wire import order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

OPEN = ("queued", "sent")
AGAIN = timedelta(seconds=2)
"""A command without a reply is sent again."""
REMIND = timedelta(seconds=30)
"""So is a configuration: the broker that kept it may have lost it."""
GRACE = timedelta(seconds=5)
"""A reply to a command that was begun in time is waited for a little longer."""
MOST = 100
"""Orders of one turn."""


def waiting(s: Session, now: datetime) -> bool:
    """Whether `due` or `expire` would find anything."""
    command = exists().where(Command.state.in_(OPEN), Command.next_at <= now)
    config = exists().where(Desired.state.in_(OPEN), Desired.next_at <= now)
    return bool(s.scalar(select(or_(command, config))))


def due(s: Session, now: datetime) -> list[tuple[str, order.Order]]:
    """Market and order of each that is to be sent now; it is not due again for a while."""
    return [*_configs(s, now), *_commands(s, now)]


def expire(s: Session, now: datetime) -> int:
    """Note what no device has answered in time; the number of commands."""
    over = (Command.state.in_(OPEN), Command.expires_at <= now - GRACE)
    for market in sorted(s.scalars(select(Command.market).where(*over).distinct()).all()):
        evidence.hold(s, market)
    rows = s.scalars(select(Command).where(*over).order_by(Command.id).limit(MOST).with_for_update()).all()
    for row in rows:
        row.state, row.ended_at = "expired", now
        public = {"device": row.device, "command": row.id, "op": row.op, "tries": row.tries}
        evidence.append(s, row.market, Entry("device.expired", role="system", public=public), now)
    return len(rows)


def _configs(s: Session, now: datetime) -> Iterator[tuple[str, order.Order]]:
    query = (
        select(Desired)
        .join(Device, Device.id == Desired.device)
        .where(Desired.state.in_(OPEN), Desired.next_at <= now, Device.status.in_(SPEAKS))
        .order_by(Desired.next_at)
        .limit(MOST)
        .with_for_update(of=Desired, skip_locked=True)
    )
    for row in s.scalars(query):
        row.state, row.sent_at, row.next_at = "sent", row.sent_at or now, now + REMIND
        yield row.market, told(row)


def _commands(s: Session, now: datetime) -> Iterator[tuple[str, order.Order]]:
    query = (
        select(Command)
        .join(Device, Device.id == Command.device)
        .where(Command.state.in_(OPEN), Command.next_at <= now, Device.status.in_(SPEAKS))
        .order_by(Command.counter)
        .limit(MOST)
        .with_for_update(of=Command, skip_locked=True)
    )
    for row in s.scalars(query):
        if row.expires_at <= now:
            row.next_at = row.expires_at + GRACE
            continue
        row.state, row.sent_at, row.next_at = "sent", row.sent_at or now, now + AGAIN
        row.tries += 1
        yield (
            row.market,
            order.Command(
                id=row.id,
                target=row.device,
                args=order.build_args(row.args),
                issued=row.made_at,
                expires=row.expires_at,
                counter=row.counter,
            ),
        )
