"""What a camera's rules see and count at one picture: shown live to whoever tries them, kept nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from wire.border import read
from wire.message import Body, Box, Count, EventKind, Pixel, Slug

MOST_SHOWN = 1 << 20
"""Bytes of one."""


class Gauge(Body, frozen=True):
    """How far one rule of a zone has come."""

    zone: Slug
    kind: EventKind
    seconds: Annotated[float, Meta(ge=0)]
    """So far."""
    needed: Annotated[float, Meta(ge=0)]
    """Seconds at which it fires, as far as seconds decide."""
    number: Count = 0
    enough: Count | None = None
    """Where a number decides."""
    armed: bool = True
    open: bool = False
    """Whether an event of it goes on."""


class Shown(Body, frozen=True):
    """One picture, masks burnt in, with what was seen in it."""

    at: datetime
    picture: tuple[Pixel, Pixel]
    """Width and height, in whose pixels all boxes are."""
    still: Annotated[bytes, Meta(max_length=MOST_SHOWN // 2)]
    """JPEG."""
    boxes: Annotated[tuple[Box, ...], Meta(max_length=64)] = ()
    motion: Annotated[tuple[tuple[Pixel, Pixel, Pixel, Pixel], ...], Meta(max_length=64)] = ()
    """Left, top, right, bottom of what moves."""
    gauges: Annotated[tuple[Gauge, ...], Meta(max_length=256)] = ()


_shown = msgspec.json.Decoder(Shown)


def decode_shown(data: bytes) -> Shown:
    """What an edge shows, JSON; raises Bad with the reason."""
    return read(_shown, data, MOST_SHOWN)
