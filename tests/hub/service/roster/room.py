"""A workroom of ten for tests: the eastern grid with guards enough for a month, and a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hub.core import monthly
from hub.core.roster import Cell
from hub.service.roster import asked, draw, publish
from hub.store.people import Grant, Person
from hub.store.roster import RosterCell
from hub.store.staff import Certificate
from tests.hub.town import MARKET, actor
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from hub.store.roster import Roster

GUARDS = ("shen", "qiu", "jiang", *(f"guard-{number}" for number in range(7)))
"""Ten of the eastern workroom; shen leads it."""
EVE = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
"""Noon of the last day before the month."""
MONTH, FIRST, LAST = "2026-12", date(2026, 12, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
CYCLE = ("day", "day", "evening", "evening", None, "night", "night", None, None, None)
"""Ten people one day behind the other in this cycle of ten days: two on every shift."""


class Weekends:
    """Port Workdays: weekends are off, until 2027, of which nothing is known."""

    def off(self, year: int) -> frozenset[date] | None:
        if year > 2026:
            return None
        days = (date(year, 1, 1) + number * DAY for number in range(366))
        return frozenset(day for day in days if day.weekday() >= 5 and day.year == year)


CALENDAR = Weekends()


def staffed(s: Session) -> None:
    """The eastern workroom has ten people, of whom every other may head a night."""
    for number, person in enumerate(GUARDS[3:], 401):
        names = {"name_zh": f"卫{number}", "name_en": f"Wei {number}"}
        s.add(Person(id=person, market=MARKET, armband=f"0{number}", login=None, password_hash=None, **names))
        s.flush()
        s.add(Grant(id=f"{person}-guard", person=person, role="guard", node=f"{MARKET}/east"))
    for person in GUARDS[2::2]:
        s.add(
            Certificate(id=f"{person}-fire", person=person, kind="fire", begins=FIRST - 99 * DAY, ends=None)
        )
    s.flush()


def cycle(days: Iterable[date] = monthly.days(FIRST, LAST)) -> tuple[Cell, ...]:
    """A month in which every shift has two, and everybody two days, two evenings, two nights and four off."""
    found = []
    for day in days:
        for number, person in enumerate(GUARDS):
            shift = CYCLE[(day.toordinal() + number) % len(CYCLE)]
            if shift is not None:
                found.append(Cell(person, day, shift))
    return tuple(found)


def filled(s: Session, row: Roster, cells: Iterable[Cell]) -> None:
    """Give a draft these cells, as a solver would."""
    for cell in cells:
        given = {"person": cell.person, "day": cell.day, "shift": cell.shift, "covers": None}
        s.add(RosterCell(id=new_id(), roster=row.id, **given))
    s.flush()


def published(s: Session, now: datetime = EVE) -> Roster:
    """December of the eastern workroom, published on its eve."""
    staffed(s)
    row = draw.begin(s, actor(s, "shen"), "east", MONTH, now)
    filled(s, row, cycle())
    seen = gaps(s, row, now)
    return publish.publish(s, actor(s, "shen"), row.id, row.revision, seen, CALENDAR, now)


def gaps(s: Session, row: Roster, now: datetime) -> int:
    """How many gaps to come a publisher sees."""
    from hub.service.roster import page, view  # noqa: PLC0415
    from hub.store.market import Grid  # noqa: PLC0415

    return len(view.to_come(page.look(s, s.get_one(Grid, row.grid), row, row.begins, CALENDAR, now)))


def cells(s: Session, row: Roster) -> set[tuple[str, date, str]]:
    """What stands in a roster."""
    return {(cell.person, cell.day, cell.shift) for cell in asked.cells_of(s, row.id)}
