"""Moves by hand on a draft: shops are given another grid or group, and none is ever lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.versions import ANEW, Seat
from hub.service import ground as grounds
from hub.service import number
from hub.service.plan import draw, right
from hub.service.plan.cut import after, changes_of, today
from hub.service.plan.draw import Drawing
from hub.service.plan.solved import nearest_group
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.planned import EditMade
    from hub.core.policy import Actor
    from hub.core.versions import Seats
    from hub.store.plan import Plan

    Doors = Mapping[str, tuple[float, float]]


MOST_MOVED = 2000
"""Shops that one request may move: as many as a market has."""


@dataclass(frozen=True, slots=True)
class Move:
    """Shops and where they are to belong; without a group, to that of their nearest neighbour in the grid."""

    shops: tuple[str, ...]
    grid: str | None
    group: str | None


def drawn(s: Session, actor: Actor, plan: str, moves: Sequence[Move], now: datetime) -> Drawing:
    """The draft with moves upon it; nothing is written.

    Raises:
        Refused: there is no such draft, shop, grid or group, or the actor may not move them.
    """
    row = right.seen(s, actor, plan)
    day = number.day_of(s, row.market, now)
    before, ground = today(s, row.market, day), grounds.of(s, row.market, day)
    changes = changes_of(s, row)
    wanted = after(before, row, changes)
    doors = {shop.id: shop.door for shop in ground.shops}
    seats = wanted.seats
    grids = frozenset(before.grids.values()) | set(row.made.get("grids", ()))
    _refuse_many(moves)
    for move in moves:
        seats = moved(seats, move, doors, grids, before.grid_of_group)
    touched = {shop for shop, seat in seats.items() if seat != wanted.seats[shop]}
    _refuse_foreign(actor, [seat for shop in touched for seat in (before.seats[shop], seats[shop])])
    by_hand = touched | {change.shop for change in changes if change.reason == "hand"}
    return Drawing(
        before,
        replace(wanted, seats=seats),
        ground,
        row.made.get("grids", {}),
        moved_by_hand=frozenset(by_hand),
        ways={
            (change.shop, centre): walk
            for change in changes
            for centre, walk in (
                (before.grid_centres.get(change.grid_from), change.walk_from),
                (wanted.grid_centres.get(change.grid_to), change.walk_to),
            )
            if centre is not None and walk is not None
        },
    )


def walked(
    drawing: Drawing, ways: Mapping[tuple[str, str], float], broken: tuple[EditMade, EditMade] | None
) -> Drawing:
    """The drawing with what was found since by walking it."""
    return replace(drawing, ways={**drawing.ways, **ways}, walked=broken)


def keep(s: Session, actor: Actor, plan: str, revision: int, drawing: Drawing, now: datetime) -> Plan:
    """Write moves that were drawn into the draft.

    Raises:
        Refused: the actor may not, or somebody changed the draft or the market since they were drawn.
    """
    row = draw.opened(s, actor, plan, revision)
    if today(s, row.market, number.day_of(s, row.market, now)).seats != drawing.before.seats:
        en = "Shops came, went or moved meanwhile. Look at the plan anew, then try again."
        raise Refused("conflict", "plan.moved", en, "商铺刚有变动，请刷新方案后重试。")
    draw.draw(s, row, drawing)
    return row


def dropped(s: Session, actor: Actor, plan: str, now: datetime) -> Drawing:
    """The draft as if nothing had been moved.

    Raises:
        Refused: there is no such draft.
    """
    row = right.seen(s, actor, plan)
    day = number.day_of(s, row.market, now)
    before = today(s, row.market, day)
    return Drawing(before, before, grounds.of(s, row.market, day))


def moved(seats: Seats, move: Move, doors: Doors, grids: frozenset[str], known: Mapping[str, str]) -> Seats:
    """Everybody's seats after one move: into one of `grids`.

    `known`: group → grid of today, so that a step can be undone.

    Raises:
        Refused: there is no such shop, grid or group, or the group is of another grid.
    """
    unknown = [shop for shop in move.shops if shop not in seats]
    if unknown:
        en = f"There is no shop {unknown[0]} today. Choose shops from the plan."
        raise Refused("missing", "plan.shop", en, f"没有商铺 {unknown[0]}，请在平面图上选择。")
    if move.grid is not None and move.grid not in grids:
        raise Refused("missing", "plan.grid", "There is no such grid.", "没有这个网格。")
    chosen = frozenset(move.shops)
    if move.group == ANEW:
        return _to_new(seats, chosen, move.grid)
    if move.group is not None:
        return _to_group(seats, chosen, move, known)
    if move.grid is None:
        en = "Say to which grid or group the shops are to go."
        raise Refused("input", "plan.nowhere", en, "请选择要移到的网格或小组。")
    return _to_grid(seats, chosen, move.grid, doors)


def _to_new(seats: Seats, chosen: frozenset[str], grid: str | None) -> Seats:
    grids = {seats[shop].grid for shop in chosen}
    if grid is None and len(grids) > 1:
        en = "These shops are of two grids: say which grid their new group is to be in."
        raise Refused("input", "plan.two_grids", en, "所选商铺分属两个网格，请指明新小组所在网格。")
    home = grid or next(iter(grids))
    return seats | dict.fromkeys(chosen, Seat(home, f"group-{new_id()[-12:]}"))


def _to_group(seats: Seats, chosen: frozenset[str], move: Move, known: Mapping[str, str]) -> Seats:
    """Into a group; one that is chosen whole, or of which nobody is left, goes to the grid that is named."""
    group = move.group or ""
    others = {seat.grid for shop, seat in seats.items() if seat.group == group and shop not in chosen}
    homes = others or {seats[shop].grid for shop in chosen if seats[shop].group == group}
    if not homes and group in known:
        homes = {known[group]}
    if not homes:
        raise Refused("missing", "plan.group", "There is no such group.", "没有这个联防小组。")
    grid = move.grid or min(homes)
    if grid not in homes and (others or grid not in known.values()):
        en = "This group is in another grid. Choose a group of the grid, or move the whole group."
        raise Refused("input", "plan.other_grid", en, "该小组属于另一个网格，请选择本网格的小组或整组移动。")
    return seats | dict.fromkeys(chosen, Seat(grid, group))


def _to_grid(seats: Seats, chosen: frozenset[str], grid: str, doors: Doors) -> Seats:
    """Groups that are chosen whole stay together; of others, each goes to its nearest neighbour's group."""
    members: dict[str, set[str]] = {}
    for shop, seat in seats.items():
        if seat.group:
            members.setdefault(seat.group, set()).add(shop)
    whole = {group for group, shops in members.items() if shops <= chosen}
    among = {
        shop: seat.group
        for shop, seat in seats.items()
        if seat.grid == grid and seat.group and shop not in chosen
    }
    found = dict(seats)
    for shop in sorted(chosen):
        group = seats[shop].group
        home = group if group in whole or seats[shop].grid == grid else nearest_group(shop, doors, among)
        found[shop] = Seat(grid, home)
    return found


def _refuse_many(moves: Sequence[Move]) -> None:
    if sum(len(move.shops) for move in moves) > MOST_MOVED:
        en = f"These are more than {MOST_MOVED} shops at once. Move fewer, or have the solver draw the plan."
        raise Refused("input", "plan.many", en, f"一次最多移动 {MOST_MOVED} 户，请分批移动或改用自动划分。")


def _refuse_foreign(actor: Actor, seats: Sequence[Seat]) -> None:
    for grid in sorted({seat.grid for seat in seats}):
        policy.authorize(actor, "plan.change", Target(f"{actor.market}/{grid}"))
