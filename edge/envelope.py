"""How this edge speaks: each body in its envelope, each kind with its urgency and its lane in the outbox."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from edge.clock import WALL
from edge.outbox.row import lane_of
from wire.message import VERSION, Envelope, Event, Sos, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.outbox import Lane
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


def seal(device: str, epoch: str, body: Up) -> Envelope:
    """Put `body` in an envelope of now; the outbox numbers it."""
    at, clock = WALL.look()
    return Envelope(
        v=VERSION,
        id=new_id(),
        device=device,
        epoch=epoch,
        at=at,
        mono_ms=time.monotonic_ns() // 1_000_000,
        clock=clock,
        prio=prio(body),
        body=body,
    )


def prio(body: Up) -> Prio:
    """How soon a body should reach the hub."""
    if isinstance(body, Sos):
        return "p0"
    return PRIO.get(body.kind, "p2") if isinstance(body, Event) else "p3"


def lane(body: Up) -> Lane:
    """Where a body stands in the queue."""
    return lane_of(body, prio(body))
