"""About 200 cameras: along every aisle, cross aisle and street, at every gate; four of them film.

Bearings in degrees, 0 up on the plan, clockwise; fields of view in degrees; ranges in metres.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.demo.ground import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.core.ground import Ground, Shop, Street

Pair = tuple[str, str]
"""中文, English."""

STREET_NAMES: dict[str, Pair] = {
    "sh0": ("北街", "North street"),
    "sh1": ("中街", "Middle street"),
    "sh2": ("南街", "South street"),
    "sv0": ("西街", "West street"),
    "sv1": ("西二街", "West 2nd street"),
    "sv2": ("东二街", "East 2nd street"),
    "sv3": ("东街", "East street"),
}
GATE_NAMES: dict[str, Pair] = {
    "n": ("北街 {} 号门", "North gate {}"),
    "s": ("南街 {} 号门", "South gate {}"),
    "w": ("西街 {} 号门", "West gate {}"),
    "e": ("东街 {} 号门", "East gate {}"),
}
INWARD = {"n": 180.0, "s": 0.0, "w": 90.0, "e": 270.0}
"""By the side of the market that a gate's id begins with."""
FILED: dict[str, Any] = {
    "kind": "fixed",
    "operator": "运达市场管理有限公司",
    "legal_basis": "《公共安全视频图像信息系统管理条例》第七条",
    "purpose": "市场公共区域治安防范",
    "retention_days": 30,
    "sign": True,
}
"""What the filing sheet asks of every camera."""
SPACING = 32.0
"""Metres between two cameras of a street."""
STRETCH = 32.0
"""Metres of aisle that one camera looks along."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a camera, without its number."""

    x: float
    y: float
    bearing: float
    fov: float
    range_m: float
    place: Pair
    hall: str
    grid: str
    critical: bool = False


@dataclass(frozen=True, slots=True)
class DemoCamera:
    """A camera; `device` only where pictures come from."""

    id: str
    spot: Spot
    device: str | None = None


@dataclass(frozen=True, slots=True)
class _Filming:
    """One that films: beside a shop's door, or at a point."""

    device: str
    at: str | tuple[float, float]
    bearing: float
    range_m: float
    place: Pair


FILMING = {
    "c-1-08": _Filming("edge-west", "a-103", 90, 26, ("1 号厅 A-103 门前", "Hall 1, A-103 front")),
    "c-2-01": _Filming("edge-west", (38, 4), 135, 34, ("2 号厅 北广场 A 口", "Hall 2, north square, exit A")),
    "c-3-17": _Filming(
        "edge-east", "c-146", 90, 30, ("3 号厅 C-146 后货道", "Hall 3, goods lane behind C-146")
    ),
    "c-5-11": _Filming("edge-east", (REFERENCE.width - 5, 150), 270, 34, ("5 号厅东门", "Hall 5, east gate")),
}
"""The cameras that the demo's edges serve, by id; firmware_configs/cameras has the same ids."""


def place(ground: Ground, grid_of: dict[str, str]) -> tuple[DemoCamera, ...]:
    """Every camera of the market, numbered hall by hall."""
    looking = _Looking(ground, grid_of)
    cameras = [looking.filming(name, film) for name, film in FILMING.items()]
    counts: Counter[str] = Counter()
    for spot in looking.spots():
        counts[spot.hall] += 1
        while (name := f"c-{spot.hall.removeprefix('h')}-{counts[spot.hall]:02d}") in FILMING:
            counts[spot.hall] += 1
        cameras.append(DemoCamera(name, spot))
    return tuple(sorted(cameras, key=lambda camera: camera.id))


@dataclass(frozen=True, slots=True)
class _Looking:
    """Finds spots; knows the nearest shop, which names a place and its grid."""

    ground: Ground
    grid_of: dict[str, str]

    def filming(self, name: str, film: _Filming) -> DemoCamera:
        if isinstance(film.at, str):
            shop = next(shop for shop in self.ground.shops if shop.id == film.at)
            x, y = shop.door
            y += 1.5 if y > shop.ring[0][1] else -1.5
        else:
            x, y = film.at
            shop = self._nearest(x, y)
        grid = self.grid_of[shop.id]
        critical = name != "c-1-08"
        spot = Spot(x, y, film.bearing, 78, film.range_m, film.place, _hall(shop), grid, critical)
        return DemoCamera(name, spot, film.device)

    def spots(self) -> Iterator[Spot]:
        for street in self.ground.streets:
            yield from self._along(street)
        for gate in self.ground.gates:
            side, number = gate.id[0], gate.id[1:]
            zh, en = GATE_NAMES[side]
            words = (zh.format(number), en.format(number))
            yield self._spot(gate.at, INWARD[side], (90, 30), words, critical=True)

    def _along(self, street: Street) -> Iterator[Spot]:
        (left, top), _, (right, bottom), _ = street.ring
        x, y = (left + right) / 2, (top + bottom) / 2
        if street.kind == "cross":
            yield self._spot((x, top + 1), 180, (70, 40), None)
            yield self._spot((x, bottom - 1), 0, (70, 40), None)
            return
        flat = right - left > bottom - top
        length = right - left if flat else bottom - top
        count = round(length / (STRETCH if street.kind == "aisle" else SPACING))
        for number in range(count):
            along = length * (number + 0.5) / count
            ahead = number % 2 == 0
            if flat:
                where, bearing = (left + along, y), 90.0 if ahead else 270.0
            else:
                where, bearing = (x, top + along), 180.0 if ahead else 0.0
            view = (75.0, 24.0) if street.kind == "aisle" else (85.0, 32.0)
            yield self._spot(where, bearing, view, STREET_NAMES.get(street.id))

    def _spot(
        self,
        where: tuple[float, float],
        bearing: float,
        view: tuple[float, float],
        words: Pair | None,
        *,
        critical: bool = False,
    ) -> Spot:
        shop = self._nearest(*where)
        if words is None:
            number, sign = _hall(shop).removeprefix("h"), shop.id.upper()
            words = (f"{number} 号厅 {sign} 通道", f"Hall {number}, aisle at {sign}")
        elif not critical:
            words = (f"{words[0]} {shop.id.upper()} 前", f"{words[1]}, {shop.id.upper()} front")
        x, y = (round(value, 2) for value in where)
        return Spot(x, y, bearing, *view, words, _hall(shop), self.grid_of[shop.id], critical)

    def _nearest(self, x: float, y: float) -> Shop:
        """Of two that are as near, the later: cameras keep the numbers that they have been given."""
        return min(reversed(self.ground.shops), key=lambda shop: math.dist(shop.door, (x, y)))


def _hall(shop: Shop) -> str:
    """In the reference market every stall stands in a hall."""
    return shop.hall or ""
