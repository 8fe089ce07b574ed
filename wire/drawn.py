"""What is drawn on one camera's picture, as a whole: its masks, and its zones with their rules."""

from __future__ import annotations

from typing import Any

import msgspec

from wire.border import read
from wire.message import Body
from wire.scene import Masks, Zones, refuse_scene

MOST_DRAWN = 262_144
"""Bytes; as much as a whole configuration may be."""


class Drawn(Body, frozen=True):
    """All of it; an empty one watches for nothing and hides nothing."""

    masks: Masks = ()
    zones: Zones = ()

    def __post_init__(self) -> None:
        refuse_scene(self.masks, self.zones)


class _Sketch(msgspec.Struct, frozen=True):
    """Whatever has outlines, right or wrong."""

    id: str = ""
    polygon: tuple[tuple[float, float], ...] | None = None


class _Sketches(msgspec.Struct, frozen=True):
    masks: tuple[tuple[tuple[float, float], ...], ...] = ()
    zones: tuple[_Sketch, ...] = ()


Outline = tuple[tuple[float, float], ...]
_sketches = msgspec.json.Decoder(_Sketches)
_drawn = msgspec.json.Decoder(Drawn)


def outlines(data: bytes) -> tuple[tuple[Outline, ...], tuple[tuple[str, Outline], ...]]:
    """Masks, and zones by their ids, of what is drawn, right or wrong; none where it is no such JSON."""
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
