"""Whether the market is still as it was when a plan was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.refuse import Refused
from hub.core.versions import Seat, apart
from hub.service import number, placement
from hub.service.placement import holds
from hub.service.plan.cut import changes_of
from hub.store.market import Grid, ShopGroup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.store.plan import Plan


def stale(s: Session, row: Plan, day: date) -> list[str]:
    """Shops that the plan cannot move on `day` as it says.

    They are not where it takes them from, the grid or group to which they go is no more, or their group would
    be left in two grids.
    """
    held, changes = placement.seats(s, row.market, day), changes_of(s, row)
    grids = _open(s, Grid, row, day, row.made.get("grids", ()))
    groups = _open(s, ShopGroup, row, day, row.made.get("groups", ())) | {None}
    gone = {one.shop for one in changes if held.get(one.shop) != Seat(one.grid_from, one.group_from)}
    after = held | {one.shop: Seat(one.grid_to, one.group_to) for one in changes if one.shop in held}
    lost = {one.shop for one in changes if one.grid_to not in grids or one.group_to not in groups}
    torn = set(apart(after)) - set(apart(held))
    return sorted(gone | lost | {shop for shop, seat in after.items() if seat.group in torn})


def refuse_stale(s: Session, row: Plan, now: datetime) -> None:
    """Let no plan be decided upon or applied that was drawn for another market than there is.

    Raises:
        Refused: it was; the sentence names the first shop.
    """
    found = stale(s, row, number.day_of(s, row.market, now))
    if found:
        en = (
            f"{len(found)} shops, or the grids and groups to which they go, were changed since it was drawn, "
            f"such as {found[0]}. Draw it anew."
        )
        zh = f"拟订后有 {len(found)} 户或其去处发生变动（如 {found[0]}），请重新拟订。"
        raise Refused("conflict", "plan.stale", en, zh)


def _open(
    s: Session, table: type[Grid | ShopGroup], row: Plan, day: date, new: Iterable[str]
) -> set[str | None]:
    """The grids or groups to which shops can go: those that hold, and those that the plan itself begins.

    One that the plan would begin is no more where it has been already.
    """
    here = select(table.id).where(table.market == row.market)
    return {*s.scalars(here.where(holds(table, day))), *(set(new) - set(s.scalars(here)))}
