"""Whom a workroom's roster reaches: nobody of another workroom or market, and everybody who stands in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from hub.core import monthly
from hub.core.refuse import Refused
from hub.core.roster import Cell
from hub.service import attendance, duty, handover
from hub.service.roster import cover, draw, loan, mine, offer, page, publish, right, sick
from hub.service.roster.asked import cells_of, room
from hub.store.duty import Crew, Duty
from hub.store.market import Grid, Market
from hub.store.people import Person
from hub.store.roster import Roster
from hub.store.staff import Certificate
from hub.store.supervise import Notice
from hub.store.turn import Leave
from tests.hub.service.roster.room import (
    CALENDAR,
    DAY,
    EVE,
    FIRST,
    LAST,
    MONTH,
    cycle,
    filled,
    gaps,
    published,
    staffed,
)
from tests.hub.town import MARKET, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FIFTH, ELEVENTH = date(2026, 12, 5), date(2026, 12, 11)
HOUR = timedelta(hours=1)


def stranger(s: Session) -> str:
    """Somebody of another market."""
    s.add(Market(id="other", name_zh="别处", name_en="Other", x0=0, y0=0, x1=1, y1=1, zone="UTC"))
    s.flush()
    names = {"name_zh": "外人", "name_en": "Stranger"}
    s.add(Person(id="out", market="other", login="out", password_hash="x", **names))
    s.flush()
    return "out"


@pytest.mark.parametrize("person", ["tao", "out", "nobody"])
def test_a_leader_calls_nobody_sick_who_is_not_of_the_workroom(s: Session, person: str) -> None:
    row = published(s)
    stranger(s)
    for act in (sick.call, sick.question):
        with pytest.raises(Refused, match="not on this roster"):
            act(s, actor(s, "shen"), row.id, person, [FIFTH], CALENDAR, EVE)
    assert s.scalars(select(Leave)).all() == []


@pytest.mark.parametrize("absent", ["tao", "out", "nobody"])
def test_nobody_covers_for_who_is_not_of_the_workroom(s: Session, absent: str) -> None:
    row = published(s)
    stranger(s)
    wanted = [("qiu", ELEVENTH, "day")]
    with pytest.raises(Refused, match="not on this roster"):
        cover.ask(s, actor(s, "shen"), row.id, (absent, FIFTH), wanted, CALENDAR, EVE)


def test_a_grid_without_a_crew_has_one_once_its_roster_holds_and_who_is_absent_is_told(s: Session) -> None:
    s.execute(update(Duty).values(crew=None))
    s.execute(delete(Crew).where(Crew.grid == "east"))
    row = published(s)
    nine = datetime(2026, 12, 5, 1, tzinfo=UTC)
    on = {one.crew.id for one in duty.now_on(s, MARKET, nine) if one.crew is not None}
    crew = s.scalars(select(Crew).where(Crew.grid == "east")).one()
    assert (on, crew.number) == ({crew.id}, 3)
    (now, *_) = [one["on"] for one in page.overview(s, actor(s, "shen"), MONTH, CALENDAR, nine)]
    assert len(now) == 2
    assert attendance.watch(s, nine) == 1
    assert s.scalars(select(Notice.person).where(Notice.step == "duty.absent")).all() == ["shen"]
    span = (nine - 8 * HOUR, nine + HOUR)
    kept = attendance.listing(s, actor(s, "shen"), span, None, nine)
    assert {one["grid"]["id"] for one in kept} == {"east"}
    here = mine(s, actor(s, now[0]["id"]), nine)
    assert here is not None
    assert here["now"]["grid"]["id"] == "east"
    assert {one.crew for one in s.scalars(select(Duty).where(Duty.roster == row.id))} == {crew.id}


def foreign(s: Session, grid: str, cell: Cell) -> Roster:
    """Another published roster that has this cell."""
    first, last = monthly.span(f"{cell.day:%Y-%m}")
    given = {"begins": first, "ends": last, "state": "published", "figures": {}, "base": None, "job": None}
    by = {"made_by": "zhou", "made_at": EVE, "published_by": "zhou", "published_at": EVE}
    row = Roster(id=f"{grid}-{cell.day:%Y-%m}", market=MARKET, grid=grid, **given, **by)
    s.add(row)
    s.flush()
    filled(s, row, [cell])
    return row


def broken(s: Session, row: Roster) -> set[tuple[str, str, date]]:
    seen = page.look(s, s.get_one(Grid, row.grid), row, row.begins, CALENDAR, EVE)
    return {(one.rule, one.person, one.day) for one in seen.checked.broken}


def test_a_roster_knows_what_other_grids_and_the_next_month_have_of_its_people(s: Session) -> None:
    row = published(s)
    assert broken(s, row) == set()
    had = cells_of(s, row.id)
    late = next(one for one in had if one.day == LAST and one.shift == "evening")
    twice = next(one for one in had if one.day == FIFTH and one.shift == "day")
    foreign(s, "east", Cell(late.person, LAST + DAY, "night"))
    foreign(s, "west", Cell(twice.person, FIFTH, "day"))
    assert broken(s, row) == {("rest_h", late.person, LAST + DAY), ("one_a_day", twice.person, FIFTH)}


def test_a_training_that_lapses_or_begins_in_the_month_makes_nobody_its_nights_leader(s: Session) -> None:
    staffed(s)
    held = {one.person: one for one in s.scalars(select(Certificate).where(Certificate.kind == "fire"))}
    lapses, begins, renewed, *_ = sorted(held)
    held[lapses].ends = FIFTH
    held[begins].begins = FIFTH
    held[renewed].ends = FIFTH
    again = Certificate(id="again", person=renewed, kind="fire", begins=FIFTH, ends=None)
    s.add(again)
    s.flush()
    here = room(s, s.get_one(Grid, "east"), monthly.days(FIRST, LAST), CALENDAR)
    heads = {one.person.id for one in here.members if one.leader}
    assert heads == {"shen", *held} - {lapses, begins}


def lent(s: Session) -> Roster:
    """The eastern December, in which tao of the western workroom has the day of the fifth."""
    staffed(s)
    made = loan.ask(s, actor(s, "shen"), "tao", "east", (FIFTH, FIFTH), EVE)
    loan.answer(s, actor(s, "tao"), made.id, EVE, agrees=True)
    loan.answer(s, actor(s, "zhou"), made.id, EVE, agrees=True)
    row = draw.begin(s, actor(s, "shen"), "east", MONTH, EVE)
    filled(s, row, [*cycle(), Cell("tao", FIFTH, "day")])
    with pytest.raises(Refused, match="no such roster"):
        right.seen(s, actor(s, "tao"), row.id)
    return publish.publish(s, actor(s, "shen"), row.id, row.revision, gaps(s, row, EVE), CALENDAR, EVE)


def test_who_is_lent_reads_covers_and_calls_off_in_the_roster_they_stand_in_and_changes_nothing(
    s: Session,
) -> None:
    row = lent(s)
    tao = actor(s, "tao")
    publish.read(s, tao, row.id, EVE)
    with pytest.raises(Refused):
        cover.ask(s, tao, row.id, ("qiu", FIFTH), [("tao", FIFTH, "evening")], CALENDAR, EVE)
    found = offer.candidates(s, tao, row.id, (FIFTH, "day"), "tao", CALENDAR, EVE)["people"]
    comes = next(one["person"]["id"] for one in found if one["can"])
    asked = cover.ask(s, tao, row.id, ("tao", FIFTH), [(comes, FIFTH, "day")], CALENDAR, EVE)
    cover.withdraw(s, tao, asked.id, EVE)
    sick.call(s, tao, row.id, "tao", [FIFTH], CALENDAR, EVE)
    assert not [one for one in cells_of(s, row.id) if one.person == "tao"]
    assert right.seen(s, tao, row.id) == row


def test_who_is_lent_hands_over_where_their_duty_is_and_only_then(s: Session) -> None:
    lent(s)
    tao, begins = actor(s, "tao"), datetime(2026, 12, 5, tzinfo=UTC)
    here = mine(s, tao, begins + HOUR)
    assert here is not None
    assert {one["grid"] for one in here["handovers"]} == {"east", "west"}
    handover.give(s, tao, "east", "", {}, begins + 7.5 * HOUR)
    with pytest.raises(Refused):
        handover.book(s, tao, "east", begins + 9 * HOUR)
