"""How a stretch comes to another grid: it touches what the grid keeps, or a stretch that comes with it.

A chain of stretches that join a grid costs at least the shops of its cheapest walk from the grid's core. So
what is too dear for a known plan is left out, and the rest is asked level by level: who joins at level 2
touches one who joins at level 1, who touches the core. Where levels are many enough for every chain that is
not too dear, nothing is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hub.plan.linear import Linear

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]
    Beside = Sequence[frozenset[int]]

LEVELS = 12
"""Longer chains are not looked for."""


def cores(held: Sequence[int | None], roots: Sequence[int], beside: Beside) -> tuple[frozenset[int], ...]:
    """For each grid the stretches it holds that hang together with its root."""
    found = []
    for grid, root in enumerate(roots):
        own = {stretch for stretch, of in enumerate(held) if of == grid} | {root}
        graph = nx.empty_graph(0)
        graph.add_nodes_from(own)
        graph.add_edges_from((one, other) for one in own for other in beside[one] & own)
        found.append(frozenset(nx.node_connected_component(graph, root)))
    return tuple(found)


def chains(moved: Floats, core: frozenset[int], beside: Beside, most: float, levels: int = LEVELS) -> Floats:
    """Levels x stretches: the fewest shops that must move for a stretch to join at a level.

    Infinite where that is more than `most`, and for what is in the core. `moved` is for this grid, a stretch
    each.
    """
    rows = []
    last = np.zeros(len(moved))
    for level in range(levels):
        row = np.full(len(moved), np.inf)
        for stretch in set(range(len(moved))) - core:
            if not level:
                reached = bool(beside[stretch] & core)
                row[stretch] = moved[stretch] if reached else np.inf
            else:
                row[stretch] = moved[stretch] + min(
                    (last[other] for other in beside[stretch] - core), default=np.inf
                )
        row[row > most] = np.inf
        if not np.isfinite(row).any():
            break
        rows.append(row)
        last = row
    return np.array(rows).reshape(-1, len(moved))


def ask(model: Linear, serves: Places, core: frozenset[int], found: Floats, beside: Beside) -> None:
    """Rows for one grid: `serves` are its columns, `found` its chains."""
    joins = [{int(stretch): 0 for stretch in np.flatnonzero(np.isfinite(row))} for row in found]
    for row in joins:
        for stretch, column in zip(row, model.columns(np.zeros(len(row))).tolist(), strict=True):
            row[stretch] = column
    for level, row in enumerate(joins):
        for stretch, column in row.items():
            before = (
                serves[sorted(beside[stretch] & core)]
                if not level
                else np.array(
                    [joins[level - 1][other] for other in beside[stretch] if other in joins[level - 1]]
                )
            )
            columns = np.append(before, column).astype(np.intp)
            model.row(columns, np.append(np.ones(len(before)), -1.0), 0.0, np.inf)
    for stretch in set().union(*joins):
        own = [row[stretch] for row in joins if stretch in row]
        columns = np.array([serves[stretch], *own])
        model.row(columns, np.append(-1.0, np.ones(len(own))), 0.0, 0.0)
