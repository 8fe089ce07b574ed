"""How a plan of grids compares: what each grid has, what is cut, who moves, and what no plan can avoid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.planned import GridsMade, Oddity
from hub.plan.share import islands

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hub.core.planned import GridsAsked, Proof
    from hub.plan.stretches import Stretches

ROUNDING = 1e-6


def figures(
    asked: GridsAsked,
    town: Stretches,
    centres: Sequence[str],
    grid_of: Sequence[int],
    proof: Proof,
    least_moved: int | None = None,
) -> GridsMade:
    """The plan in which stretch i belongs to grid `grid_of[i]`; `centres` in the order of `asked.grids`."""
    of_shop = {
        shop: asked.grids[grid] for stretch, grid in zip(town.shops, grid_of, strict=True) for shop in stretch
    }
    shops, work = dict.fromkeys(asked.grids, 0), dict.fromkeys(asked.grids, 0.0)
    for grid, opened, of_it in zip(grid_of, town.open.tolist(), town.work.tolist(), strict=True):
        shops[asked.grids[grid]] += int(opened)
        work[asked.grids[grid]] += of_it
    walk = town.walk_to(centres)
    roots = tuple(town.of(shop) for shop in centres)
    parted = islands(list(grid_of), roots, town.beside)
    cut = {run.id: len({of_shop[shop] for shop in run.shops}) for run in town.runs}
    return GridsMade(
        grid_of=of_shop,
        centres=dict(zip(asked.grids, centres, strict=True)),
        proof=proof,
        moved=tuple(shop for shop, grid in of_shop.items() if asked.held.get(shop, grid) != grid),
        least_moved=least_moved,
        shops=shops,
        work=work,
        halls_cut=sum(len({grid_of[stretch] for stretch in hall}) - 1 for hall in town.halls),
        runs_cut=sum(pieces > 1 for pieces in cut.values()),
        apart=len({grid_of[min(island)] for island in parted}),
        walk_m=float(walk[range(len(grid_of)), list(grid_of)].sum()),
        oddities=(
            *_outside("work_band", work, asked.rule.work_band),
            *_outside(
                "shops_band", {grid: float(count) for grid, count in shops.items()}, asked.rule.shops_band
            ),
            *(Oddity("run_cut", run, float(pieces)) for run, pieces in cut.items() if pieces > 1),
        ),
    )


def _outside(rule: str, of_grid: Mapping[str, float], band: float) -> Iterator[Oddity]:
    mean = sum(of_grid.values()) / len(of_grid)
    for grid, value in of_grid.items():
        if mean and abs(value / mean - 1) > band + ROUNDING:
            yield Oddity(rule, grid, value / mean - 1)
