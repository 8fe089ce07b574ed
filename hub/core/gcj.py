"""GCJ-02, the frame of maps published in China, and WGS-84.

GCJ-02 has no published standard; its offset is the formula that open map software has shared since 2010
(Krassovsky 1940 ellipsoid, tables below), which agrees with published pairs of points to a centimetre. It is
undone by iteration to a tenth of a millimetre. A point is longitude, latitude in degrees.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.core.ground import Point

MAJOR, SQUARED = 6378245.0, 0.00669342162296594323
"""Krassovsky 1940: half the major axis in metres, and the squared eccentricity as that formula has it."""
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""Longitudes and latitudes within which GCJ-02 is offset; elsewhere it is WGS-84."""
CLOSE = 1e-9
"""Degrees, a tenth of a millimetre."""


def to_gcj(at: Point) -> Point:
    """WGS-84 → GCJ-02."""
    lon, lat = at
    if not (CHINA[0] <= lon <= CHINA[2] and CHINA[1] <= lat <= CHINA[3]):
        return at
    east, north = _offset(lon - 105.0, lat - 35.0)
    sine = math.sin(math.radians(lat))
    magic = 1 - SQUARED * sine * sine
    root = math.sqrt(magic)
    down = math.degrees(north / (MAJOR * (1 - SQUARED) / (magic * root)))
    right = math.degrees(east / (MAJOR / root * math.cos(math.radians(lat))))
    return lon + right, lat + down


def from_gcj(at: Point) -> Point:
    """GCJ-02 → WGS-84: the point whose GCJ-02 it is."""
    lon, lat = at
    for _ in range(30):
        east, north = to_gcj((lon, lat))
        right, down = at[0] - east, at[1] - north
        lon, lat = lon + right, lat + down
        if abs(right) < CLOSE and abs(down) < CLOSE:
            break
    return lon, lat


WAVES_EAST = (
    ((6.0, 20.0), (2.0, 20.0)),
    ((1.0, 20.0), (1 / 3, 40.0)),
    ((1 / 12, 150.0), (1 / 30, 300.0)),
)
"""Of the offset to the east: sines of pi times so much x, with their metres; each pair counts two thirds."""
WAVES_NORTH = (
    ((6.0, 20.0), (2.0, 20.0)),
    ((1.0, 20.0), (1 / 3, 40.0)),
    ((1 / 12, 160.0), (1 / 30, 320.0)),
)
"""Of the offset to the north; the first pair goes by x, the others by y."""


def _offset(x: float, y: float) -> tuple[float, float]:
    """Metres to the east and to the north, for degrees from 105 E, 35 N."""
    root = math.sqrt(abs(x))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    for waves in WAVES_EAST:
        east += sum(metres * math.sin(turns * math.pi * x) for turns, metres in waves) * 2 / 3
    for number, waves in enumerate(WAVES_NORTH):
        along = y if number else x
        north += sum(metres * math.sin(turns * math.pi * along) for turns, metres in waves) * 2 / 3
    return east, north
