"""What a division into groups is called: old groups' ids live on, centre shops stay, odd sizes are told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from hub.core.planned import GroupMade, Oddity
from hub.plan.partition import fits, off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.core.planned import GroupsAsked
    from hub.plan.nearby import Nearby

Shops = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Divided:
    """Groups as shops, their grids, and what is proved of them."""

    groups: tuple[tuple[str, Shops], ...]
    """Grid and shops."""
    cost: float
    bound: float


def by_grid(asked: GroupsAsked) -> dict[str, list[str]]:
    """Grid → its shops, in the order of the ground."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for shop in asked.ground.shops:
        if shop.id in asked.grid_of:
            found[asked.grid_of[shop.id]].append(shop.id)
    return dict(sorted(found.items()))


def named(divided: Divided, asked: GroupsAsked, nearby: Nearby) -> tuple[GroupMade, ...]:
    """Old groups' ids where the fewest shops change theirs; the rest are new."""
    olds = sorted(set(asked.held.values()))
    column = {old: at for at, old in enumerate(olds)}
    shared = np.zeros((len(divided.groups), len(olds)))
    for row, (_, shops) in enumerate(divided.groups):
        for shop in shops:
            if shop in asked.held:
                shared[row, column[asked.held[shop]]] += 1
    names = {
        int(row): olds[at]
        for row, at in zip(*linear_sum_assignment(shared, maximize=True), strict=True)
        if shared[row, at]
    }
    fresh = (name for number in count(1) if (name := f"new-{number}") not in column)
    return tuple(
        _centred(names.get(row) or next(fresh), grid, shops, asked, nearby)
        for row, (grid, shops) in enumerate(divided.groups)
    )


def _centred(name: str, grid: str, shops: Shops, asked: GroupsAsked, nearby: Nearby) -> GroupMade:
    walks = nearby.metres(shops).sum(axis=0)
    elected = asked.centre_of.get(name)
    at = shops.index(elected) if elected in shops else int(walks.argmin())
    return GroupMade(name, grid, shops, shops[at], float(walks[at]))


def oddities(groups: Sequence[GroupMade], asked: GroupsAsked, nearby: Nearby) -> tuple[Oddity, ...]:
    """Groups too small or too large: those of a piece that no sizes fit, and those that were kept so."""
    odd = [group for group in groups if off(len(group.shops), asked.rule)]
    if not odd:
        return ()
    run_of, grids = nearby.run_of(), by_grid(asked)
    found = []
    for group in odd:
        piece = nearby.reach(group.centre, frozenset(grids[group.grid]))
        rule = "size" if not fits(len(piece), asked.rule) else "size-kept"
        found.append(Oddity(rule, run_of[group.centre], float(len(group.shops))))
    return tuple(found)
