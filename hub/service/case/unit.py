"""Units: the crew on duty, a shop group, an agency or the police liaison that a case is given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import duty, people, place
from hub.store.duty import Crew
from hub.store.market import Market, ShopGroup
from hub.store.people import Grant, Person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.store.case import Case

LIAISON = Pair("驻场民警", "Police liaison")


def members(s: Session, case: Case, now: datetime) -> frozenset[str]:
    """Ids of the people who are the case's unit at `now`: of a crew, those on duty."""
    match case.unit_kind, case.unit:
        case "crew", str(crew):
            return frozenset(p.id for p in duty.of_crew(duty.now_on(s, case.market, now), crew))
        case "group", str(group):
            row = s.get_one(ShopGroup, group)
            at = place.node(case.market, row.grid, row.id)
            return frozenset(s.scalars(select(Grant.person).where(Grant.node == at)))
        case "agency", str(person):
            return frozenset({person})
        case "liaison", _:
            return frozenset(people.with_role(s, case.market, "liaison"))
    return frozenset()


def name(s: Session, kind: str | None, unit: str | None) -> Pair | None:
    """What the unit is called; None while there is none."""
    match kind, unit:
        case "crew", str():
            number = s.get_one(Crew, unit).number
            return Pair(f"{number} 组", f"Crew {number}")
        case "group", str():
            number = s.get_one(ShopGroup, unit).number
            return Pair(f"第 {number} 联防小组", f"Shop group {number}")
        case "agency", str():
            return people.name_of(s.get_one(Person, unit))
        case "liaison", _:
            return LIAISON
    return None


def find(s: Session, market: str, value: str) -> tuple[str, str]:
    """Kind and id of the unit that `kind/id` names.

    Raises:
        Refused: the market has no such unit.
    """
    kind, _, unit = value.partition("/")
    query = {
        "crew": select(Crew.id).where(Crew.market == market, Crew.id == unit),
        "group": select(ShopGroup.id).where(ShopGroup.market == market, ShopGroup.id == unit),
        "agency": select(Grant.person).where(Grant.person == unit, Grant.role == "agency"),
        "liaison": select(Market.id).where(Market.id == unit, Market.id == market),
    }.get(kind)
    if query is None or s.scalar(query.limit(1)) is None:
        en = "There is no such unit. Choose one from the list."
        raise Refused("input", "field.unit", en, "没有这个单位，请从列表中选择。")
    return kind, unit


def choices(s: Session, case: Case, now: datetime) -> Iterator[tuple[str, Pair]]:
    """Units that this case can be given to: crews on duty first, then the place's own shops, then others."""
    on = duty.now_on(s, case.market, now)
    crews = {one.crew.id: one.crew for one in on if one.crew is not None}
    for crew in sorted(crews.values(), key=lambda crew: (crew.grid != case.grid, crew.number)):
        zh = "、".join(person.name_zh for person in duty.of_crew(on, crew.id))
        en = ", ".join(person.name_en for person in duty.of_crew(on, crew.id))
        yield f"crew/{crew.id}", Pair(f"{crew.number} 组 {zh}", f"Crew {crew.number} {en}")
    if case.group is not None:
        yield f"group/{case.group}", name(s, "group", case.group) or LIAISON
    for person in people.names(s, people.with_role(s, case.market, "agency")).values():
        yield f"agency/{person.id}", people.name_of(person)
    yield f"liaison/{case.market}", LIAISON
