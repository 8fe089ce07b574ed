"""A call for help by a person: which button means what, and where somebody is who presses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians, sin
from typing import TYPE_CHECKING

from hub.core.gcj import from_gcj

if TYPE_CHECKING:
    from hub.core.placed import Anchor

BUTTON: dict[str, str] = {"sos": "panic", "help": "help"}
"""Button on a phone → button of the wire, by which the severity is found."""
NEIGHBOURS = frozenset({"help"})
"""Buttons that call the group's shops and the centre shop at once."""
AT_ONCE = ("monitor", "crew")
"""Who is called at once instead where there are no neighbours."""
ONE = timedelta(minutes=2)
"""So long after a person's call another one of the same kind, not yet dealt with, is that call."""
SURE = 100.0
"""Metres: a position less sure than this is not taken for a place."""
FRESH = timedelta(minutes=30)
"""So long after a visit somebody is still looked for near its checkpoint."""
BESIDE = 60.0
"""Metres beyond the plan's edge that still count as the market."""
DEGREE = 111_320.0
"""Metres of a degree of latitude; within a kilometre the error is below a metre."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone says it is: degrees, and the radius in metres within which that holds."""

    lat: float
    lon: float
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """What a phone says when the button was held; `call` is made there and stays the same however often."""

    call: str
    button: str
    at: datetime
    note: str = ""
    position: Position | None = None


def on_plan(
    position: Position, anchor: Anchor, bounds: tuple[float, float, float, float]
) -> tuple[float, float] | None:
    """The point of the plan, metres, y down; None where it is too unsure or not in the market.

    Phones in China may give GCJ-02 and do not say so: what lies inside counts, WGS-84 before GCJ-02.

    Args:
        position: as the phone gave it.
        anchor: where the plan lies.
        bounds: x0, y0, x1, y1 of the plan.
    """
    if position.accuracy_m is None or position.accuracy_m > SURE:
        return None
    plain = (position.lon, position.lat)
    for at in (plain, from_gcj(plain)):
        x, y = _metres(at, anchor)
        if bounds[0] - BESIDE <= x <= bounds[2] + BESIDE and bounds[1] - BESIDE <= y <= bounds[3] + BESIDE:
            return x, y
    return None


def _metres(at: tuple[float, float], anchor: Anchor) -> tuple[float, float]:
    """A place in WGS-84 on the plan, whose "up" is turned as the anchor says."""
    sine, cosine = sin(radians(anchor.turn)), cos(radians(anchor.turn))
    east = (at[0] - anchor.lon) * DEGREE * cos(radians(anchor.lat))
    north = (at[1] - anchor.lat) * DEGREE
    return east * cosine - north * sine, -east * sine - north * cosine
