"""Which stretches of shops touch: over an aisle, a street or a back wall, never just at a corner.

A grid hangs together when one can go from any of its stretches to any other over such borders.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hub.core.ground import Ground
    from hub.plan.walking import Walking

    Floats = NDArray[np.float64]

ALONG = 1.0
"""Metres for which two stretches must face each other; less is a corner."""
PAST = 1.0
"""Metres that the way between them may be wider than the widest of its kind is drawn."""
ASKEW = 0.2
"""Sine of the angle up to which two walls still face each other."""
SMOOTH = 0.05
"""Metres by which stalls of one row stand out of line."""


@dataclass(frozen=True, slots=True)
class _Walls:
    """The outline of a stretch, wall by wall."""

    start: Floats
    end: Floats


def touching(
    ground: Ground, stretches: Sequence[tuple[str, ...]], walking: Walking
) -> tuple[frozenset[int], ...]:
    """For each stretch of shops the numbers of those that touch it.

    What stands alone behind a square is joined to what is nearest on foot, so that all that can be walked
    to hangs together.
    """
    shops = {shop.id: shop for shop in ground.shops}
    halls = [shops[stretch[0]].hall for stretch in stretches]
    shapes = np.array(
        [shapely.union_all([shapely.Polygon(shops[shop].ring) for shop in stretch]) for stretch in stretches],
        dtype=object,
    )
    shapes = shapely.simplify(shapely.buffer(shapes, SMOOTH, cap_style="square", join_style="mitre"), SMOOTH)
    walls = [_walls(shape) for shape in shapes]
    inside, outside = _reach(ground, frozenset(("cross",))), _reach(ground, None)
    near = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=outside)
    graph = nx.empty_graph(len(stretches))
    for one, other in zip(*near.tolist(), strict=True):
        same = halls[one] is not None and halls[one] == halls[other]
        if one < other and _face(walls[one], walls[other], inside if same else outside):
            graph.add_edge(one, other)
    _join(graph, stretches, walking)
    return tuple(frozenset(graph[number]) for number in range(len(stretches)))


def _reach(ground: Ground, kinds: frozenset[str] | None) -> float:
    widths = [street.width for street in ground.streets if kinds is None or street.kind in kinds]
    return max(widths, default=3.0) + PAST


def _walls(shape: shapely.Geometry) -> _Walls:
    starts, ends = [], []
    for part in shapely.get_parts(shape):
        corners = shapely.get_coordinates(part.exterior)
        starts.append(corners[:-1])
        ends.append(corners[1:])
    return _Walls(np.concatenate(starts), np.concatenate(ends))


def _face(one: _Walls, other: _Walls, reach: float) -> bool:
    """Whether a wall of the one runs along a wall of the other, near enough and long enough."""
    ahead = one.end - one.start
    length = np.hypot(ahead[:, 0], ahead[:, 1])
    ahead = ahead / length[:, None]
    first, last = other.start[None] - one.start[:, None], other.end[None] - one.start[:, None]
    along = [(place * ahead[:, None]).sum(axis=2) for place in (first, last)]
    aside = [
        np.abs(place[..., 0] * ahead[:, 1, None] - place[..., 1] * ahead[:, 0, None])
        for place in (first, last)
    ]
    overlap = np.minimum(np.maximum(*along), length[:, None]) - np.maximum(np.minimum(*along), 0.0)
    span = np.hypot(*np.moveaxis(last - first, 2, 0))
    level = np.abs(aside[0] - aside[1]) <= ASKEW * span
    found = (overlap > ALONG) & level & (np.minimum(*aside) <= reach)
    return bool(found.any())


def _join(graph: nx.Graph, stretches: Sequence[tuple[str, ...]], walking: Walking) -> None:
    """Join the parts of the graph by the shortest ways between them."""
    parts = [sorted(part) for part in nx.connected_components(graph)]
    if len(parts) == 1:
        return
    middles = [stretch[len(stretch) // 2] for stretch in stretches]
    ways = nx.Graph()
    for one, other in combinations(range(len(parts)), 2):
        metres = walking.between([middles[at] for at in parts[one]], [middles[at] for at in parts[other]])
        row, column = np.unravel_index(int(metres.argmin()), metres.shape)
        if np.isfinite(metres[row, column]):
            ends = parts[one][int(row)], parts[other][int(column)]
            ways.add_edge(one, other, weight=float(metres[row, column]), ends=ends)
    for _, _, way in nx.minimum_spanning_edges(ways):
        graph.add_edge(*way["ends"])
