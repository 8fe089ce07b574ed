"""Where the centres of grids stand when a market is cut already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.core.planned import GridsAsked
    from hub.plan.stretches import Stretches


def held_centres(asked: GridsAsked, town: Stretches) -> tuple[dict[str, str], bool]:
    """Grid → its centre, for all that have one or have shops; and whether every grid's centre was told.

    A grid whose centre has gone gets the middle of that of its stretches that is nearest to all the others.
    """
    there = {shop: number for number, stretch in enumerate(town.shops) for shop in stretch}
    found: dict[str, str] = {}
    taken: set[int] = set()
    for grid in asked.grids:
        centre = asked.centres.get(grid)
        if centre in there and there[centre] not in taken:
            taken.add(there[centre])
            found[grid] = centre
    known = len(found) == len(asked.grids)
    for grid in asked.grids:
        own = [number for number, stretch in enumerate(town.shops) if _grid(asked, stretch) == grid]
        free = [number for number in own if number not in taken]
        if grid not in found and free:
            walk = town.walk_to([town.middles[number] for number in free])[own].sum(axis=0)
            chosen = free[int(walk.argmin())]
            taken.add(chosen)
            found[grid] = town.middles[chosen]
    return found, known


def _grid(asked: GridsAsked, stretch: Sequence[str]) -> str | None:
    return next((asked.held[shop] for shop in stretch if shop in asked.held), None)


def matched(asked: GridsAsked, town: Stretches, centres: Sequence[str]) -> tuple[str, ...]:
    """New `centres` in the order of grids, each for the grid that has most of the shops nearest to it now."""
    nearest = town.walk_to(centres).argmin(axis=1)
    kept = np.zeros((len(asked.grids), len(centres)))
    for stretch, site in zip(town.shops, nearest.tolist(), strict=True):
        for shop in stretch:
            if shop in asked.held:
                kept[asked.grids.index(asked.held[shop]), site] += 1
    _, sites = linear_sum_assignment(kept, maximize=True)
    return tuple(centres[site] for site in sites)
