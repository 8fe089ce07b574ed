from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from edge.rule.timetable import Timetable
from wire.hours import read_span

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
