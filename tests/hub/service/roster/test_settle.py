"""What people agree to on a roster: nobody alone, one of several, never the past, a leader besides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core import monthly
from hub.core.refuse import Refused
from hub.service.roster import cover, covered, offer, page, sick, watch
from hub.store.market import Grid
from hub.store.people import Grant
from hub.store.supervise import Notice
from tests.hub.service.roster.room import CALENDAR, EVE, FIRST, GUARDS, LAST, cells, published
from tests.hub.town import MARKET, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.service.roster.cover import Wanted
    from hub.store.roster import Cover, Roster

FIFTH = date(2026, 12, 5)
THIRD = "guard-1"
"""Free on the fifth, with rest enough to come in by day."""


def has(s: Session, row: Roster, day: date, shift: str) -> list[str]:
    return sorted(person for person, on, what in cells(s, row) if (on, what) == (day, shift))


def told(s: Session, who: str, step: str) -> list[str]:
    s.flush()
    where = (Notice.person == who, Notice.step.startswith(step))
    return list(s.scalars(select(Notice.words_en).where(*where).order_by(Notice.id)))


def ask(s: Session, row: Roster, who: str, absent: tuple[str, date], *wanted: Wanted) -> Cover:
    return cover.ask(s, actor(s, who), row.id, absent, wanted, CALENDAR, EVE)


def agree(s: Session, made: Cover, who: str, now: datetime = EVE) -> None:
    cover.answer(s, actor(s, who), made.id, CALENDAR, now, agrees=True)


def third(s: Session) -> Roster:
    """A roster that has one more on the fifth's day than there must be."""
    row = published(s)
    agree(s, ask(s, row, "shen", (THIRD, FIFTH), (THIRD, FIFTH, "day")), THIRD)
    return row


def empty(s: Session) -> tuple[Roster, str, list[str]]:
    """The fifth's night lacks one: who went, and who could come in."""
    row = published(s)
    person = next(one for one in has(s, row, FIFTH, "night") if one != "shen")
    sick.call(s, actor(s, person), row.id, person, [FIFTH], CALENDAR, EVE)
    found = offer.candidates(s, actor(s, "shen"), row.id, (FIFTH, "night"), person, CALENDAR, EVE)
    can = [one["person"]["id"] for one in found["people"] if one["can"]]
    return row, person, [one for one in can if one != "shen"]


def test_nobody_takes_a_day_off_alone_the_leader_is_asked(s: Session) -> None:
    row = third(s)
    made = ask(s, row, THIRD, (THIRD, FIFTH), (THIRD, FIFTH, None))
    assert (made.state, made.consents["shen"]) == ("asked", None)
    assert THIRD in has(s, row, FIFTH, "day")
    assert len(told(s, "shen", "roster.ask")) == 1
    agree(s, made, "shen")
    assert made.state == "agreed"
    assert THIRD not in has(s, row, FIFTH, "day")


def test_whoever_may_approve_needs_nobody_for_their_own_day(s: Session) -> None:
    row = third(s)
    made = ask(s, row, "shen", (THIRD, FIFTH), (THIRD, FIFTH, None))
    assert made.state == "agreed"


def test_a_workroom_without_a_leader_has_the_manager_asked(s: Session) -> None:
    row = third(s)
    s.get_one(Grid, "east").leader = None
    for grant in s.scalars(select(Grant).where(Grant.role == "leader", Grant.node == f"{MARKET}/east")):
        s.delete(grant)
    s.flush()
    made = ask(s, row, THIRD, (THIRD, FIFTH), (THIRD, FIFTH, None))
    assert [one for one, at in made.consents.items() if at is None] == ["zhou"]


def test_of_several_who_are_asked_for_one_gap_the_first_comes_and_the_others_hear_so(s: Session) -> None:
    row, person, can = empty(s)
    first, second = (ask(s, row, "shen", (person, FIFTH), (one, FIFTH, "night")) for one in can[:2])
    agree(s, first, can[0])
    assert (first.state, second.state) == ("agreed", "lapsed")
    assert told(s, can[1], "roster.lapsed")
    with pytest.raises(Refused, match="decided already"):
        agree(s, second, can[1])
    assert len(has(s, row, FIFTH, "night")) == 2


def test_the_same_question_again_is_the_first_one(s: Session) -> None:
    row, person, can = empty(s)
    first = ask(s, row, "shen", (person, FIFTH), (can[0], FIFTH, "night"))
    assert ask(s, row, "shen", (person, FIFTH), (can[0], FIFTH, "night")).id == first.id
    assert len(told(s, can[0], "roster.ask")) == 1
    with pytest.raises(Refused, match="Somebody else"):
        ask(s, row, "zhou", (person, FIFTH), (can[0], FIFTH, "night"))
    assert len(covered.open_of(s, row.id)) == 1


def swapped(s: Session, row: Roster, early: date, late: date) -> tuple[Cover, str]:
    """Somebody gives a late day for another's early one; who is asked."""
    had = {(person, day): shift for person, day, shift in cells(s, row)}
    for one in GUARDS:
        for other in sorted(set(GUARDS) - {one}):
            gives, takes = had.get((one, late)), had.get((other, early))
            if gives and takes and (one, early) not in had and (other, late) not in had:
                days = ((one, late, None), (other, late, gives), (other, early, None), (one, early, takes))
                try:
                    return ask(s, row, "shen", (one, late), *days), other
                except Refused:
                    continue
    raise AssertionError("Nobody can swap these days.")


def test_what_was_is_not_changed_by_who_agrees_late(s: Session) -> None:
    row = published(s)
    made, other = swapped(s, row, date(2026, 12, 6), date(2026, 12, 20))
    before = cells(s, row)
    tenth = datetime(2026, 12, 10, 4, tzinfo=EVE.tzinfo)
    for one in [one for one, at in made.consents.items() if at is None]:
        agree(s, made, one, tenth)
    assert (made.state, cells(s, row)) == ("lapsed", before)
    assert told(s, other, "roster.lapsed")


def test_a_question_lapses_when_the_first_of_its_shifts_is_over(s: Session) -> None:
    row = published(s)
    made, _ = swapped(s, row, date(2026, 12, 6), date(2026, 12, 20))
    watch.look(s, datetime(2026, 12, 5, 12, tzinfo=EVE.tzinfo))
    assert made.state == "asked"
    watch.look(s, datetime(2026, 12, 7, 1, tzinfo=EVE.tzinfo))
    assert made.state == "lapsed"


def headless(s: Session, row: Roster) -> tuple[Cover, str]:
    """Somebody who is no leader is to come in for a night's only one; who is asked by whom."""
    seen = page.look(s, s.get_one(Grid, "east"), row, FIRST, CALENDAR, EVE)
    lead = {one.person.id for one in seen.room.members if one.leader}
    for day in monthly.days(FIRST, LAST):
        (only, *more) = [one for one in has(s, row, day, "night") if one in lead] or [""]
        for other in sorted(set(GUARDS) - lead):
            if only in {"", "shen"} or more or other in has(s, row, day, "night"):
                continue
            try:
                return ask(s, row, only, (only, day), (other, day, "night")), other
            except Refused:
                continue
    raise AssertionError("No night has one leader whom another can stand in for.")


def test_a_night_loses_its_only_leader_only_if_the_grids_leader_agrees(s: Session) -> None:
    row = published(s)
    made, other = headless(s, row)
    assert made.consents["shen"] is None
    assert "without a leader" in told(s, "shen", "roster.ask")[0]
    agree(s, made, other)
    assert made.state == "asked"
    agree(s, made, "shen")
    assert made.state == "agreed"


def test_a_gap_that_grows_is_told_again(s: Session) -> None:
    row = published(s)
    one, other = has(s, row, FIFTH, "night")
    now = datetime(2026, 12, 3, 20, tzinfo=EVE.tzinfo)
    sick.call(s, actor(s, "shen"), row.id, one, [FIFTH], CALENDAR, EVE)
    assert watch.look(s, now) == 1
    sick.call(s, actor(s, "shen"), row.id, other, [FIFTH], CALENDAR, EVE)
    assert watch.look(s, now + timedelta(minutes=1)) == 1
    assert "2 missing, 0 of 2" in told(s, "shen", "thin.")[-1]
    assert watch.look(s, now + timedelta(minutes=2)) == 0
