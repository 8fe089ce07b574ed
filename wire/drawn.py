"""What is drawn on one camera's picture, as a whole: its masks, and its zones with their rules."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from wire.border import read
from wire.message import Body
from wire.scene import MOST_CORNERS, MOST_OUTLINES, Masks, Zones, refuse_scene

MOST_DRAWN = 262_144
"""Bytes; as much as a whole configuration may be."""


class Drawn(Body, frozen=True):
    """All of it; an empty one watches for nothing and hides nothing."""

    masks: Masks = ()
    zones: Zones = ()

    def __post_init__(self) -> None:
        refuse_scene(self.masks, self.zones)


Outline = Annotated[tuple[tuple[float, float], ...], Meta(max_length=MOST_CORNERS)]
"""Right or wrong, but never longer than a right one: to compare its sides grows with their square."""


class _Sketch(msgspec.Struct, frozen=True):
    """Whatever has outlines, right or wrong."""

    id: str = ""
    polygon: Outline | None = None


class _Sketches(msgspec.Struct, frozen=True):
    masks: Annotated[tuple[Outline, ...], Meta(max_length=MOST_OUTLINES)] = ()
    zones: Annotated[tuple[_Sketch, ...], Meta(max_length=MOST_OUTLINES)] = ()


_sketches = msgspec.json.Decoder(_Sketches)
_drawn = msgspec.json.Decoder(Drawn)


def outlines(data: bytes) -> tuple[tuple[Outline, ...], tuple[tuple[str, Outline], ...]]:
    """Masks, and zones by their ids, of what is drawn, right or wrong; none of what is no such JSON."""
    try:
        found = _sketches.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return (), ()
    return found.masks, tuple((zone.id, zone.polygon) for zone in found.zones if zone.polygon)


def decode_drawn(data: bytes) -> Drawn:
    """What `data`, JSON, says; raises Bad with the reason."""
    return read(_drawn, data, MOST_DRAWN)


def plain_drawn(drawn: Drawn) -> dict[str, Any]:
    """The same as plain values, such as JSON has; the empty ones too."""
    return {"masks": msgspec.to_builtins(drawn.masks), "zones": msgspec.to_builtins(drawn.zones)}
