"""Workrooms of the grids, and whether they have the five things that a workroom has to have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy, workroom
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, limit, number, people, place
from hub.service.evidence import Entry
from hub.service.placement import holds
from hub.service.registered import person_of
from hub.service.shape import iso, name, pair
from hub.store.market import Grid
from hub.store.workroom import Workroom, WorkroomItem
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor, Role
    from hub.store.people import Person

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """What is entered of a workroom."""

    names: Pair
    spot: str
    phone: str


def put(s: Session, actor: Actor, grid: str, given: Given, now: datetime) -> Workroom:
    """Enter a grid's workroom, or change what is entered.

    Raises:
        Refused: there is no such grid, or the actor may not.
    """
    role = _authorize(s, actor, grid)
    row = of_grid(s, grid)
    if row is None:
        row = Workroom(id=new_id(), market=actor.market, grid=grid)
        s.add(row)
    row.name_zh, row.name_en = given.names.zh, given.names.en
    row.spot, row.phone = given.spot.strip(), given.phone.strip()
    s.flush()
    public = {"workroom": row.id, "grid": grid, "name": given.names.en}
    evidence.append(s, actor.market, Entry("workroom.change", actor, role, public=public), now)
    return row


def tick(s: Session, actor: Actor, grid: str, item: str, ready: bool, note: str, now: datetime) -> None:
    """Say whether the grid's workroom has one of the five.

    Raises:
        Refused: there is no such grid, workroom or item, or the actor may not.
    """
    role, row = _authorize(s, actor, grid), of_grid(s, grid)
    if row is None:
        en = "This grid has no workroom yet. Enter it first."
        raise Refused("state", "workroom.none", en, "该网格还没有登记工作室，请先登记。")
    if item not in workroom.ITEM:
        listed = ", ".join(workroom.ITEM)
        raise Refused("input", "workroom.item", f"Choose one of: {listed}.", "请从五项中选择一项。")
    same = (WorkroomItem.workroom == row.id, WorkroomItem.item == item)
    found = s.scalar(select(WorkroomItem).where(*same).with_for_update())
    if found is None:
        found = WorkroomItem(id=new_id(), workroom=row.id, item=item)
        s.add(found)
    found.ready, found.note, found.at, found.by = ready, note.strip(), now, actor.person
    public = {"workroom": row.id, "grid": grid, "item": item, "ready": ready}
    entry = Entry("workroom.tick", actor, role, public=public, text=found.note or None)
    evidence.append(s, actor.market, entry, now)


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Every grid of the market with its workroom and what that has, or without one.

    Raises:
        Refused: the actor is of another market.
    """
    policy.authorize(actor, "market.see", Target(actor.market))
    today, stale = number.day_of(s, actor.market, now), limit.of(s, actor.market).stale_days
    rooms = {row.grid: row for row in s.scalars(select(Workroom).where(Workroom.market == actor.market))}
    items = _items(s, [row.id for row in rooms.values()])
    who = people.names(s, (one.by for has in items.values() for one in has.values()))
    zone = number.zone_of(s, actor.market)
    found = []
    for grid in living(s, actor.market, today):
        room = rooms.get(grid.id)
        has = items.get(room.id, {}) if room else {}
        old = {each for each, one in has.items() if (today - one.at.astimezone(zone).date()).days >= stale}
        found.append(
            {
                "grid": {"id": grid.id, "name": name(grid)},
                "room": {"name": name(room), "spot": room.spot, "phone": room.phone} if room else None,
                "items": [_item(each, has.get(each), who, stale=each in old) for each in workroom.ITEM],
                "missing": list(workroom.missing({each: one.ready for each, one in has.items()})),
                "may": _may(actor, grid.id),
            }
        )
    return found


def of_grid(s: Session, grid: str) -> Workroom | None:
    """The workroom of a grid, if one is entered."""
    return s.scalar(select(Workroom).where(Workroom.grid == grid))


def living(s: Session, market: str, today: date) -> list[Grid]:
    """The grids that stand on a day, by their numbers."""
    query = select(Grid).where(Grid.market == market, holds(Grid, today))
    return list(s.scalars(query.order_by(Grid.number, Grid.id)))


def grid_of(s: Session, market: str, grid: str) -> Grid:
    """A grid of the market.

    Raises:
        Refused: there is none.
    """
    row = s.get(Grid, grid)
    if row is None or row.market != market:
        raise Refused("missing", "grid.none", "There is no such grid.", "没有这个网格。")
    return row


def _authorize(s: Session, actor: Actor, grid: str) -> Role:
    row = grid_of(s, actor.market, grid)
    return policy.authorize(actor, "workroom.change", Target(place.node(actor.market, row.id)))


def _may(actor: Actor, grid: str) -> bool:
    return policy.allowed(actor, "workroom.change", Target(place.node(actor.market, grid))).allowed


def _items(s: Session, rooms: list[str]) -> dict[str, dict[str, WorkroomItem]]:
    """Room → item → what was last seen of it."""
    found: dict[str, dict[str, WorkroomItem]] = {}
    for one in s.scalars(select(WorkroomItem).where(WorkroomItem.workroom.in_(rooms))):
        found.setdefault(one.workroom, {})[one.item] = one
    return found


def _item(item: str, one: WorkroomItem | None, who: Mapping[str, Person], *, stale: bool) -> View:
    return {
        "id": item,
        **pair(workroom.ITEM[item]),
        "asks": pair(workroom.ASKS[item]),
        "ready": one is not None and one.ready,
        "stale": stale,
        "note": one.note if one else "",
        "at": iso(one.at) if one else None,
        "by": person_of(who, one.by) if one else None,
    }
