"""Points between the plan's metres, WGS-84 and GCJ-02.

Metres are those of a transverse Mercator map about the plan's own origin (PROJ): within a kilometre of it a
length differs from the geodesic by less than a millimetre.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pyproj import CRS, Transformer

from hub.core.gcj import from_gcj, to_gcj
from hub.core.placed import PlaceAsked, PlaceMade
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.ground import Point
    from hub.core.placed import Anchor
    from hub.core.planned import Progress

FAR = 20_000.0
"""Metres from its anchor within which a plan is drawn."""


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
