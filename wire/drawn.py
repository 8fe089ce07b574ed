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


_drawn = msgspec.json.Decoder(Drawn)


def decode_drawn(data: bytes) -> Drawn:
    """What `data`, JSON, says; raises Bad with the reason."""
    return read(_drawn, data, MOST_DRAWN)


def plain_drawn(drawn: Drawn) -> dict[str, Any]:
    """The same as plain values, such as JSON has; the empty ones too."""
    return {"masks": msgspec.to_builtins(drawn.masks), "zones": msgspec.to_builtins(drawn.zones)}
