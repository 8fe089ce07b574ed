"""How this edge speaks: each body in its envelope, each kind with its urgency and its lane in the outbox."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from edge.outbox import Lane
from wire.message import VERSION, Clock, Envelope, Event, Manifest, Sos, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wire.message import Prio, Up

PRIO: Mapping[str, Prio] = {
    "fire": "p1",
    "smoke": "p1",
    "intrusion": "p1",
    "lost": "p1",
    "covered": "p1",
    "frozen": "p1",
    "defocused": "p3",
    "moved": "p3",
    "dazzled": "p3",
    "hole": "p3",
    "clock": "p3",
}
"""Kind of event → how soon it should reach the hub, which alone decides how grave it is; any other is p2."""
URGENT = frozenset({"p0", "p1"})


def seal(device: str, epoch: str, body: Up) -> Envelope:
    """Put `body` in an envelope of now; the outbox numbers it."""
    return Envelope(
        v=VERSION,
        id=new_id(),
        device=device,
        epoch=epoch,
        at=datetime.now(UTC),
        mono_ms=time.monotonic_ns() // 1_000_000,
        clock=Clock(source="system"),
        prio=prio(body),
        body=body,
    )


def prio(body: Up) -> Prio:
    """How soon a body should reach the hub."""
    if isinstance(body, Sos):
        return "p0"
    return PRIO.get(body.kind, "p2") if isinstance(body, Event) else "p3"


def lane(body: Up) -> Lane:
    """Where a body stands in the queue: help and what is urgent and new first, files' announcements last."""
    if isinstance(body, Sos) or (isinstance(body, Event) and body.phase == "new" and prio(body) in URGENT):
        return Lane.ALARM
    return Lane.BULK if isinstance(body, Manifest) else Lane.STATE
