"""Which cameras look where nobody may: into fitting rooms, toilets and dormitories.

A zone mostly lies inside a shop, whose front may stand open. So the shops that a zone touches do not shield
it; all others do. What counts is the whole range of the camera, however little it shows there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import shapely
from shapely import STRtree

from hub.core.cover import Zone, ZonesAsked, ZonesMade
from hub.plan.cover.sight import look, reached, sector
from hub.plan.cover.walls import closed, edges, polygons

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hub.core.cover import Lens
    from hub.core.ground import Ground
    from hub.plan.cover.walls import Shape
    from hub.plan.cover.whole import Heard

LEAST = 0.01
"""Square metres of a zone that count as looked into."""


def make(asked: ZonesAsked, heard: Heard) -> ZonesMade:
    """Every pair of a lens and a zone that it looks into; takes too little time to tell `heard` of it."""
    del heard
    claims = [_claim(lens) for lens in asked.lenses]
    tree = STRtree(claims)
    found: list[tuple[str, str]] = []
    for zone in asked.zones:
        shape = polygons([zone.ring])[0]
        for number in sorted(tree.query(shape, predicate="intersects")):
            lens = asked.lenses[number]
            if shapely.intersection(_view(asked.ground, lens, zone), shape).area > LEAST:
                found.append((lens.id, zone.id))
    return ZonesMade(tuple(sorted(found)))


def _claim(lens: Lens) -> Shape:
    return polygons([lens.measured])[0] if lens.measured else sector(lens, lens.range_m)


def _view(ground: Ground, lens: Lens, zone: Zone) -> Shape:
    """What the lens sees, up to its whole range, where the shops that hold the zone stand open."""
    if lens.measured:
        return polygons([lens.measured])[0]
    segments, tree = _shielding(ground, zone)
    near = tree.query(shapely.box(*reached(lens, lens.range_m)))
    return look(segments[near], lens, (lens.range_m,)).shape(lens.range_m)


@lru_cache(maxsize=64)
def _shielding(ground: Ground, zone: Zone) -> tuple[NDArray[np.float64], STRtree]:
    """Walls of all shops but those that the zone touches."""
    shape = polygons([zone.ring])[0]
    shops = polygons([shop.ring for shop in ground.shops])
    held = shapely.area(shapely.intersection(shops, shape)) > LEAST
    segments = edges(closed([shop.ring for shop, open_ in zip(ground.shops, held, strict=True) if not open_]))
    return segments, STRtree(shapely.linestrings(segments.reshape(-1, 2, 2)))
