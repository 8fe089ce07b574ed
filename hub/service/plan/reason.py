"""Why a shop is given another grid or group, told from how the market is cut before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.versions import load, sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.core.ground import Ground
    from hub.service.plan.cut import Cut


def reasons(before: Cut, wanted: Cut, ground: Ground, by_hand: frozenset[str]) -> dict[str, str]:
    """Each shop that gets another grid or group → key of core.versions.REASON."""
    work = sums(before.grids, {shop.id: load(shop) for shop in ground.shops})
    mean = sum(work.values()) / len(work) if work else 0.0
    here = set(before.groups.values())
    stays = set(wanted.groups.values())
    torn = {
        held.group
        for shop, held in before.seats.items()
        if wanted.seats[shop].grid != held.grid and held.group
    }
    found: dict[str, str] = {}
    for shop, seat in wanted.seats.items():
        held = before.seats[shop]
        if held == seat:
            continue
        if shop in by_hand:
            found[shop] = "hand"
        elif held.grid != seat.grid:
            found[shop] = _of_grid(work, mean, held.grid, seat.grid)
        elif held.group in torn:
            found[shop] = "regrid"
        elif held.group not in stays:
            found[shop] = "gone" if held.group else "fill"
        else:
            found[shop] = "split" if seat.group not in here else "fill"
    return found


def _of_grid(work: Mapping[str, float], mean: float, left: str, taken: str) -> str:
    """What weighs more: that the one grid has too much, or that the other has too little."""
    over, under = work.get(left, 0.0) - mean, mean - work.get(taken, 0.0)
    if max(over, under) <= 0:
        return "border"
    return "relief" if over >= under else "balance"
