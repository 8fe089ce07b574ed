"""Where a plan lies on the earth, and points in three frames: the plan's metres, WGS-84 and GCJ-02.

In metres x goes right and y down on the plan; in degrees a point is longitude, latitude, as in GeoJSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hub.core.ground import Point  # noqa: TC001 - the child reads what it is asked by these types

Frame = Literal["metres", "wgs84", "gcj02"]
"""gcj02: the frame of maps published in China, a few hundred metres off WGS-84."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the plan's point 0, 0 lies in WGS-84, and the bearing that "up" has, clockwise from north."""

    lon: float
    lat: float
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """Points of one frame in another. Without an anchor one of the two is not metres."""

    points: tuple[Point, ...]
    given: Frame
    wanted: Frame
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class PlaceMade:
    """The same points in the same order, metres to the millimetre."""

    points: tuple[Point, ...]
