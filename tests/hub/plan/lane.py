"""A small ground for tests: straight aisles with shops 4 m wide on both sides, and none that anybody drew."""

from __future__ import annotations

from hub.core.ground import Ground, Shop, Street

FRONT, DEEP, WIDE = 4.0, 5.0, 3.0
FAR = 40.0
"""Metres between two aisles."""


def ground(*aisles: tuple[int, int], without: frozenset[str] = frozenset()) -> Ground:
    """An aisle for each pair of numbers of shops, north and south; a cross street joins them in the west.

    Shops are n0-00, n0-01 … and s0-00 …, from the west; those of `without` are not there.
    """
    streets = [_street("cross", (-6.0, -10.0), (-6.0, FAR * len(aisles)))]
    shops = []
    for number, (north, south) in enumerate(aisles):
        y = FAR * number
        streets.append(_street(f"a{number}", (-6.0, y), (FRONT * max(north, south), y)))
        for side, count, door, back in (("n", north, y - WIDE / 2, -DEEP), ("s", south, y + WIDE / 2, DEEP)):
            shops += [
                _shop(f"{side}{number}-{at:02d}", FRONT * at, door, back, f"a{number}") for at in range(count)
            ]
    kept = tuple(shop for shop in shops if shop.id not in without)
    return Ground((-10.0, -20.0, 200.0, FAR * len(aisles)), (), tuple(streets), kept, ())


def _shop(name: str, left: float, door: float, back: float, street: str) -> Shop:
    ring = ((left, door), (left + FRONT, door), (left + FRONT, door + back), (left, door + back))
    return Shop(name, ring, (left + FRONT / 2, door), street)


def _street(name: str, start: tuple[float, float], end: tuple[float, float]) -> Street:
    (x0, y0), (x1, y1), half = start, end, WIDE / 2
    ring = ((x0 - half, y0 - half), (x1 + half, y0 - half), (x1 + half, y1 + half), (x0 - half, y1 + half))
    return Street(name, "aisle", (start, end), WIDE, ring)
