"""Points between the plan's metres, WGS-84 and GCJ-02.

Metres are those of a transverse Mercator map about the plan's own origin (PROJ): within a kilometre of it a
length differs from the geodesic by less than a millimetre. GCJ-02 has no published standard; its offset is
the formula that open map software has shared since 2010 (Krassovsky 1940 ellipsoid, tables below), which
agrees with published pairs of points to a centimetre. It is undone by iteration to a tenth of a millimetre.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pyproj import CRS, Transformer

from hub.core.placed import PlaceAsked, PlaceMade
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.ground import Point
    from hub.core.placed import Anchor
    from hub.core.planned import Progress

MAJOR, SQUARED = 6378245.0, 0.00669342162296594323
"""Krassovsky 1940: half the major axis in metres, and the squared eccentricity as that formula has it."""
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""Longitudes and latitudes within which GCJ-02 is offset; elsewhere it is WGS-84."""
FAR = 20_000.0
"""Metres from its anchor within which a plan is drawn."""
CLOSE = 1e-9
"""Degrees, a tenth of a millimetre."""


def make(asked: PlaceAsked, heard: Callable[[Progress], bool] | None = None) -> PlaceMade:
    """The points in the wanted frame.

    Raises:
        Refused: nobody has said where the plan lies, or a point is none on earth or far from the market.
    """
    del heard
    points = asked.points
    if asked.given == asked.wanted:
        return PlaceMade(points)
    if asked.given == "metres":
        points = _from_plan(points, _told(asked.anchor))
    elif not all(abs(lon) <= 180 and abs(lat) <= 85 for lon, lat in points):  # noqa: PLR2004 - degrees
        en = "A place is not in degrees of longitude and latitude: say that the file is in metres."
        raise Refused("input", "place.degrees", en, "坐标不是经纬度，请选择“米”后重试。")
    elif asked.given == "gcj02":
        points = tuple(map(from_gcj, points))
    if asked.wanted == "metres":
        return PlaceMade(_onto_plan(points, _told(asked.anchor)))
    return PlaceMade(tuple(map(to_gcj, points)) if asked.wanted == "gcj02" else points)


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


def _map(anchor: Anchor) -> Transformer:
    """Degrees of WGS-84 → metres east and north of the anchor."""
    about = f"+proj=tmerc +lat_0={anchor.lat!r} +lon_0={anchor.lon!r} +k=1 +ellps=WGS84 +units=m"
    return Transformer.from_crs(CRS.from_epsg(4326), CRS.from_proj4(about), always_xy=True)


def _onto_plan(points: tuple[Point, ...], anchor: Anchor) -> tuple[Point, ...]:
    if not points:
        return ()
    sine, cosine = _turned(anchor)
    east, north = _map(anchor).transform([lon for lon, _ in points], [lat for _, lat in points])
    pairs = list(zip(east, north, strict=True))
    if not all(abs(value) < FAR for pair in pairs for value in pair):
        en = "A place lies kilometres from the market. Is it longitude before latitude, and in this frame?"
        raise Refused("input", "place.far", en, "坐标离市场数公里以上，请检查是否经度在前、坐标系是否正确。")
    return tuple((round(e * cosine - n * sine, 3), round(-e * sine - n * cosine, 3)) for e, n in pairs)


def _from_plan(points: tuple[Point, ...], anchor: Anchor) -> tuple[Point, ...]:
    if not points:
        return ()
    sine, cosine = _turned(anchor)
    east = [x * cosine - y * sine for x, y in points]
    north = [-x * sine - y * cosine for x, y in points]
    lons, lats = _map(anchor).transform(east, north, direction="INVERSE")
    return tuple(zip(lons, lats, strict=True))


def _turned(anchor: Anchor) -> tuple[float, float]:
    return math.sin(math.radians(anchor.turn)), math.cos(math.radians(anchor.turn))


def _told(anchor: Anchor | None) -> Anchor:
    if anchor is None:
        en = "Say first where the plan's corner lies on the earth: its longitude, latitude and turn."
        raise Refused("state", "place.anchor", en, "请先填写平面图原点的经度、纬度和转角。")
    return anchor
