"""What people order, and what a device says to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.service import order as orders
from hub.store.evidence import Line
from tests.hub.town import MARKET, NOON, actor, envelope
from wire.message import Beat, Outcome, Reply
from wire.message import Twin as Said

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.store.order import Command, Desired

SLOW = b'{"cameras": {"c-3-1": {"fps": 2}}}'
SECOND = timedelta(seconds=1)


def ordered(s: Session, op: str = "still", person: str = "qin", now: datetime = NOON, **more: Any) -> Command:
    camera = {} if op in {"restart", "siren"} else {"camera": "c-3-1"}
    more = {"until": now + timedelta(hours=1)} | more if op in {"arm", "disarm"} else more
    return orders.command(s, actor(s, person), "edge-1", {"op": op} | camera | more, now)


def desired(s: Session, fields: bytes = SLOW, match: int = 0, now: datetime = NOON) -> Desired:
    return orders.desire(s, actor(s, "ji"), "edge-1", fields, match, now)


def answer(
    s: Session,
    to: str,
    outcome: Outcome,
    reason: str | None = None,
    device: str = "edge-1",
    now: datetime = NOON,
) -> None:
    said = envelope(Reply(to=to, outcome=outcome, reason=reason), now, device)
    orders.replied(s, MARKET, device, said, now)


def beat(s: Session, version: int, digest: str | None = None, now: datetime = NOON) -> None:
    body = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0, twin=Said(version=version, digest=digest))
    orders.reported(s, "edge-1", envelope(body, now), now)


def lines(s: Session) -> list[tuple[str, dict[str, Any]]]:
    s.flush()
    return [(line.act, line.public) for line in s.scalars(select(Line).order_by(Line.id))]
