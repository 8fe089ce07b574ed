"""A workroom's roster from draft to duty: by hand, published, read, covered, swapped, lent, told ahead."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.core.roster_offer import offers
from hub.service import workday
from hub.service.roster import (
    cover,
    covered,
    draw,
    leave,
    loan,
    mine,
    offer,
    page,
    publish,
    right,
    sick,
    view,
    watch,
)
from hub.service.roster.asked import cells_of, room, values
from hub.store.duty import Duty
from hub.store.evidence import Line
from hub.store.market import Grid
from hub.store.people import Person
from hub.store.roster import Cover, Roster, RosterCell, RosterRead
from hub.store.supervise import Notice
from hub.store.turn import Leave
from tests.hub.service.roster.room import (
    CALENDAR,
    DAY,
    EVE,
    FIRST,
    GUARDS,
    LAST,
    MONTH,
    Weekends,
    cells,
    cycle,
    filled,
    gaps,
    published,
    staffed,
)
from tests.hub.town import actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FIFTH = date(2026, 12, 5)
HOUR = timedelta(hours=1)


def month(s: Session, who: str = "shen", now: datetime = EVE, *, draft: bool = False) -> dict[str, Any]:
    return page.month(s, actor(s, who), "east", MONTH, CALENDAR, now, draft=draft)


def on_duty(s: Session, row: Roster) -> set[tuple[str, datetime]]:
    s.flush()
    return {(one.person, one.begins) for one in s.scalars(select(Duty).where(Duty.roster == row.id))}


def stands(s: Session, row: Roster) -> set[tuple[str, datetime]]:
    """What the duties of a roster that was published before its month should be."""
    from hub.service.roster import duties  # noqa: PLC0415

    return {(one.person, one.begins) for one in duties.stood(s, row)}


def told(s: Session, step: str) -> set[str]:
    s.flush()
    return {str(one) for one in s.scalars(select(Notice.person).where(Notice.step == step))}


def has(s: Session, row: Roster, day: date, shift: str) -> list[str]:
    return sorted(person for person, on, what in cells(s, row) if (on, what) == (day, shift))


def drawn(s: Session) -> Roster:
    staffed(s)
    row = draw.begin(s, actor(s, "shen"), "east", MONTH, EVE)
    filled(s, row, cycle())
    return row


# Drafts


def test_a_draft_is_seen_by_who_draws_it_up_and_by_nobody_else(s: Session) -> None:
    row = drawn(s)
    assert month(s)["state"] == "none"
    shown = month(s, draft=True)
    assert (shown["state"], shown["id"], len(shown["people"])) == ("draft", row.id, 10)
    assert month(s, "qiu", draft=True)["state"] == "none"
    with pytest.raises(Refused, match="no such roster"):
        right.seen(s, actor(s, "qiu"), row.id)
    with pytest.raises(Refused, match="This is for"):
        draw.begin(s, actor(s, "shen"), "west", MONTH, EVE)


def test_a_hand_edit_says_at_once_which_rule_it_breaks_and_which_gap_it_opens(s: Session) -> None:
    row, grid = drawn(s), s.get_one(Grid, "east")
    before = page.look(s, grid, row, FIRST, CALENDAR, EVE)
    night = has(s, row, FIFTH, "night")[0]
    draw.put(s, actor(s, "shen"), row.id, 1, (night, FIFTH, "day"), EVE)
    found = view.compared(before, page.look(s, grid, row, FIRST, CALENDAR, EVE))
    assert ("2026-12-05", "night", 1) in {
        (gap["day"], gap["shift"], gap["missing"]) for gap in found["opened"]
    }
    day = has(s, row, FIFTH, "day")[0]
    draw.put(s, actor(s, "shen"), row.id, 2, (day, FIFTH + DAY, "night"), EVE)
    shown = month(s, draft=True)
    assert ("rest_h", day) in {(one["rule"]["id"], one["person"]) for one in shown["broken"]}
    with pytest.raises(Refused, match="meanwhile"):
        draw.put(s, actor(s, "shen"), row.id, 1, (day, FIFTH, None), EVE)


def test_there_is_one_draft_of_a_month_and_none_of_a_month_that_is_over(s: Session) -> None:
    drawn(s)
    with pytest.raises(Refused, match="There is a draft"):
        draw.begin(s, actor(s, "shen"), "east", MONTH, EVE)
    with pytest.raises(Refused, match="over"):
        draw.begin(s, actor(s, "shen"), "east", "2026-10", EVE)


def test_the_page_counts_shifts_and_says_how_fair_it_is(s: Session) -> None:
    published(s)
    shown = month(s, "qiu")
    assert {total["count"] for total in shown["totals"]} == {2}
    assert shown["gaps"] == shown["broken"] == shown["bare"] == []
    nights = next(one for one in shown["fairness"] if one["id"] == "nights")
    assert (nights["spread"], nights["target"], nights["over"]) == (1.0, 1.0, 0.0)
    assert sum(len(one["cells"]) for one in shown["people"]) == 6 * 31
    assert shown["days"][4] == {"day": "2026-12-05", "off": True, "today": False}


# Publishing


def test_what_is_published_is_who_is_on_duty_and_everybody_is_told(s: Session) -> None:
    row = published(s)
    assert on_duty(s, row) == stands(s, row)
    assert len(on_duty(s, row)) == 6 * 31
    assert told(s, "roster.published") == set(GUARDS)
    assert {one["read_at"] for one in month(s)["people"]} == {None}
    publish.read(s, actor(s, "qiu"), row.id, EVE + HOUR)
    assert s.get_one(RosterRead, (row.id, "qiu")).read_at == EVE + HOUR
    with pytest.raises(Refused, match="not on this roster"):
        publish.read(s, actor(s, "zhou"), row.id, EVE)


def test_publishing_again_changes_only_what_is_to_come_and_tells_only_whom_it_concerns(s: Session) -> None:
    first = published(s)
    publish.read(s, actor(s, "jiang"), first.id, EVE)
    now = datetime.combine(FIFTH, datetime.min.time(), EVE.tzinfo)  # 08:00 in Shanghai
    was = {one for one in on_duty(s, first) if one[1] <= now}
    draft = draw.begin(s, actor(s, "shen"), "east", MONTH, now)
    busy = {person for person, day, _ in cells(s, draft) if day == LAST} | {"jiang"}
    room = page.look(s, s.get_one(Grid, "east"), draft, FIRST, CALENDAR, now).room
    some = offers(room.asked, values(cells_of(s, draft.id)), LAST, "day")
    free = next(one.person for one in some if not one.broken and one.person not in busy)
    draw.put(s, actor(s, "shen"), draft.id, 1, (free, LAST, "day"), now)
    s.query(Notice).delete()
    again = publish.publish(s, actor(s, "shen"), draft.id, 2, gaps(s, draft, now), CALENDAR, now)
    assert (first.state, again.state) == ("replaced", "published")
    assert {one for one in on_duty(s, first) | on_duty(s, again) if one[1] <= now} == was
    assert {one for one in on_duty(s, again) if one[1] > now} == {
        one for one in stands(s, again) if one[1] > now
    }
    assert told(s, "roster.published") == {free}
    assert s.get_one(RosterRead, (again.id, "jiang")).read_at == EVE


def test_what_breaks_somebodys_rest_or_leaves_a_shift_empty_is_not_published(s: Session) -> None:
    row = drawn(s)
    evening = has(s, row, FIFTH, "evening")[0]
    draw.put(s, actor(s, "shen"), row.id, 1, (evening, FIFTH + DAY, "night"), EVE)
    with pytest.raises(Refused, match="Change that first"):
        publish.publish(s, actor(s, "shen"), row.id, 2, 0, CALENDAR, EVE)
    draw.put(s, actor(s, "shen"), row.id, 2, (evening, FIFTH + DAY, "evening"), EVE)
    for number, person in enumerate(has(s, row, FIFTH, "day")):
        draw.put(s, actor(s, "shen"), row.id, 3 + number, (person, FIFTH, None), EVE)
    with pytest.raises(Refused, match="Nobody is there on 5 Dec, Day"):
        publish.publish(s, actor(s, "shen"), row.id, 5, 1, CALENDAR, EVE)


def test_gaps_are_published_only_by_who_saw_them(s: Session) -> None:
    row = drawn(s)
    draw.put(s, actor(s, "shen"), row.id, 1, (has(s, row, FIFTH, "day")[0], FIFTH, None), EVE)
    with pytest.raises(Refused, match="1 gaps to come, and you saw 0"):
        publish.publish(s, actor(s, "shen"), row.id, 2, 0, CALENDAR, EVE)
    publish.publish(s, actor(s, "shen"), row.id, 2, 1, CALENDAR, EVE)
    assert month(s)["gaps"][0]["words"]["zh"] == "12月5日 白班缺 1 人：最少 2 人，现有 1 人"


def test_a_year_that_the_calendar_does_not_know_is_a_question_and_never_a_guess(s: Session) -> None:
    staffed(s)
    row = draw.begin(s, actor(s, "shen"), "east", "2027-01", EVE)
    shown = page.month(s, actor(s, "shen"), "east", "2027-01", CALENDAR, EVE, draft=True)
    assert [one["year"] for one in shown["calendars"]] == [2027]
    assert {day["off"] for day in shown["days"]} == {None}
    with pytest.raises(Refused, match="days off of 2027 are not known"):
        publish.publish(s, actor(s, "shen"), row.id, 1, 0, CALENDAR, EVE)
    off = sorted(date(2027, 1, 1) + number * DAY for number in range(365) if number % 7 in (1, 2))
    with pytest.raises(Refused, match="Enter every day off"):
        workday.put(s, actor(s, "zhou"), 2027, off[:9], EVE)
    with pytest.raises(Refused, match="market manager"):  # a grid's leader leads one grid of the market
        workday.put(s, actor(s, "shen"), 2027, off, EVE)
    workday.put(s, actor(s, "zhou"), 2027, off, EVE)
    assert workday.year(s, actor(s, "qiu"), 2027, CALENDAR)["source"] == "market"
    shown = page.month(s, actor(s, "shen"), "east", "2027-01", CALENDAR, EVE, draft=True)
    assert {day["off"] for day in shown["days"]} == {True, False}


# Sick calls, covers, swaps


def called(s: Session, row: Roster, who: str = "shen") -> tuple[str, list[dict[str, Any]]]:
    """Whoever has the fifth's night first cannot come; the gaps."""
    person = has(s, row, FIFTH, "night")[0]
    return person, sick.call(s, actor(s, who), row.id, person, [FIFTH], CALENDAR, EVE)


def test_a_sick_call_opens_the_gap_at_once_and_keeps_no_reason(s: Session) -> None:
    row = published(s)
    person, opened = called(s, row)
    assert [(one["day"], one["shift"], one["missing"]) for one in opened if not one["leader"]] == [
        ("2026-12-05", "night", 1)
    ]
    assert on_duty(s, row) == stands(s, row)
    assert told(s, "roster.absent") == {"shen"}
    leave = s.scalars(select(Leave).where(Leave.person == person)).one()
    assert (leave.reason, leave.state) == ("", "granted")
    cell = next(one for one in month(s)["people"] if one["id"] == person)["cells"]
    assert {"day": "2026-12-05", "state": "leave", "shift": None} in cell


def test_who_can_cover_stands_first_with_rest_and_the_others_with_a_reason(s: Session) -> None:
    row = published(s)
    person, _ = called(s, row)
    found = offer.candidates(s, actor(s, "shen"), row.id, (FIFTH, "night"), person, CALENDAR, EVE)["people"]
    can = [one["can"] for one in found]
    assert can == sorted(can, reverse=True)
    assert any(can)
    assert not all(can)
    assert all(
        one["rest"]["before_h"] is None or one["rest"]["before_h"] >= 11 for one in found if one["can"]
    )
    assert all(one["why"] for one in found if not one["can"])
    assert person not in {one["person"]["id"] for one in found}


def asked(s: Session, row: Roster) -> tuple[Cover, str, str]:
    person, _ = called(s, row)
    found = offer.candidates(s, actor(s, "shen"), row.id, (FIFTH, "night"), person, CALENDAR, EVE)["people"]
    other = next(one["person"]["id"] for one in found if one["person"]["id"] != "shen")
    made = cover.ask(s, actor(s, "shen"), row.id, (person, FIFTH), [(other, FIFTH, "night")], CALENDAR, EVE)
    return made, person, other


def test_a_cover_holds_once_who_was_asked_agrees_and_then_duties_say_so(s: Session) -> None:
    row = published(s)
    made, person, other = asked(s, row)
    assert other not in has(s, row, FIFTH, "night")
    assert told(s, "roster.ask") == {other}
    assert [one["id"] for one in (mine(s, actor(s, other), EVE) or {})["covers"]] == [made.id]
    with pytest.raises(Refused, match="You were not asked"):
        cover.answer(s, actor(s, person), made.id, CALENDAR, EVE, agrees=True)
    cover.answer(s, actor(s, other), made.id, CALENDAR, EVE, agrees=True)
    assert made.state == "agreed"
    assert other in has(s, row, FIFTH, "night")
    assert on_duty(s, row) == stands(s, row)
    cell = s.scalars(select(RosterCell).where(RosterCell.covers.is_not(None))).one()
    assert (cell.person, cell.covers) == (other, person)
    assert {person, other, "shen"} <= told(s, "roster.agreed")
    with pytest.raises(Refused, match="decided already"):
        cover.answer(s, actor(s, other), made.id, CALENDAR, EVE, agrees=True)


def test_who_declines_changes_nothing_and_the_leader_hears(s: Session) -> None:
    row = published(s)
    made, _, other = asked(s, row)
    before = cells(s, row)
    cover.answer(s, actor(s, other), made.id, CALENDAR, EVE, agrees=False)
    assert (made.state, cells(s, row)) == ("declined", before)
    assert "shen" in told(s, "roster.declined")


def test_two_swap_when_both_agree_and_a_swap_that_breaks_rest_is_refused(s: Session) -> None:
    row = published(s)
    days, evenings = set(has(s, row, FIFTH, "day")), set(has(s, row, FIFTH, "evening"))
    (one,) = days & set(has(s, row, FIFTH + DAY, "evening"))
    (other,) = evenings & set(has(s, row, FIFTH - DAY, "day"))
    (tired,) = days - {one}
    both = [(tired, FIFTH, "evening"), (other, FIFTH, "day")]
    with pytest.raises(Refused, match="8 h of rest"):
        cover.ask(s, actor(s, tired), row.id, (tired, FIFTH), both, CALENDAR, EVE)
    both = [(one, FIFTH, "evening"), (other, FIFTH, "day")]
    made = cover.ask(s, actor(s, one), row.id, (one, FIFTH), both, CALENDAR, EVE)
    assert set(has(s, row, FIFTH, "day")) == days
    cover.answer(s, actor(s, other), made.id, CALENDAR, EVE, agrees=True)
    assert one in has(s, row, FIFTH, "evening")
    assert other in has(s, row, FIFTH, "day")
    assert on_duty(s, row) == stands(s, row)


def test_nobody_swaps_for_others_and_a_change_that_leaves_a_shift_short_is_refused(s: Session) -> None:
    row = published(s)
    one, other = has(s, row, FIFTH, "day")
    with pytest.raises(Refused, match="This is for"):
        cover.ask(s, actor(s, one), row.id, (other, FIFTH), [(one, FIFTH, None)], CALENDAR, EVE)
    with pytest.raises(Refused, match="short"):
        cover.ask(
            s, actor(s, one), row.id, (one, FIFTH), [(one, FIFTH, None), (other, FIFTH, None)], CALENDAR, EVE
        )


def test_what_was_asked_before_a_new_roster_lapses_and_is_told(s: Session) -> None:
    row = published(s)
    made, _, other = asked(s, row)
    draft = draw.begin(s, actor(s, "shen"), "east", MONTH, EVE)
    publish.publish(s, actor(s, "shen"), draft.id, 1, gaps(s, draft, EVE), CALENDAR, EVE)
    assert made.state == "lapsed"
    assert other in told(s, "roster.lapsed")


def test_a_draft_begun_before_a_sick_call_is_not_published_over_it(s: Session) -> None:
    row = published(s)
    draft = draw.begin(s, actor(s, "shen"), "east", MONTH, EVE)
    called(s, row)
    with pytest.raises(Refused, match="begin it anew"):
        publish.publish(s, actor(s, "shen"), draft.id, 1, 0, CALENDAR, EVE)


def test_who_falls_ill_in_the_middle_of_a_shift_goes_now_and_who_covers_comes_now(s: Session) -> None:
    row = published(s)
    now = datetime(2026, 12, 5, 3, 0, tzinfo=EVE.tzinfo)  # 11:00 in Shanghai
    person = has(s, row, FIFTH, "day")[0]
    sick.call(s, actor(s, person), row.id, person, [FIFTH], CALENDAR, now)
    gone = s.scalars(
        select(Duty).where(Duty.person == person, Duty.begins <= now, Duty.roster == row.id)
    ).all()
    assert max(one.ends for one in gone) == now
    found = offer.candidates(s, actor(s, "shen"), row.id, (FIFTH, "day"), person, CALENDAR, now)["people"]
    other = next(one["person"]["id"] for one in found if one["can"] and one["person"]["id"] != "shen")
    made = cover.ask(s, actor(s, "shen"), row.id, (person, FIFTH), [(other, FIFTH, "day")], CALENDAR, now)
    cover.answer(s, actor(s, other), made.id, CALENDAR, now + HOUR, agrees=True)
    comes = s.scalars(select(Duty).where(Duty.person == other, Duty.begins == now + HOUR)).one()
    assert comes.ends == datetime(2026, 12, 5, 8, 0, tzinfo=EVE.tzinfo)


# Leave


def test_leave_is_granted_by_the_leader_and_its_shifts_are_gaps_at_once(s: Session) -> None:
    row = published(s)
    person = next(one for one in has(s, row, FIFTH, "night") if one != "shen")
    made = leave.ask(s, actor(s, person), "leave", (FIFTH, FIFTH + DAY), None, EVE)
    assert told(s, "leave.asked") == {"shen"}
    assert person in has(s, row, FIFTH, "night")
    with pytest.raises(Refused, match="This is for"):
        leave.decide(s, actor(s, person), made.id, "granted", EVE)
    leave.decide(s, actor(s, "shen"), made.id, "granted", EVE)
    assert {day for one, day, _ in cells(s, row) if one == person} & {FIFTH, FIFTH + DAY} == set()
    assert on_duty(s, row) == stands(s, row)
    assert told(s, "leave.granted") == {person}
    with pytest.raises(Refused, match="nothing to decide"):
        leave.decide(s, actor(s, "shen"), made.id, "refused", EVE)
    own = leave.ask(s, actor(s, "shen"), "leave", (LAST, LAST), None, EVE)
    with pytest.raises(Refused, match="their own leave"):
        leave.decide(s, actor(s, "shen"), own.id, "granted", EVE)
    leave.decide(s, actor(s, "zhou"), own.id, "refused", EVE)
    assert [one["state"]["id"] for one in leave.listing(s, actor(s, person), EVE)] == ["granted"]
    assert len(leave.listing(s, actor(s, "shen"), EVE)) == 2


def test_a_wish_is_asked_of_the_solver_and_decided_by_nobody(s: Session) -> None:
    staffed(s)
    made = leave.ask(s, actor(s, "qiu"), "unwanted", (FIFTH, FIFTH), "night", EVE)
    found = room(s, s.get_one(Grid, "east"), (FIFTH,), CALENDAR).asked
    (wish,) = next(one for one in found.guards if one.person == "qiu").wishes
    assert (wish.day, wish.shift, wish.wanted) == (FIFTH, "night", False)
    with pytest.raises(Refused, match="nothing to decide"):
        leave.decide(s, actor(s, "shen"), made.id, "granted", EVE)
    leave.withdraw(s, actor(s, "qiu"), made.id, EVE)
    with pytest.raises(Refused, match="no workroom"):
        leave.ask(s, actor(s, "li"), "leave", (FIFTH, FIFTH), None, EVE)


# Loans


def test_a_loan_holds_once_the_person_and_the_workroom_that_lends_agree(s: Session) -> None:
    staffed(s)
    made = loan.ask(s, actor(s, "shen"), "tao", "east", (FIFTH, FIFTH + 2 * DAY), EVE)
    assert "tao" in told(s, "loan.asked")
    loan.answer(s, actor(s, "tao"), made.id, EVE, agrees=True)
    assert made.state == "asked"
    with pytest.raises(Refused, match="This is for"):
        loan.answer(s, actor(s, "shen"), made.id, EVE, agrees=True)
    loan.answer(s, actor(s, "zhou"), made.id, EVE, agrees=True)
    assert made.state == "agreed"
    draw.begin(s, actor(s, "shen"), "east", MONTH, EVE)
    guest = next(one for one in month(s, draft=True)["people"] if one["id"] == "tao")
    assert guest["lent_by"]["id"] == "west"
    with pytest.raises(Refused, match="lent in these days already"):
        loan.ask(s, actor(s, "shen"), "tao", "east", (FIFTH, FIFTH), EVE)


def test_who_is_lent_away_has_no_shift_at_home_and_the_gap_shows(s: Session) -> None:
    row = published(s)
    person = next(one for one in has(s, row, FIFTH, "night") if one != "shen")
    made = loan.ask(s, actor(s, "zhou"), person, "west", (FIFTH, FIFTH), EVE)
    loan.answer(s, actor(s, person), made.id, EVE, agrees=True)
    loan.answer(s, actor(s, "shen"), made.id, EVE, agrees=True)
    assert person not in has(s, row, FIFTH, "night")
    assert on_duty(s, row) == stands(s, row)
    cell = next(one for one in month(s)["people"] if one["id"] == person)["cells"]
    assert next(one for one in cell if one["day"] == "2026-12-05")["state"] == "lent"
    loan.end(s, actor(s, "shen"), made.id, EVE)
    assert made.state == "ended"


# What the clock sees


def test_minutes_that_nobody_covers_are_told_before_they_come_and_once(s: Session) -> None:
    row = published(s)
    person, _ = called(s, row)
    s.flush()
    assert watch.look(s, EVE) == 0
    before = datetime(2026, 12, 3, 20, 0, tzinfo=EVE.tzinfo)
    assert watch.look(s, before) == 1
    assert watch.look(s, before + HOUR) == 0
    assert watch.look(s, before + 12 * HOUR) == 1, "near, it is told once more"
    words = s.scalars(select(Notice).where(Notice.step.startswith("thin."))).first()
    assert words is not None
    assert "12月5日夜班 00:00–08:00 缺 1 人，最少 2 人，现有 1 人" in words.words_zh
    assert person


def test_coverage_is_told_from_duties_whatever_the_roster_says(s: Session) -> None:
    published(s)
    span = (datetime(2026, 12, 4, 0, 0, tzinfo=EVE.tzinfo), datetime(2026, 12, 6, 0, 0, tzinfo=EVE.tzinfo))
    east = s.get_one(Grid, "east")
    assert watch.uncovered(s, east, span) == []
    gone = s.scalars(select(Duty).where(Duty.roster.is_not(None), Duty.begins >= span[0])).first()
    assert gone is not None
    s.delete(gone)
    s.flush()
    assert [(one.there, one.least) for _, _, one in watch.uncovered(s, east, span)] == [(1, 2)]


def test_a_month_that_begins_without_a_roster_is_told(s: Session) -> None:
    published(s)
    last = datetime(2026, 12, 28, 4, 0, tzinfo=EVE.tzinfo)
    assert watch.look(s, last) == 1
    assert told(s, "month.2027-01") == {"shen"}
    assert watch.look(s, last + DAY) == 0


def test_a_question_of_a_shift_that_is_over_lapses(s: Session) -> None:
    row = published(s)
    made, _, _ = asked(s, row)
    watch.look(s, datetime(2026, 12, 5, 1, 0, tzinfo=EVE.tzinfo))
    assert made.state == "lapsed"


def test_the_phone_shows_ones_own_duty_and_weeks_and_nobody_elses(s: Session) -> None:
    row = published(s)
    now = datetime(2026, 12, 5, 1, 0, tzinfo=EVE.tzinfo)
    person = has(s, row, FIFTH, "day")[0]
    shown = mine(s, actor(s, person), now)
    assert shown is not None
    assert (shown["now"]["shift"]["id"], shown["now"]["now"]) == ("day", True)
    assert shown["sign"]["may_in"] is True
    own = {(day.isoformat(), shift) for one, day, shift in cells(s, row) if one == person}
    assert {(one["day"], one["shift"]["id"]) for one in shown["weeks"]} <= own
    assert [one["roster"] for one in shown["unread"]] == [row.id]
    assert mine(s, actor(s, "li"), now) is None
    assert s.get_one(Person, person).active
    assert covered.asked_of(s, actor(s, person)) == []


def test_every_act_leaves_a_line(s: Session) -> None:
    row = published(s)
    made, _, other = asked(s, row)
    cover.answer(s, actor(s, other), made.id, CALENDAR, EVE, agrees=True)
    s.flush()
    lines = s.scalars(select(Line.act).where(Line.act.startswith("roster.")).order_by(Line.id)).all()
    assert lines == ["roster.draw", "roster.publish", "roster.absent", "roster.ask", "roster.answer"]
    assert Weekends().off(2027) is None
