"""Whom a workroom's roster reaches: nobody of another workroom or market, and everybody who stands in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from hub.core.refuse import Refused
from hub.service import attendance, duty
from hub.service.roster import cover, mine, page, sick
from hub.store.duty import Crew, Duty
from hub.store.market import Market
from hub.store.people import Person
from hub.store.supervise import Notice
from hub.store.turn import Leave
from tests.hub.service.roster.room import CALENDAR, EVE, MONTH, published
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
