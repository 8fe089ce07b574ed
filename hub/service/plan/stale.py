"""Whether the market is still as it was when a plan was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.core.versions import Seat, apart
from hub.service import number, placement
from hub.service.plan.cut import changes_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.versions import Seats
    from hub.store.plan import Plan


def stale(s: Session, row: Plan, held: Seats) -> list[str]:
    """Shops that are not where the plan takes them from, or whose group it would leave in two grids."""
    changes = changes_of(s, row)
    gone = {one.shop for one in changes if held.get(one.shop) != Seat(one.grid_from, one.group_from)}
    after = held | {one.shop: Seat(one.grid_to, one.group_to) for one in changes if one.shop in held}
    torn = set(apart(after)) - set(apart(held))
    return sorted(gone | {shop for shop, seat in after.items() if seat.group in torn})


def refuse_stale(s: Session, row: Plan, now: datetime) -> None:
    """Let no plan be decided upon or applied that was drawn for another market than there is.

    Raises:
        Refused: it was; the sentence names the first shop.
    """
    found = stale(s, row, placement.seats(s, row.market, number.day_of(s, row.market, now)))
    if found:
        en = f"{len(found)} shops were changed since it was drawn, such as {found[0]}. Draw it anew."
        zh = f"拟订后有 {len(found)} 户发生变动（如 {found[0]}），请重新拟订。"
        raise Refused("conflict", "plan.stale", en, zh)
