"""A recording run through drawn rules: what the edge says of how far it is, and of what would have fired."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from wire.border import read
from wire.message import Body, Count, EventKind, Line, Share, Slug

MOST_SAID = 262_144
"""Bytes of one report."""
MOST_FIRED = 500
"""What fires more often is told so far, and that there is more."""
LONGEST_REPLAY = 900.0
"""Seconds of recording that are run through at once."""


class Fired(Body, frozen=True):
    """What would have been an event."""

    kind: EventKind
    zone: Slug
    began: datetime
    """When what happened began."""
    at: datetime
    """When the rule fired."""
    ended: datetime | None = None
    """None: it went on at the end."""
    score: Share = 0.0
    count: Count | None = None
    seconds: float | None = None
    reason: Line | None = None


class Replayed(Body, frozen=True):
    """How far a replay is; the last one says how it ended."""

    state: Literal["running", "done", "failed", "stopped"]
    share: Share = 0.0
    """Of the asked time."""
    pictures: Count = 0
    """That were looked at."""
    shown: Annotated[float, Meta(ge=0)] = 0.0
    """Seconds of recording that they cover."""
    took: Annotated[float, Meta(ge=0)] = 0.0
    """Seconds since it began."""
    fired: Annotated[tuple[Fired, ...], Meta(max_length=MOST_FIRED)] = ()
    more: bool = False
    """Whether more fired than is told."""
    reason: Line | None = None
    """Why it failed."""


_replayed = msgspec.json.Decoder(Replayed)


def decode_replayed(data: bytes) -> Replayed:
    """What an edge says, JSON; raises Bad with the reason."""
    return read(_replayed, data, MOST_SAID)


def plain_replayed(said: Replayed) -> dict[str, Any]:
    """The same as plain values, such as JSON has; nothing is left out."""
    found: dict[str, Any] = msgspec.to_builtins(said)
    fired = [
        {name: msgspec.to_builtins(getattr(one, name)) for name in Fired.__struct_fields__}
        for one in said.fired
    ]
    every = {name: msgspec.to_builtins(getattr(said, name)) for name in Replayed.__struct_fields__}
    return every | found | {"fired": fired}
