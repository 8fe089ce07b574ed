from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from edge.rule.timetable import Timetable, timetable
from wire.calendar import Calendar, Hours
from wire.hours import read_span
from wire.rule import IntrusionRule

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = Timetable((read_span("mon-fri", "22:00", "06:00"),), SHANGHAI)
OFFICE = Timetable((read_span("mon-fri", "08:30", "12:00"), read_span("sat,sun", "00:00", "24:00")), SHANGHAI)


def when(text: str) -> float:
    return datetime.fromisoformat(f"{text}+08:00").timestamp()


@pytest.mark.parametrize(
    ("text", "armed"),
    [
        ("2026-03-04T21:59", False),  # Wednesday
        ("2026-03-04T22:00", True),
        ("2026-03-05T05:59", True),
        ("2026-03-05T06:00", False),
        ("2026-03-06T23:00", True),  # Friday
        ("2026-03-07T05:00", True),  # Saturday morning still belongs to Friday night
        ("2026-03-07T23:00", False),
        ("2026-03-09T05:00", False),  # Monday morning belongs to Sunday night
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(text: str, armed: bool) -> None:
    assert NIGHT.armed(when(text)) is armed


@pytest.mark.parametrize(
    ("text", "armed"),
    [
        ("2026-03-04T08:29", False),
        ("2026-03-04T08:30", True),
        ("2026-03-04T12:00", False),
        ("2026-03-07T00:00", True),
        ("2026-03-08T23:59", True),
    ],
)
def test_any_span_arms(text: str, armed: bool) -> None:
    assert OFFICE.armed(when(text)) is armed


def test_hours_are_those_of_the_market_and_not_of_the_machine() -> None:
    kashgar = Timetable(NIGHT.spans, ZoneInfo("Europe/Berlin"))
    assert NIGHT.armed(when("2026-03-04T22:30"))
    assert not kashgar.armed(when("2026-03-04T22:30"))


def test_without_spans_it_is_always_armed() -> None:
    assert Timetable((), SHANGHAI).armed(0.0)


def test_days_may_run_over_the_weekend() -> None:
    assert read_span("sat-mon", "00:00", "24:00").days == {5, 6, 0}
    assert read_span("sun-mon", "00:00", "24:00").days == {6, 0}
    assert len(read_span("mon-sun", "00:00", "24:00").days) == 7


@pytest.mark.parametrize(
    ("days", "begin", "end", "sentence"),
    [
        ("monday", "08:00", "09:00", "write days as mon-fri"),
        ("mon-", "08:00", "09:00", None),
        ("mon-xyz", "08:00", "09:00", "write days as mon-fri"),
        ("", "08:00", "09:00", "write days as mon-fri"),
        ("mon", "8h", "09:00", "write it as 08:30"),
        ("mon", "08:60", "09:00", "write it as 08:30"),
        ("mon", "08:00", "24:01", "write it as 08:30"),
        ("mon", "08:00", "08:00", "for the whole day write 00:00 to 24:00"),
        ("mon", "24:00", "06:00", "write 00:00 of the next day"),
    ],
)
def test_a_span_that_means_nothing_is_refused_with_what_to_write(
    days: str, begin: str, end: str, sentence: str | None
) -> None:
    if sentence is None:
        assert read_span(days, begin, end).days == {0}
        return
    with pytest.raises(ValueError, match=sentence):
        read_span(days, begin, end)


GOLDEN_WEEK = Calendar(
    open=(Hours("09:00", "18:00"),),
    holidays=("2026-10-01/2026-10-07", "2026-05-01"),
    holiday_open=(Hours("10:00", "15:00"),),
)


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("2026-09-30T08:59", False),
        ("2026-09-30T09:00", True),
        ("2026-09-30T18:00", False),
        ("2026-10-01T09:30", False),  # a holiday: from ten
        ("2026-10-01T10:00", True),
        ("2026-10-07T15:00", False),
        ("2026-10-08T09:30", True),
    ],
)
def test_the_market_is_open_by_its_hours_and_by_others_on_holidays(text: str, open_: bool) -> None:
    for word, armed in (("open", open_), ("closed", not open_)):
        rule = IntrusionRule(armed=word)  # type: ignore[arg-type]
        assert timetable(rule, GOLDEN_WEEK, SHANGHAI).armed(when(text)) is armed


def test_a_market_that_stays_shut_on_holidays_is_closed_all_day() -> None:
    shut = Calendar(open=GOLDEN_WEEK.open, holidays=GOLDEN_WEEK.holidays, holiday_open=())
    closed = timetable(IntrusionRule(armed="closed"), shut, SHANGHAI)
    assert closed.armed(when("2026-10-03T12:00"))
    assert not closed.armed(when("2026-09-30T12:00"))


def test_a_market_without_hours_is_never_closed() -> None:
    assert timetable(IntrusionRule(armed="open"), Calendar(), SHANGHAI).armed(0.0)
    assert not timetable(IntrusionRule(armed="closed"), Calendar(), SHANGHAI).armed(0.0)


@pytest.mark.parametrize(
    ("text", "armed"),
    [
        ("2026-10-01T05:00", True),  # the night of the eve goes on
        ("2026-10-01T06:30", False),
        ("2026-10-01T20:00", True),  # on a holiday from seven in the evening
        ("2026-10-08T05:00", True),  # the night of the last holiday goes on until eight
        ("2026-10-08T07:30", True),
        ("2026-10-08T20:00", False),
        ("2026-10-08T22:00", True),
    ],
)
def test_a_rule_may_have_its_own_hours_on_holidays_and_each_night_belongs_to_its_eve(
    text: str, armed: bool
) -> None:
    rule = IntrusionRule(armed=(Hours("22:00", "06:00"),), holidays=(Hours("19:00", "08:00"),))
    assert timetable(rule, GOLDEN_WEEK, SHANGHAI).armed(when(text)) is armed


def test_a_rule_may_rest_on_holidays() -> None:
    rule = IntrusionRule(armed=(Hours("00:00", "24:00"),), holidays=())
    assert not timetable(rule, GOLDEN_WEEK, SHANGHAI).armed(when("2026-05-01T12:00"))
    assert timetable(rule, GOLDEN_WEEK, SHANGHAI).armed(when("2026-05-02T00:00"))


def test_a_rule_that_waits_for_a_hand_is_never_armed_by_itself() -> None:
    rule = IntrusionRule(armed="by-hand")
    assert not any(
        timetable(rule, GOLDEN_WEEK, SHANGHAI).armed(when(f"2026-10-0{day}T12:00")) for day in range(1, 9)
    )


@pytest.mark.parametrize(
    ("holiday", "sentence"),
    [
        ("1 October", "write it as 2026-10-01"),
        ("2026-02-30", "is no holiday"),
        ("2026-10-07/2026-10-01", "must end after it begins"),
        ("2026-01-01/2026-12-31", "within 62 days"),
    ],
)
def test_what_is_no_holiday_is_refused_with_what_to_write(holiday: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Calendar(holidays=(holiday,))


def test_a_rule_that_follows_the_market_has_no_holidays_of_its_own() -> None:
    with pytest.raises(ValueError, match="follows the market's calendar"):
        IntrusionRule(armed="closed", holidays=())
