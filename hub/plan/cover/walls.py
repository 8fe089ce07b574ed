"""What stands in the way of sight, and the ground one walks on, made ready once for many cameras."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import STRtree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hub.core.cover import Lens
    from hub.core.ground import Ground, Hall, Ring
    from hub.plan.cover.sight import Sight

Shape = Any
"""A shapely geometry; the library has no types."""
SLIT = 0.05
"""Metres; through a gap of twice that between two shops nobody looks."""
STRAIGHTEN = 0.002
"""Metres; what a wall may be off its place."""
FAR = 320.0
"""Metres beyond the market that a view could reach."""
GATE = 4.0
"""Metres round a gate where a hall's wall is open."""
TILE = 40.0
LEAST = 0.01
"""Square metres; what is smaller is a slip of the reckoning."""
ORDER = {"street": 0, "cross": 1, "aisle": 2}
"""To which of two streets the ground belongs where they cross."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The ground of one street that is no other's."""

    street: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Walls:
    """Walls as segments, and the ground; the last three keep what was asked of it before."""

    segments: NDArray[np.float64]
    """x, y, x, y."""
    tree: STRtree
    pieces: tuple[Piece, ...]
    ground_m2: float
    off: tuple[Shape, ...]
    """Ground that is neither a shop nor walked on, in tiles."""
    off_tree: STRtree
    sights: dict[tuple[Lens, float], Sight] = field(default_factory=dict)
    views: dict[tuple[Lens, float], Shape] = field(default_factory=dict)
    missed: dict[tuple[tuple[Lens, ...], float], float] = field(default_factory=dict)
    """Square metres that a set of lenses does not see."""

    def within(self, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
        """Segments that a rectangle may touch."""
        found: NDArray[np.float64] = self.segments[self.tree.query(shapely.box(*box))]
        return found

    def trodden(self, view: Shape) -> Shape:
        """The part of a view that lies on ground one walks on; it already ends at the shops."""
        found = self.off_tree.query(view, predicate="intersects")
        if len(found) == 0:
            return view
        return shapely.difference(view, shapely.union_all([self.off[i] for i in found]))


@lru_cache(maxsize=4)
def walls(ground: Ground) -> Walls:
    """Everything of a ground; takes about 0.1 s for 1,800 shops, and nothing the second time."""
    solid = closed([shop.ring for shop in ground.shops])
    pieces = _pieces(ground, solid)
    segments = np.vstack([edges(solid), *(_outer(hall, ground) for hall in ground.halls)])
    off = _off(ground, solid, pieces)
    return Walls(
        segments=segments,
        tree=STRtree(shapely.linestrings(segments.reshape(-1, 2, 2))),
        pieces=pieces,
        ground_m2=float(sum(piece.shape.area for piece in pieces)),
        off=off,
        off_tree=STRtree(list(off)),
    )


def closed(rings: list[Ring]) -> Shape:
    """Shops as one shape without the slits between them."""
    whole = shapely.union_all(polygons(rings))
    joined = whole.buffer(SLIT, join_style="mitre").buffer(-SLIT, join_style="mitre")
    return shapely.simplify(joined, STRAIGHTEN)


def polygons(rings: list[Ring]) -> NDArray[Any]:
    """Outlines as shapes, mended where they cross themselves."""
    corners = np.array([corner for ring in rings for corner in ring], float).reshape(-1, 2)
    owners = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    made: NDArray[Any] = shapely.make_valid(shapely.polygons(shapely.linearrings(corners, indices=owners)))
    return made


def edges(solid: Shape) -> NDArray[np.float64]:
    """Every edge of a shape as x, y, x, y."""
    rings = [
        ring for part in shapely.get_parts(solid) for ring in (part.exterior, *part.interiors) if ring.coords
    ]
    if not rings:
        return np.empty((0, 4))
    corners = [shapely.get_coordinates(ring) for ring in rings]
    return np.vstack([np.hstack([one[:-1], one[1:]]) for one in corners])


def _pieces(ground: Ground, solid: Shape) -> tuple[Piece, ...]:
    """Each street's ground without shops and without what is already another's."""
    parts = shapely.get_parts(solid)
    shops = STRtree(parts)
    bounds = shapely.box(*ground.bounds)
    made: list[Piece] = []
    streets = sorted(ground.streets, key=lambda street: ORDER[street.kind])
    rings = polygons([street.ring for street in streets])
    tree = STRtree(rings)
    for number, (street, ring) in enumerate(zip(streets, rings, strict=True)):
        before = [rings[i] for i in tree.query(ring) if i < number]
        inside = [parts[i] for i in shops.query(ring)]
        shape = shapely.intersection(ring, bounds)
        if before or inside:
            shape = shapely.difference(shape, shapely.union_all([*before, *inside]))
        if shape.area > 0:
            made.append(Piece(street.id, _flat(shape)))
    return tuple(made)


def _off(ground: Ground, solid: Shape, pieces: tuple[Piece, ...]) -> tuple[Shape, ...]:
    left, top, right, bottom = ground.bounds
    around = shapely.box(left - FAR, top - FAR, right + FAR, bottom + FAR)
    # Widened by a millimetre, so that no hair is left between two neighbours that share an edge.
    taken = shapely.union_all([*(piece.shape.buffer(0.001, join_style="mitre") for piece in pieces), solid])
    rest = shapely.difference(around, taken)
    xs = [left - FAR, *np.arange(left, right, TILE), right, right + FAR]
    ys = [top - FAR, *np.arange(top, bottom, TILE), bottom, bottom + FAR]
    tiles = [shapely.clip_by_rect(rest, x0, y0, x1, y1) for x0, x1 in pairwise(xs) for y0, y1 in pairwise(ys)]
    return tuple(part for tile in tiles for part in shapely.get_parts(tile) if part.area > LEAST)


def _outer(hall: Hall, ground: Ground) -> NDArray[np.float64]:
    """A hall's own walls as segments: open where something to walk on leads out of it, and at gates."""
    inside = polygons([hall.ring])[0]
    streets = polygons([street.ring for street in ground.streets])
    within = shapely.area(shapely.intersection(streets, inside)) > LEAST
    gates = shapely.points([gate.at for gate in ground.gates]) if ground.gates else []
    gaps = [*shapely.buffer(streets[within], STRAIGHTEN), *shapely.buffer(gates, GATE)]
    wall = shapely.difference(shapely.boundary(inside), shapely.union_all(gaps))
    lines = [line for line in shapely.get_parts(wall) if line.length > SLIT]
    corners = [shapely.get_coordinates(line) for line in lines]
    return np.vstack([np.empty((0, 4)), *(np.hstack([one[:-1], one[1:]]) for one in corners)])


def _flat(shape: Shape) -> Shape:
    """Polygons only: what is left of lines and points has no area."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
