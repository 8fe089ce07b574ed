"""Privacy masks: polygons that are painted over before a picture leaves the camera's process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Polygon = Sequence[tuple[float, float]]
"""Corners x, y as shares 0..1 of the picture's width and height."""
Picture = NDArray[np.uint8]
Plane = Literal["bgr", "luma", "chroma"]

LEAST_CORNERS, MOST_CORNERS = 3, 256
_COLOURS: dict[Plane, np.uint8] = {"bgr": np.uint8(0), "luma": np.uint8(16), "chroma": np.uint8(128)}
"""Black, as each kind of plane says it."""


class Mask:
    """What nobody may see of one camera.

    Every pixel that a polygon touches is painted, and two more around it, since scaling smears a
    pixel over its neighbours. A polygon that crosses itself covers all that it goes around.

    Raises:
        ValueError: a polygon has fewer than 3 or more than 256 corners, or one outside 0..1.
    """

    def __init__(self, polygons: Sequence[Polygon] = ()) -> None:
        for polygon in polygons:
            _refuse(polygon)
        self._polygons = tuple(tuple((float(x), float(y)) for x, y in polygon) for polygon in polygons)

    def __bool__(self) -> bool:
        return bool(self._polygons)

    def burn(self, picture: Picture) -> None:
        """Paint `picture` (uint8 BGR [h, w, 3]) black where masked, in place."""
        if self._polygons:
            height, width = picture.shape[:2]
            _paint(self._polygons, width, height, "bgr").over(picture)

    def burn_planes(self, luma: Picture, *chroma: Picture) -> None:
        """Paint the planes of a YUV 4:2:0 picture in place: luma [h, w], chroma [h/2, w/2] each."""
        if self._polygons:
            height, width = luma.shape
            _paint(self._polygons, width, height, "luma").over(luma)
            for plane in chroma:
                _paint(self._polygons, width, height, "chroma").over(plane)


@dataclass(frozen=True, slots=True)
class _Paint:
    """Bits to keep of a picture and to set in it: a hundred times quicker than a choice for each pixel."""

    keep: Picture
    set: Picture

    def over(self, picture: Picture) -> None:
        np.bitwise_and(picture, self.keep, out=picture)
        np.bitwise_or(picture, self.set, out=picture)


@lru_cache(maxsize=8)
def _paint(polygons: tuple[Polygon, ...], width: int, height: int, plane: Plane) -> _Paint:
    where = covered(polygons, width, height)
    if plane == "bgr":
        where = np.repeat(where[:, :, None], 3, axis=2)
    elif plane == "chroma":
        where = np.asarray(where.reshape(height // 2, 2, width // 2, 2).any(axis=(1, 3)))
    return _Paint(np.where(where, np.uint8(0), np.uint8(255)), np.where(where, _COLOURS[plane], np.uint8(0)))


def covered(polygons: tuple[Polygon, ...], width: int, height: int) -> NDArray[np.bool_]:
    """Which pixels of a `width` x `height` picture the polygons cover: bool [height, width]."""
    xs = (np.arange(width, dtype=np.float64) + 0.5)[None, :]
    ys = (np.arange(height, dtype=np.float64) + 0.5)[:, None]
    where = np.zeros((height, width), dtype=bool)
    for polygon in polygons:
        corners = np.asarray(polygon, dtype=np.float64) * (width, height)
        where |= _wound(corners, xs, ys) != 0
        _outline(corners, where)
    return _grown(where)


def _wound(
    corners: NDArray[np.float64], xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> NDArray[np.int16]:
    """How often the outline goes around each pixel's centre (winding number), int16 [h, w]."""
    turns = np.zeros((ys.shape[0], xs.shape[1]), dtype=np.int16)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (ys >= min(y0, y1)) & (ys < max(y0, y1))
        right_of = xs > x0 + (ys - y0) * ((x1 - x0) / (y1 - y0))
        turns += np.where(crosses & right_of, np.int16(1 if y1 > y0 else -1), np.int16(0))
    return turns


def _outline(corners: NDArray[np.float64], where: NDArray[np.bool_]) -> None:
    """Set the pixels under the outline too: a sliver may touch pixels and cover no centre."""
    height, width = where.shape
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        points = np.linspace(start, end, 2 + int(2 * np.abs(end - start).max())).astype(np.intp)
        where[points[:, 1].clip(0, height - 1), points[:, 0].clip(0, width - 1)] = True


def _grown(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`where` and its neighbours, two pixels each way: half-touched pixels and the smear of scaling."""
    height, width = where.shape
    wide = np.pad(where, 2)
    rows = np.zeros((height + 4, width), dtype=bool)
    for step in range(5):
        rows |= wide[:, step : step + width]
    grown = np.zeros((height, width), dtype=bool)
    for step in range(5):
        grown |= rows[step : step + height]
    return grown


def _refuse(polygon: Polygon) -> None:
    if not LEAST_CORNERS <= len(polygon) <= MOST_CORNERS:
        raise ValueError(
            f"a mask needs {LEAST_CORNERS} to {MOST_CORNERS} corners, this one has {len(polygon)}"
        )
    for x, y in polygon:
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise ValueError(f"a mask's corners are shares 0..1 of the picture, not ({x}, {y})")
