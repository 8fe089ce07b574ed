"""The whole market at once: what is seen how well, what is blind and why."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

from hub.core.cover import SCALES, Blind, CoverAsked, CoverMade, View
from hub.core.planned import Progress
from hub.plan.cover import optics
from hub.plan.cover.cells import Cells, cells
from hub.plan.cover.sight import MOST_KEPT, reached, sector, sight
from hub.plan.cover.walls import walls

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hub.core.cover import Lens
    from hub.core.ground import Point, Ring
    from hub.plan.cover.walls import Piece, Shape, Walls

Heard = Callable[[Progress], bool]
LEAST = 0.25
"""Square metres of a blind spot that is worth a line."""
NARROW = 0.05
"""Metres; what is blind and no wider than twice that is an edge, not a spot."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """Shapes of all views at the asked level, those that work apart from those that are dark now."""

    lenses: tuple[Lens, ...]
    shapes: list[Shape]
    sectors: list[Shape]

    def of(self, shapes: list[Shape], *, blind: bool) -> STRtree:
        """A tree of those that are blind, or of those that are not."""
        chosen = zip(self.lenses, shapes, strict=True)
        return STRtree([shape for lens, shape in chosen if lens.blind is blind])


def make(asked: CoverAsked, heard: Heard) -> CoverMade:
    """Reckon the whole market; it takes too little time to be stopped.

    Raises:
        ValueError: the scale has no such level.
    """
    began = time.perf_counter()
    density = optics.density(asked.scale, asked.level)
    heard(Progress("walls", 0.0, share=0.0))
    ground = walls(asked.ground)
    heard(Progress("views", time.perf_counter() - began, share=0.3))
    seen = look(ground, asked.lenses, density)
    heard(Progress("blind", time.perf_counter() - began, share=0.6))
    blind, missed, claimed = _blind(ground, seen, _Nearby(asked))
    figures = _figures(ground, asked)
    total = ground.ground_m2 or 1.0
    share = 1 - missed / total
    return CoverMade(
        ground_m2=ground.ground_m2,
        seen=share,
        # The chords of two arcs differ by a hair, and nobody claims less than there is.
        sectors=max(share, 1 - claimed / total),
        by_level=figures.by_level | {asked.level: share},
        by_grid=figures.by_grid,
        twice=figures.twice,
        views=_views(seen),
        blind=tuple(sorted(blind, key=lambda spot: -spot.area_m2)),
        seconds=time.perf_counter() - began,
    )


def look(ground: Walls, lenses: tuple[Lens, ...], density: float) -> Seen:
    """Every lens at a level."""
    return Seen(
        lenses, [view(ground, lens, density) for lens in lenses], [claim(lens, density) for lens in lenses]
    )


def view(ground: Walls, lens: Lens, density: float) -> Shape:
    """What a lens sees of the ground one walks on; as somebody walked it, where they did."""
    key = (lens, density)
    if key not in ground.views:
        if len(ground.views) >= MOST_KEPT:
            ground.views.clear()
        ground.views[key] = ground.trodden(_untrodden(ground, lens, density))
    return ground.views[key]


def _untrodden(ground: Walls, lens: Lens, density: float) -> Shape:
    if lens.measured is not None:
        return shapely.make_valid(shapely.Polygon(lens.measured))
    radius = optics.reach(lens, density)
    return sight(ground, lens, radius).shape(radius)


def claim(lens: Lens, density: float) -> Shape:
    """What it would see if nothing stood in the way."""
    return sector(lens, optics.reach(lens, density))


def rings(shape: Shape) -> tuple[tuple[Ring, ...], ...]:
    """A shape as polygons of rings, to the centimetre; lines and points are left out."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    return tuple((_ring(part.exterior), *(_ring(hole) for hole in part.interiors)) for part in parts)


def _ring(line: Shape) -> Ring:
    return tuple(map(tuple, shapely.get_coordinates(line)[:-1].round(2).tolist()))


def _views(seen: Seen) -> tuple[View, ...]:
    live = seen.of(seen.shapes, blind=False)
    dark = {lens.id: shape for lens, shape in zip(seen.lenses, seen.shapes, strict=True) if lens.blind}
    own = {name: float(without(shape, live).area) for name, shape in dark.items()}
    own |= zip((lens.id for lens in seen.lenses if not lens.blind), _alone(live), strict=True)
    return tuple(
        View(lens.id, rings(shape), float(shape.area), own[lens.id])
        for lens, shape in zip(seen.lenses, seen.shapes, strict=True)
    )


def _alone(tree: STRtree) -> list[float]:
    """Square metres that each shape of a tree alone holds."""
    found = []
    for number, shape in enumerate(tree.geometries):
        others = [i for i in tree.query(shape, predicate="intersects") if i != number]
        rest = shapely.difference(shape, shapely.union_all(tree.geometries[others])) if others else shape
        found.append(float(rest.area))
    return found


class _Nearby:
    """Whose grid a point is: that of the nearest door."""

    def __init__(self, asked: CoverAsked) -> None:
        shops = asked.ground.shops
        self._grids = [(asked.grid_of or {}).get(shop.id) for shop in shops]
        self._doors = np.array([shop.door for shop in shops], float).reshape(-1, 2)

    def grid(self, at: Point) -> str | None:
        """None where there is no shop, or it has none."""
        if not len(self._doors):
            return None
        return self._grids[int(((self._doors - np.array(at)) ** 2).sum(1).argmin())]


def _blind(ground: Walls, seen: Seen, nearby: _Nearby) -> tuple[list[Blind], float, float]:
    """Blind spots street by street; the area of all of them, and of what even sectors do not claim."""
    live, dark = seen.of(seen.shapes, blind=False), seen.of(seen.shapes, blind=True)
    claims = seen.of(seen.sectors, blind=False)
    spots: list[Blind] = []
    missed = unclaimed = 0.0
    for piece in ground.pieces:
        rest, unreached = without(piece.shape, live), without(piece.shape, claims)
        missed += rest.area
        unclaimed += unreached.area
        lost = rest if len(dark.geometries) == 0 else without(rest, dark)
        spots += _spots(piece, shapely.difference(rest, lost), None, nearby)
        spots += _spots(piece, lost, unreached, nearby)
    return spots, float(missed), float(unclaimed)


def without(shape: Shape, tree: STRtree) -> Shape:
    """What of a shape no shape of a tree holds."""
    near = tree.query(shape, predicate="intersects")
    return shapely.difference(shape, shapely.union_all(tree.geometries[near])) if len(near) else shape


def _spots(piece: Piece, shape: Shape, unreached: Shape | None, nearby: _Nearby) -> list[Blind]:
    """The polygons of a shape as blind spots; without `unreached` they are dark."""
    found = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.area < LEAST or part.buffer(-NARROW).is_empty:
            continue
        cause = "dark"
        if unreached is not None:
            far = shapely.intersection(part, unreached).area
            cause = "none" if far > HALF * part.area else "hidden"
        at = shapely.point_on_surface(part)
        point = (round(at.x, 2), round(at.y, 2))
        outline = rings(part)[0]
        found.append(Blind(outline, float(part.area), point, piece.street, nearby.grid(point), cause))
    return found


@dataclass(frozen=True, slots=True)
class _Figures:
    by_level: dict[str, float]
    by_grid: dict[str, float]
    twice: float


def _figures(ground: Walls, asked: CoverAsked) -> _Figures:
    """What squares tell: shares by level and by grid, and what two see."""
    squares = cells(asked.ground, ground)
    levels = SCALES[asked.scale]
    wanted = [level.name for level in levels].index(asked.level)
    best = np.zeros(len(squares.points), dtype=np.int8)
    eyes = np.zeros(len(squares.points), dtype=np.int16)
    for lens in asked.lenses:
        if lens.blind:
            continue
        held, ranks = graded(ground, squares, lens, asked.scale, asked.level)
        best[held] = np.maximum(best[held], ranks)
        eyes[held[ranks > wanted]] += 1
    count = max(len(squares.points), 1)
    return _Figures(
        {level.name: float((best > i).sum() / count) for i, level in enumerate(levels)},
        _by_grid(squares, asked, best > wanted),
        float((eyes > 1).sum() / count),
    )


def graded(
    ground: Walls, squares: Cells, lens: Lens, scale: str, level: str
) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """Squares that a lens sees at all, and how many levels of the scale it reaches there."""
    radii = np.sort([optics.reach(lens, one.density) for one in SCALES[scale]])
    near = squares.within(reached(lens, radii[-1]))
    if lens.measured is None:
        radius = optics.reach(lens, optics.density(scale, level))
        held = sight(ground, lens, radius).holds(squares.points[near], radii[-1])
    else:
        held = shapely.contains_xy(shapely.make_valid(shapely.Polygon(lens.measured)), squares.points[near])
    chosen = near[held]
    away = squares.points[chosen] - np.array(lens.at)
    far = np.hypot(away[:, 0], away[:, 1])
    return chosen, (len(radii) - np.searchsorted(radii, far)).astype(np.int8)


def _by_grid(squares: Cells, asked: CoverAsked, seen: NDArray[np.bool_]) -> dict[str, float]:
    grid_of = asked.grid_of or {}
    shops = [shop for shop in asked.ground.shops if shop.id in grid_of]
    if not shops:
        return {}
    grids = sorted({grid_of[shop.id] for shop in shops})
    number = {grid: i for i, grid in enumerate(grids)}
    owner = np.array([number[grid_of[shop.id]] for shop in shops])
    of = owner[squares.nearest(np.array([shop.door for shop in shops]))]
    whole = np.bincount(of, minlength=len(grids))
    held = np.bincount(of[seen], minlength=len(grids))
    return {grid: float(held[i] / whole[i]) for i, grid in enumerate(grids) if whole[i]}
