"""Which shop is in which grid and group from day to day: the truth is `placement`, today stands in `shop`.

Whoever changes a shop's grid or group by hand calls `settle` in the same transaction; plans call `put` and
`project`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select

from hub.core.versions import Seat, Seats
from hub.store.market import ALWAYS, Grid, Shop, ShopGroup
from hub.store.placement import Centre, Placement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from hub.store.business import Tenancy

    Spanned = type[Placement | Centre | Tenancy | Shop | ShopGroup | Grid]

MOST_NAMES = 500
"""In one list of a statement."""


def holds(table: Spanned, day: date) -> ColumnElement[bool]:
    """Whether a row with `begins` and `ends` holds on `day`."""
    span: Any = table
    held: ColumnElement[bool] = (span.begins <= day) & or_(span.ends.is_(None), span.ends > day)
    return held


def living(s: Session, market: str, day: date) -> Sequence[Shop]:
    """The premises that are there on `day`, by id."""
    query = select(Shop).where(Shop.market == market, holds(Shop, day))
    return s.scalars(query.order_by(Shop.id)).all()


def first_day(s: Session, market: str, day: date) -> date:
    """Since when premises stand that are entered on `day`: always, until others were placed before them."""
    placed = select(Placement.shop).where(Placement.market == market).limit(1)
    return ALWAYS if s.scalar(placed) is None else day


def seats(s: Session, market: str, day: date) -> Seats:
    """Every shop's grid and group on `day`."""
    columns = select(Placement.shop, Placement.grid, Placement.group)
    rows = s.execute(
        columns.where(Placement.market == market, holds(Placement, day)).order_by(Placement.shop)
    )
    return {shop: Seat(grid, group) for shop, grid, group in rows}


def centres(s: Session, market: str, day: date) -> dict[str, str]:
    """Group → its centre shop on `day`."""
    groups = select(ShopGroup.id).where(ShopGroup.market == market)
    rows = s.execute(select(Centre.group, Centre.shop).where(Centre.group.in_(groups), holds(Centre, day)))
    return {row.group: row.shop for row in rows}


def put(s: Session, market: str, wanted: Mapping[str, Seat], day: date, version: str | None) -> None:
    """Let shops belong elsewhere from `day` on; what was to be later is not any more."""
    by_shop, new = _lasting(s, wanted, day), []
    for shop, seat in wanted.items():
        before = by_shop.get(shop)
        if before is not None and (before.grid, before.group) == (seat.grid, seat.group):
            before.ends = None
            continue
        if before is not None:
            before.ends = day
        place = {"market": market, "grid": seat.grid, "group": seat.group, "version": version}
        new.append(Placement(shop=shop, begins=day, ends=None, **place))
    s.flush()
    s.add_all(new)
    s.flush()


def end(s: Session, shop: str, day: date) -> None:
    """The premises are no more from `day` on."""
    for before in _lasting(s, [shop], day).values():
        before.ends = day
    s.flush()


def end_empty(s: Session, left: Iterable[Seat], held: Seats, day: date) -> None:
    """Of the grids and groups in `left`, end those in which nobody is `held` any more.

    One that began today has never been.
    """
    seats_, kept = list(left), list(held.values())
    for group in {seat.group for seat in seats_ if seat.group} - {seat.group for seat in kept}:
        s.get_one(ShopGroup, group).ends = day
        seat_centre(s, group, None, day)
    for grid in {seat.grid for seat in seats_} - {seat.grid for seat in kept}:
        s.get_one(Grid, grid).ends = day
    s.flush()


def seat_centre(s: Session, group: str, shop: str | None, day: date, version: str | None = None) -> None:
    """Let `shop` coordinate the group from `day` on, or nobody; today's projection is the caller's."""
    s.execute(delete(Centre).where(Centre.group == group, Centre.begins >= day))
    before = s.scalar(select(Centre).where(Centre.group == group, holds(Centre, day)))
    if before is not None and before.shop == shop:
        before.ends = None
        return
    if before is not None:
        before.ends = day
        s.flush()
    if shop is not None:
        s.add(Centre(group=group, begins=day, ends=None, shop=shop, version=version))
    s.flush()


def settle(s: Session, market: str, day: date) -> int:
    """Let the truth follow what the register says of today; how many shops it was behind of."""
    s.flush()
    held, wanted = seats(s, market, day), {}
    for shop in living(s, market, day):
        if held.get(shop.id) != (seat := Seat(shop.grid, shop.group)):
            wanted[shop.id] = seat
    known = set(s.scalars(select(Placement.shop).where(Placement.market == market).distinct()))
    first = {shop: seat for shop, seat in wanted.items() if shop not in known}
    put(s, market, {shop: seat for shop, seat in wanted.items() if shop in known}, day, None)
    _begin(s, market, first)
    now = seats(s, market, day)
    end_empty(s, [held[shop] for shop in wanted if shop in held], now, day)
    _center(s, market, now, day)
    return len(wanted)


def project(s: Session, market: str, day: date) -> None:
    """Let the register say what is true on `day`: grid and group of shops, grid and centre of groups."""
    held, seated = seats(s, market, day), centres(s, market, day)
    grid_of = {seat.group: seat.grid for seat in held.values() if seat.group}
    for group in s.scalars(select(ShopGroup).where(ShopGroup.market == market, holds(ShopGroup, day))):
        group.grid, group.centre = grid_of.get(group.id, group.grid), seated.get(group.id)
    s.flush()
    for shop in living(s, market, day):
        seat = held[shop.id]
        if (shop.grid, shop.group) != (seat.grid, seat.group):
            shop.grid, shop.group = seat.grid, seat.group
    s.flush()


def _lasting(s: Session, shops: Mapping[str, Seat] | Sequence[str], day: date) -> dict[str, Placement]:
    """What holds just before `day` of each shop; what was to begin on it or later is taken away."""
    wanted = list(shops)
    found: dict[str, Placement] = {}
    for start in range(0, len(wanted), MOST_NAMES):
        some = wanted[start : start + MOST_NAMES]
        s.execute(delete(Placement).where(Placement.shop.in_(some), Placement.begins >= day))
        rows = s.scalars(
            select(Placement).where(
                Placement.shop.in_(some), or_(Placement.ends.is_(None), Placement.ends >= day)
            )
        )
        found |= {row.shop: row for row in rows}
    return found


def _center(s: Session, market: str, held: Seats, day: date) -> None:
    """Let the centres follow the register, but for those that are in their group no more."""
    seated, there = centres(s, market, day), set(s.scalars(select(Shop.id).where(Shop.market == market)))
    for group in s.scalars(select(ShopGroup).where(ShopGroup.market == market, holds(ShopGroup, day))):
        if group.centre in there and (group.centre not in held or held[group.centre].group != group.id):
            group.centre = None
        if seated.get(group.id) != group.centre and (group.centre is None or group.centre in there):
            seat_centre(s, group.id, group.centre, _since(day, group, seated))


def _begin(s: Session, market: str, first: Mapping[str, Seat]) -> None:
    """Premises that nobody has placed yet: they have been there since their own first day."""
    asked = select(Shop.id, Shop.begins).where(Shop.market == market)
    begins = {row.id: row.begins for row in s.execute(asked)}
    for shop, seat in first.items():
        place = {"market": market, "grid": seat.grid, "group": seat.group}
        s.add(Placement(shop=shop, begins=begins[shop], ends=None, version=None, **place))
    s.flush()


def _since(day: date, group: ShopGroup, seated: Mapping[str, str]) -> date:
    """The first centre that is written down has been it since the group began."""
    return day if group.id in seated else max(group.begins, ALWAYS)
