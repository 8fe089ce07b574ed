"""The four levels above one another: what each does, and who answers for it by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import appoint, level, policy
from hub.core.policy import Target
from hub.service import appointment, area, number, people
from hub.service.shape import name, pair
from hub.service.workroom import living
from hub.store.market import Market
from hub.store.people import Grant, Person

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.level import Level
    from hub.core.policy import Actor

View = dict[str, Any]


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Each level with its tasks, its places and who leads there; a place without a leader is shown as such.

    Raises:
        Refused: the actor is of another market.
    """
    policy.authorize(actor, "market.see", Target(actor.market))
    today = number.day_of(s, actor.market, now)
    places = {
        "grid": _grids(s, actor.market, today),
        "market": [_held(s, actor.market, s.get_one(Market, actor.market), "manager")],
        **_above(s, actor.market),
    }
    return [_level(each, places.get(each, [])) for each in level.LEVEL]


def _level(each: Level, places: list[View]) -> View:
    return {
        "id": each,
        **pair(level.LEVEL[each]),
        "leads": pair(level.LEADS[each]),
        "tasks": [
            {"words": pair(task.words), "every": {"id": task.every, **pair(level.EVERY[task.every])}}
            for task in level.TASKS[each]
        ],
        "places": places,
    }


def _grids(s: Session, market: str, today: date) -> list[View]:
    """Grids with leader and deputy, by their letters where there are any."""
    found = []
    for grid in living(s, market, today):
        letters = {
            row.office: row
            for row in appointment.standing_at(s, grid.id)
            if appoint.standing(row.begins, row.ends, today) in ("current", "soon")
        }
        who = people.names(s, [grid.leader, *(row.person for row in letters.values())])
        leaders = []
        for office, words in appoint.OFFICE.items():
            row = letters.get(office)
            person = row.person if row else grid.leader if office == "leader" else None
            if person:
                named = {"id": person, "name": name(who[person]), "armband": who[person].armband}
                leaders.append({**named, "office": pair(words), "letter": row.id if row else None})
        missing = [pair(words) for office, words in appoint.OFFICE.items() if office not in letters]
        found.append({"id": grid.id, "name": name(grid), "people": leaders, "unlettered": missing})
    return found


def _above(s: Session, market: str) -> dict[Level, list[View]]:
    """The market's street and district with whoever holds rights there."""
    found: dict[Level, list[View]] = {"street": [], "district": []}
    for row in area.above(s, market):
        which: Level = "street" if row.kind == "street" else "district"
        found[which].append(_held(s, f"{people.AREA}{row.id}", row, "district"))
    return found


def _held(s: Session, node: str, row: Any, role: str) -> View:
    """A place with everybody who holds `role` there."""
    query = (
        select(Person)
        .join(Grant, Grant.person == Person.id)
        .where(Grant.node == node, Grant.role == role, Person.active.is_(True))
        .order_by(Person.id)
    )
    holders = [
        {"id": one.id, "name": name(one), "armband": one.armband, "office": None, "letter": None}
        for one in s.scalars(query)
    ]
    return {"id": row.id, "name": name(row), "people": holders, "unlettered": []}
