"""What a demo edge says over the wire, for tests that run the whole hub."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from wire import message
from wire.message import Clock, Envelope, Event, new_id


def event(epoch: str, seq: int, **more: Any) -> bytes:
    """Somebody stands in the yard of edge-west's camera c-2-01, now."""
    now = datetime.now(UTC)
    body = {"event": new_id(), "phase": "new", "kind": "intrusion", "camera": "c-2-01", "zone": "yard"}
    said = Event(**(body | {"began": now, "at": now, "score": 0.9} | more))  # type: ignore[arg-type]
    return message.encode(
        Envelope("1.0", new_id(), "edge-west", epoch, now, seq, Clock("ntp"), "p1", said, seq)
    )
