"""Moves by hand: which rules a cut of the market breaks, told at once.

Nothing is solved here. A rule is a function from what is known of the cut to what breaks it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from hub.core.planned import Broken, EditMade
from hub.plan.nearby import Nearby
from hub.plan.runs import runs
from hub.plan.touch import touching
from hub.plan.walking import Walking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hub.core.planned import EditAsked, Progress
    from hub.plan.runs import Run

ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class _Cut:
    asked: EditAsked
    walking: Walking | None
    """None where no street is drawn yet."""
    runs: tuple[Run, ...]


def make(asked: EditAsked, heard: Callable[[Progress], bool]) -> EditMade:  # noqa: ARG001 - it is quick
    """Everything that is broken; what needs streets is not looked at where there are none."""
    walking = Walking(asked.ground) if asked.ground.streets else None
    cut = _Cut(asked, walking, runs(asked.ground, walking) if walking else ())
    return EditMade(tuple(broken for rule in RULES for broken in rule(cut)))


def _uneven_work(cut: _Cut) -> Iterator[Broken]:
    work = {shop.id: shop.work if shop.open else 0.0 for shop in cut.asked.ground.shops}
    return _uneven("grid.work", cut, work, cut.asked.rule.work_band)


def _uneven_shops(cut: _Cut) -> Iterator[Broken]:
    count = {shop.id: float(shop.open) for shop in cut.asked.ground.shops}
    return _uneven("grid.shops", cut, count, cut.asked.rule.shops_band)


def _uneven(rule: str, cut: _Cut, weight: Mapping[str, float], band: float) -> Iterator[Broken]:
    sums: defaultdict[str, float] = defaultdict(float)
    for shop, grid in cut.asked.grid_of.items():
        sums[grid] += weight[shop]
    mean = sum(sums.values()) / len(sums) if sums else 0.0
    for grid, of_it in sorted(sums.items()):
        if mean and abs(of_it / mean - 1) > band + ROUNDING:
            yield Broken(rule, grid, of_it / mean - 1)


def _cut_runs(cut: _Cut) -> Iterator[Broken]:
    for run in cut.runs:
        parts = _by_grid(cut, run.shops)
        if len(parts) > 1:
            yield Broken("run.cut", run.id, float(len(parts)), _but_largest(parts.values()))


def _grids_apart(cut: _Cut) -> Iterator[Broken]:
    if cut.walking is None:
        return
    parts = [part for run in cut.runs for part in _by_grid(cut, run.shops).values()]
    beside = touching(cut.asked.ground, parts, cut.walking)
    graph = nx.empty_graph(len(parts))
    grids = [cut.asked.grid_of[part[0]] for part in parts]
    graph.add_edges_from(
        (one, other) for one, others in enumerate(beside) for other in others if grids[one] == grids[other]
    )
    found: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for numbers in nx.connected_components(graph):
        shops = tuple(shop for number in sorted(numbers) for shop in parts[number])
        found[cut.asked.grid_of[shops[0]]].append(shops)
    for grid, pieces in sorted(found.items()):
        if len(pieces) > 1:
            yield Broken("grid.apart", grid, float(len(pieces)), _but_largest(pieces))


def _groups_apart(cut: _Cut) -> Iterator[Broken]:
    nearby = Nearby(cut.asked.ground, cut.asked.group_of.keys())
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for shop, group in cut.asked.group_of.items():
        groups[group].append(shop)
    for group, shops in sorted(groups.items()):
        pieces = nearby.pieces(shops)
        if len(pieces) > 1:
            yield Broken("group.apart", group, float(len(pieces)), _but_largest(pieces))


def _by_grid(cut: _Cut, shops: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The shops of each grid, for those that have one."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for shop in shops:
        if shop in cut.asked.grid_of:
            found[cut.asked.grid_of[shop]].append(shop)
    return {grid: tuple(own) for grid, own in found.items()}


def _but_largest(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    ordered = sorted(parts, key=len, reverse=True)
    return tuple(shop for part in ordered[1:] for shop in part)


RULES = (_uneven_work, _uneven_shops, _cut_runs, _grids_apart, _groups_apart)
"""In the order in which they are told."""
