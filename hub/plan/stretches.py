"""What grids are made of: whole runs, or the parts that a run was already cut into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.core.refuse import Refused
from hub.plan.median import Band
from hub.plan.runs import runs
from hub.plan.touch import touching
from hub.plan.walking import Walking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hub.core.ground import Ground
    from hub.core.planned import GridRule
    from hub.plan.runs import Run

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Every shop in exactly one; `open` and `work` count open shops alone, whoever walks by counts all."""

    walking: Walking
    runs: tuple[Run, ...]
    shops: tuple[tuple[str, ...], ...]
    middles: tuple[str, ...]
    """The shop of each with the shortest way to all its others."""
    halls: tuple[tuple[int, ...], ...]
    beside: tuple[frozenset[int], ...]
    open: Floats
    work: Floats

    def walk_to(self, shops: Sequence[str]) -> Floats:
        """Stretches x `shops`: metres from all doors of a stretch to a shop's, in sum."""
        ids = [shop for stretch in self.shops for shop in stretch]
        starts = np.cumsum([0, *(len(stretch) for stretch in self.shops[:-1])])
        found: Floats = np.add.reduceat(self.walking.between(ids, shops), starts, axis=0)
        return found

    def bands(self, rule: GridRule, grids: int, excess: float = 0.0) -> tuple[Band, Band]:
        """What every grid's work and open shops must lie in, `excess` wider than the rule says."""
        return (
            _band(self.work, grids, rule.work_band + excess),
            _band(self.open, grids, rule.shops_band + excess),
        )

    def of(self, shop: str) -> int:
        """The number of the stretch that `shop` is in."""
        return next(number for number, stretch in enumerate(self.shops) if shop in stretch)


def _band(weight: Floats, grids: int, share: float) -> Band:
    mean = float(weight.sum()) / grids
    return Band(weight, mean * (1 - share), mean * (1 + share))


def stretches(ground: Ground, held: Mapping[str, str]) -> Stretches:
    """Runs, cut where `held` already gives their shops to several grids.

    Raises:
        Refused: There is no shop or no street, or no way leads to some shops.
    """
    walking = Walking(ground)
    made = runs(ground, walking)
    parts = tuple(part for run in made for part in _parts(run, held))
    _reached(walking, parts)
    of = {shop.id: shop for shop in ground.shops}
    middles = tuple(part[int(walking.between(part).sum(axis=0).argmin())] for part in parts)
    halls: defaultdict[str, list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        if (hall := of[part[0]].hall) is not None:
            halls[hall].append(number)
    return Stretches(
        walking,
        made,
        parts,
        middles,
        tuple(tuple(numbers) for numbers in halls.values()),
        touching(ground, parts, walking),
        _or_all([sum(of[shop].open for shop in part) for part in parts], parts),
        _or_all([sum(of[shop].work for shop in part if of[shop].open) for part in parts], parts),
    )


def _or_all(weights: Sequence[float], parts: Sequence[tuple[str, ...]]) -> Floats:
    """The weights; where there is none at all, every shop counts alike."""
    return np.array(weights if any(weights) else [len(part) for part in parts], dtype=float)


def _parts(run: Run, held: Mapping[str, str]) -> list[tuple[str, ...]]:
    """A run that is cut stays so, a new shop with the one before it; one that is whole stays whole."""
    grids = [held.get(shop) for shop in run.shops]
    last = next((grid for grid in grids if grid is not None), None)
    found: defaultdict[str | None, list[str]] = defaultdict(list)
    for shop, grid in zip(run.shops, grids, strict=True):
        last = grid or last
        found[last].append(shop)
    return [tuple(shops) for shops in found.values()]


def _reached(walking: Walking, parts: Sequence[tuple[str, ...]]) -> None:
    ids = [shop for part in parts for shop in part]
    if not ids:
        raise Refused(
            "input",
            "plan.no_shops",
            "There is no shop to plan for: import the shops before planning.",
            "还没有商铺：请先导入商铺，再做方案。",
        )
    ways = walking.between(ids, ids[:1])[:, 0]
    lost = [shop for shop, way in zip(ids, ways.tolist(), strict=True) if way == np.inf]
    if len(lost) > len(ids) / 2:
        lost = [shop for shop, way in zip(ids, ways.tolist(), strict=True) if way < np.inf]
    if lost:
        named = ", ".join(sorted(lost)[:5])
        raise Refused(
            "input",
            "plan.unreached",
            f"No way leads from the other shops to {len(lost)} of them ({named}): draw the street that does.",
            f"有 {len(lost)} 家商铺（{named}）与其他商铺之间没有通道：请补画相连的街道。",
        )
