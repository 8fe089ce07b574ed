"""How a market is cut into grids and groups, before a plan and after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core.versions import Seat, Seats
from hub.service import placement
from hub.service.placement import holds
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.plan import PlanChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.store.plan import Plan


@dataclass(frozen=True, slots=True)
class Cut:
    """Every living shop's grid and group, and the shops in the middle of each."""

    seats: Seats
    centres: dict[str, str]
    """Group → centre shop."""
    grid_centres: dict[str, str]

    @property
    def grids(self) -> dict[str, str]:
        """Shop → grid."""
        return {shop: seat.grid for shop, seat in self.seats.items()}

    @property
    def groups(self) -> dict[str, str]:
        """Shop → group, where it has one."""
        return {shop: seat.group for shop, seat in self.seats.items() if seat.group}

    @property
    def grid_of_group(self) -> dict[str, str]:
        """Group → the grid of its shops; one that is in two is said of the last."""
        return {seat.group: seat.grid for seat in self.seats.values() if seat.group}


def today(s: Session, market: str, day: date) -> Cut:
    """As the market is cut on `day`; a grid that never had a centre gets the shop nearest to its middle."""
    seats = placement.seats(s, market, day)
    rows = s.scalars(select(Grid).where(Grid.market == market, holds(Grid, day)))
    known = {grid.id: grid.centre for grid in rows}
    doors = _doors(s, market, seats)
    middles = {
        grid: centre if centre in seats and seats[centre].grid == grid else _middle(grid, seats, doors)
        for grid, centre in known.items()
    }
    return Cut(
        seats,
        placement.centres(s, market, day),
        {grid: shop for grid, shop in middles.items() if shop is not None},
    )


def after(before: Cut, plan: Plan, changes: Sequence[PlanChange]) -> Cut:
    """As it would be cut; shops that are there no more are passed over."""
    seats = dict(before.seats)
    for change in changes:
        if change.shop in seats:
            seats[change.shop] = Seat(change.grid_to, change.group_to)
    made: dict[str, dict[str, str]] = plan.made
    return Cut(
        seats,
        before.centres | made.get("centres", {}),
        before.grid_centres | made.get("grid_centres", {}),
    )


def kept(cut: Cut) -> Cut:
    """Without the centres that are not in their group or grid any more."""
    groups, grids = cut.groups, cut.grids
    return replace(
        cut,
        centres={group: shop for group, shop in cut.centres.items() if groups.get(shop) == group},
        grid_centres={grid: shop for grid, shop in cut.grid_centres.items() if grids.get(shop) == grid},
    )


def changes_of(s: Session, plan: Plan) -> Sequence[PlanChange]:
    """Its changes, by shop."""
    query = select(PlanChange).where(PlanChange.plan == plan.id).order_by(PlanChange.shop)
    return s.scalars(query).all()


def made_of(before: Cut, wanted: Cut, new_grids: Mapping[str, Any]) -> dict[str, Any]:
    """What the plan keeps besides its changes: what is new, and whose centre is another than it was."""
    there = set(before.groups.values()) | set(before.centres)
    groups = {group: grid for group, grid in wanted.grid_of_group.items() if group not in there}
    used = set(wanted.grids.values())
    return {
        "groups": groups,
        "grids": {grid: words for grid, words in new_grids.items() if grid in used},
        "centres": (centres := _other(before.centres, wanted.centres)),
        "stood": {group: before.centres.get(group) for group in centres},
        "grid_centres": _other(before.grid_centres, wanted.grid_centres),
    }


def recognised(made: Mapping[str, str], held: Mapping[str, str]) -> dict[str, str]:
    """Grid as it was made → the grid that it is called by: that of which it has the most shops, each once."""
    shared = Counter((grid, held[shop]) for shop, grid in made.items() if shop in held)
    names = sorted(set(made.values()))
    found: dict[str, str] = {}
    for (grid, old), _ in sorted(shared.items(), key=lambda one: (-one[1], one[0])):
        if grid not in found and old in names and old not in found.values():
            found[grid] = old
    left = [name for name in names if name not in found.values()]
    return found | dict(zip((grid for grid in names if grid not in found), left, strict=True))


def numbered(s: Session, market: str, table: type[Grid | ShopGroup], new: Iterable[str]) -> dict[str, int]:
    """New grids or groups → their numbers: the next, which no other ever had, the same whoever counts."""
    last = s.scalar(select(func.max(table.number)).where(table.market == market)) or 0
    return {one: at for at, one in enumerate(sorted(new, key=lambda one: (len(one), one)), last + 1)}


def _other(before: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    return {key: shop for key, shop in wanted.items() if before.get(key) != shop}


def _doors(s: Session, market: str, seats: Seats) -> dict[str, tuple[float, float]]:
    rows = s.execute(select(Shop.id, Shop.door_x, Shop.door_y).where(Shop.market == market))
    return {row.id: (row.door_x, row.door_y) for row in rows if row.id in seats}


def _middle(grid: str, seats: Seats, doors: Mapping[str, tuple[float, float]]) -> str | None:
    here = {shop: doors[shop] for shop, seat in seats.items() if seat.grid == grid}
    if not here:
        return None
    x, y = (sum(door[axis] for door in here.values()) / len(here) for axis in (0, 1))
    return min(here, key=lambda shop: (here[shop][0] - x) ** 2 + (here[shop][1] - y) ** 2)
