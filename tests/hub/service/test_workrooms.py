"""Workrooms with what they lack, letters of appointment, and the four levels above one another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.core import level as levels
from hub.core import workroom as words
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import appointment, level, workroom
from hub.service.workroom import Given
from hub.store.evidence import Line
from hub.store.market import Grid
from hub.store.people import Person
from hub.store.workroom import Appointment
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
ROOM = Given(Pair("东格治安工作室", "Workroom East"), "一层", "0571 8800 2101")


def room(s: Session, who: str = "shen", later: timedelta = 0 * DAY) -> dict[str, Any]:
    s.flush()
    return workroom.listing(s, actor(s, who), NOON + later)[0]


def test_a_workroom_is_ready_with_five_items_and_says_what_it_lacks(s: Session) -> None:
    shen = actor(s, "shen")
    assert room(s)["room"] is None
    workroom.put(s, shen, "east", ROOM, NOON)
    assert room(s)["missing"] == list(words.ITEM)
    for item in words.ITEM:
        workroom.tick(s, shen, "east", item, ready=item != "rules", note="", now=NOON)
    assert room(s)["missing"] == ["rules"]
    workroom.tick(s, shen, "east", "rules", ready=True, note="已上墙", now=NOON + DAY)
    found = room(s)
    assert found["missing"] == []
    assert [item["by"]["id"] for item in found["items"]] == ["shen"] * 5


def test_what_was_ticked_ninety_days_ago_is_to_be_looked_at_again(s: Session) -> None:
    shen = actor(s, "shen")
    workroom.put(s, shen, "east", ROOM, NOON)
    workroom.tick(s, shen, "east", "sign", ready=True, note="", now=NOON)
    stale = [[item["stale"] for item in room(s, later=days * DAY)["items"]] for days in (89, 90)]
    assert stale == [[False] * 5, [False, True, False, False, False]]


def test_a_grid_without_a_workroom_and_an_item_that_is_none_are_refused(s: Session) -> None:
    shen = actor(s, "shen")
    with pytest.raises(Refused, match="Enter it first"):
        workroom.tick(s, shen, "east", "sign", ready=True, note="", now=NOON)
    workroom.put(s, shen, "east", ROOM, NOON)
    with pytest.raises(Refused, match="Choose one of"):
        workroom.tick(s, shen, "east", "sofa", ready=True, note="", now=NOON)


@pytest.mark.parametrize(
    ("who", "grid"), [("shen", "west"), ("qiu", "east"), ("li", "east"), ("jia", "east")]
)
def test_others_do_not_change_it_and_everybody_may_read_it(s: Session, who: str, grid: str) -> None:
    with pytest.raises(Refused, match="This is for"):
        workroom.put(s, actor(s, who), grid, ROOM, NOON)
    assert [one["grid"]["id"] for one in workroom.listing(s, actor(s, who), NOON)] == ["east", "west"]


# Letters


def appointed(
    s: Session,
    person: str,
    office: str = "leader",
    first: int = 0,
    days: int | None = None,
    who: str = "zhou",
) -> Appointment:
    begins = TODAY + first * DAY
    span = (begins, None if days is None else begins + days * DAY)
    made = appointment.make(s, actor(s, who), person, office, "west", span, NOON)
    s.flush()
    return made


def leader(s: Session) -> str | None:
    return s.get_one(Grid, "west").leader


def test_a_letter_has_a_number_of_the_year_and_its_person_leads_from_its_first_day(s: Session) -> None:
    first, later = appointed(s, "tao"), appointed(s, "jiang", "deputy")
    assert [first.number, later.number] == ["2026-0001", "2026-0002"]
    assert leader(s) == "tao"
    told = appointment.letter(s, actor(s, "li"), first.id, NOON)
    assert (told["office"]["zh"], told["grid"]["name"]["zh"], told["market"]["en"]) == (
        "网格长",
        "西格",
        "Yunda Market",
    )
    assert told["granted"] is False


def test_whoever_leads_ends_the_day_before_and_the_next_begins_by_itself(s: Session) -> None:
    old = appointed(s, "tao")
    appointed(s, "qiu", first=10)
    assert old.ends == TODAY + 9 * DAY
    assert [appointment.keep(s, NOON + days * DAY) for days in (9, 10)] == [0, 1]
    assert leader(s) == "qiu"


def test_a_term_that_is_over_leaves_the_grid_without_a_leader_and_it_shows(s: Session) -> None:
    appointed(s, "tao", days=30)
    assert appointment.keep(s, NOON + 31 * DAY) == 1
    assert leader(s) is None
    (row,) = appointment.listing(s, actor(s, "zhou"), NOON + 31 * DAY)
    assert row["standing"]["id"] == "over"


def test_a_leader_without_a_letter_stays_while_a_deputy_or_a_later_leader_is_appointed(s: Session) -> None:
    s.get_one(Grid, "west").leader = "tao"
    appointed(s, "jiang", "deputy")
    later = appointed(s, "qiu", first=10)
    assert [leader(s), appointment.keep(s, NOON + 9 * DAY), leader(s)] == ["tao", 0, "tao"]
    appointment.revoke(s, actor(s, "zhou"), later.id, NOON)
    s.flush()
    assert [appointment.keep(s, NOON + 10 * DAY), leader(s)] == [0, "tao"]


def test_a_later_letter_is_not_overrun_and_one_person_does_not_stand_in_for_themselves(s: Session) -> None:
    appointed(s, "tao", first=10)
    with pytest.raises(Refused, match="2026-0001"):
        appointed(s, "qiu")
    appointed(s, "qiu", days=9)
    with pytest.raises(Refused, match="two people"):
        appointed(s, "qiu", "deputy")
    appointed(s, "qiu", "deputy", first=10)


def test_nobody_appoints_themselves_not_even_past_the_service(s: Session) -> None:
    with pytest.raises(Refused, match="Nobody appoints themselves"):
        appointed(s, "zhou")
    s.add(
        Appointment(
            id="x",
            market="yunda",
            number="0",
            grid="west",
            office="leader",
            person="zhou",
            begins=TODAY,
            made_at=NOON,
            made_by="zhou",
        )
    )
    with pytest.raises(IntegrityError):
        s.flush()


def test_who_has_left_is_not_appointed_and_others_appoint_nobody(s: Session) -> None:
    s.get_one(Person, "tao").active = False
    with pytest.raises(Refused, match="has left"):
        appointed(s, "tao")
    with pytest.raises(Refused, match="last day lies before"):
        appointed(s, "qiu", days=-1)
    with pytest.raises(Refused, match="This is for"):
        appointed(s, "qiu", who="shen")


def test_a_revoked_letter_ends_at_once_and_stays_on_the_list(s: Session) -> None:
    made = appointed(s, "tao")
    appointment.revoke(s, actor(s, "zhou"), made.id, NOON)
    s.flush()
    assert leader(s) is None
    assert [row["revoked"] for row in appointment.listing(s, actor(s, "zhou"), NOON)] == [True]
    with pytest.raises(Refused, match="over already"):
        appointment.revoke(s, actor(s, "zhou"), made.id, NOON)
    lines = s.scalars(select(Line.act).where(Line.act.startswith("appoint")).order_by(Line.id)).all()
    assert lines == ["appoint.make", "appoint.end"]


# Levels


def test_four_levels_each_with_its_own_tasks_and_who_answers_for_it(s: Session) -> None:
    appointed(s, "tao")
    found = {one["id"]: one for one in level.listing(s, actor(s, "li"), NOON)}
    assert list(found) == ["grid", "market", "street", "district"]
    east, west = found["grid"]["places"]
    assert [one["id"] for one in east["people"]] == ["shen"]
    assert [one["en"] for one in east["unlettered"]] == ["Grid leader", "Deputy grid leader"]
    assert [(one["id"], one["letter"] is not None) for one in west["people"]] == [("tao", True)]
    assert [one["id"] for one in found["market"]["places"][0]["people"]] == ["zhou"]
    assert found["district"]["places"] == []


def test_no_task_stands_at_two_levels_and_each_level_has_some() -> None:
    tasks = [task.words.zh for each in levels.LEVEL for task in levels.TASKS[each]]
    assert len(tasks) == len(set(tasks))
    assert all(levels.TASKS[each] for each in levels.LEVEL)
    assert {task.every for each in levels.TASKS.values() for task in each} <= set(levels.EVERY)


MONTHS = st.tuples(
    st.sampled_from(["tao", "qiu", "jiang", "li"]),
    st.sampled_from(["leader", "deputy"]),
    st.integers(-20, 60),
    st.one_of(st.none(), st.integers(0, 40)),
    st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MONTHS, max_size=6))
def test_on_no_day_has_a_grid_two_leaders_or_one_person_in_both_offices(
    s: Session, acts: list[tuple[str, str, int, int | None, bool]]
) -> None:
    with s.begin_nested() as undo:
        for person, office, first, days, revoked in acts:
            try:
                made = appointed(s, person, office, first, days)
            except Refused:
                continue
            if revoked and (made.ends is None or made.ends >= TODAY):
                appointment.revoke(s, actor(s, "zhou"), made.id, NOON)
                s.flush()
        letters = appointment.standing_at(s, "west")
        for day in (TODAY + number * DAY for number in range(-25, 105)):
            now = [row for row in letters if row.begins <= day and (row.ends is None or day <= row.ends)]
            assert len({row.office for row in now}) == len(now)
            assert len({row.person for row in now}) == len(now)
        undo.rollback()
    s.expire_all()
