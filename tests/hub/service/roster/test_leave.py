"""Leave and wishes: each counts once, nobody asks without end, and what was granted can be taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from hub.core.refuse import Refused
from hub.service.roster import leave, sick
from hub.service.roster.asked import room
from hub.store.market import Grid
from hub.store.supervise import Notice
from hub.store.turn import Leave
from tests.hub.service.roster.room import CALENDAR, DAY, EVE, FIRST, LAST, cells, published, staffed
from tests.hub.town import actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.roster import Wish

FIFTH = date(2026, 12, 5)


def ask(
    s: Session, who: str, kind: str, first: date, last: date | None = None, shift: str | None = None
) -> Leave:
    return leave.ask(s, actor(s, who), kind, (first, last or first), shift, EVE)


def wishes(s: Session, who: str) -> list[Wish]:
    found = room(s, s.get_one(Grid, "east"), (FIFTH,), CALENDAR).asked
    return list(next(one for one in found.guards if one.person == who).wishes)


def test_a_wish_counts_once_a_shift_however_often_it_is_said_and_the_last_word_holds(s: Session) -> None:
    staffed(s)
    ask(s, "qiu", "unwanted", FIRST, LAST, "night")
    ask(s, "qiu", "unwanted", FIFTH, LAST, "night")
    assert [(one.shift, one.wanted) for one in wishes(s, "qiu")] == [("night", False)]
    leave.ask(s, actor(s, "qiu"), "wanted", (FIFTH, FIFTH), "night", EVE + timedelta(minutes=1))
    assert [(one.shift, one.wanted) for one in wishes(s, "qiu")] == [("night", True)]


def test_the_same_is_not_asked_twice_and_nobody_asks_without_end(s: Session) -> None:
    staffed(s)
    first = ask(s, "qiu", "unwanted", FIFTH, shift="night")
    with pytest.raises(Refused, match="already"):
        ask(s, "qiu", "unwanted", FIFTH, shift="night")
    for number in range(1, leave.MOST_OPEN):
        ask(s, "qiu", "unwanted", FIFTH + number * DAY, shift="night")
    with pytest.raises(Refused, match="20 requests open"):
        ask(s, "qiu", "leave", FIFTH)
    ask(s, "jiang", "leave", FIFTH)
    leave.withdraw(s, actor(s, "qiu"), first.id, EVE)
    ask(s, "qiu", "unwanted", FIFTH, shift="night")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (FIFTH, FIFTH - DAY),
        (EVE.date() - DAY, FIFTH),
        (FIFTH, FIFTH + 62 * DAY),
        (EVE.date() + 367 * DAY, EVE.date() + 367 * DAY),
        (date.max, date.max),
    ],
)
def test_leave_is_of_few_days_that_are_near(s: Session, first: date, last: date) -> None:
    staffed(s)
    with pytest.raises(Refused, match="Choose days"):
        ask(s, "qiu", "leave", first, last)


def test_a_list_reads_what_its_reader_may_see_and_no_more(s: Session) -> None:
    staffed(s)
    own, wish = ask(s, "qiu", "leave", FIFTH), ask(s, "jiang", "unwanted", FIFTH)
    away = ask(s, "tao", "leave", FIFTH)
    ids = own.id, wish.id, away.id
    s.expunge_all()
    loaded: list[str] = []

    def note(row: Leave, _: object) -> None:
        loaded.append(row.id)

    event.listen(Leave, "load", note)
    try:
        assert [one["id"] for one in leave.listing(s, actor(s, "qiu"), EVE)] == [ids[0]]
        assert loaded == [ids[0]]
    finally:
        event.remove(Leave, "load", note)
    assert {one["id"] for one in leave.listing(s, actor(s, "shen"), EVE)} == set(ids[:2])
    assert ids[2] in {one["id"] for one in leave.listing(s, actor(s, "zhou"), EVE)}


def test_what_waits_and_ones_own_stand_in_a_list_however_long_it_is(
    s: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffed(s)
    waits, own = ask(s, "qiu", "leave", FIFTH), ask(s, "shen", "unwanted", FIFTH)
    for number in range(5):
        ask(s, "jiang", "unwanted", FIFTH + number * DAY)
    monkeypatch.setattr(leave, "MOST_SHOWN", 3)
    found = [one["id"] for one in leave.listing(s, actor(s, "shen"), EVE)]
    assert len(found) == 3
    assert {waits.id, own.id} <= set(found)


def test_a_sick_call_that_is_sent_twice_is_one_leave(s: Session) -> None:
    row = published(s)
    person = min(one for one, day, _ in cells(s, row) if day == FIFTH)
    for days in ([FIFTH], [FIFTH], [FIFTH, FIFTH + DAY]):
        sick.call(s, actor(s, person), row.id, person, days, CALENDAR, EVE)
    found = s.scalars(select(Leave).where(Leave.person == person).order_by(Leave.first))
    assert [(one.first, one.last) for one in found] == [(FIFTH, FIFTH), (FIFTH + DAY, FIFTH + DAY)]


def test_who_grants_leave_takes_it_back_too_and_its_person_hears(s: Session) -> None:
    row = published(s)
    person = next(one for one, day, _ in sorted(cells(s, row)) if day == FIFTH and one != "shen")
    sick.call(s, actor(s, "shen"), row.id, person, [FIFTH], CALENDAR, EVE)
    made = s.scalars(select(Leave).where(Leave.person == person)).one()
    (shown,) = leave.listing(s, actor(s, "shen"), EVE)
    assert shown["may_withdraw"] is True
    other = next(one for one in ("qiu", "jiang") if one != person)
    with pytest.raises(Refused, match="no such leave"):
        leave.withdraw(s, actor(s, other), made.id, EVE)
    leave.withdraw(s, actor(s, "shen"), made.id, EVE)
    assert made.state == "withdrawn"
    s.flush()
    told = select(Notice.person).where(Notice.step == "leave.withdrawn")
    assert s.scalars(told).all() == [person]
    waits = ask(s, person, "leave", LAST)
    with pytest.raises(Refused, match="granted or refused"):
        leave.withdraw(s, actor(s, "shen"), waits.id, EVE)
