"""The market is printed once for everybody; who looks at other days takes nothing from who looks at today."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hub.api.market import MOST_DAYS, Press
from tests.conftest import comes_back, ended
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.api.parts import Parts

TODAY = NOON.date()
LONG = 3600.0


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_several_other_days_are_kept_beside_today(parts: Parts) -> None:
    press, days = Press(LONG), [TODAY, *(before(days) for days in range(1, 1 + MOST_DAYS))]
    first = [press.print(parts, MARKET, day) for day in days]
    again = [press.print(parts, MARKET, day) for day in days]
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_the_other_day_that_was_printed_longest_ago_is_forgotten_first(parts: Parts) -> None:
    press, days = Press(LONG), [before(days) for days in range(1, 2 + MOST_DAYS)]
    first = [press.print(parts, MARKET, day) for day in days]
    assert press.print(parts, MARKET, days[-1]) is first[-1]
    assert press.print(parts, MARKET, days[0]) is not first[0]


def test_today_does_not_wait_for_another_day_to_be_printed(parts: Parts) -> None:
    press, begun, goes_on = Press(LONG), threading.Event(), threading.Event()
    seldom = iter((False, True))
    """The day is looked up, then the market is read."""

    @contextmanager
    def slow(*words: Any) -> Iterator[Any]:
        if next(seldom):
            begun.set()
            assert goes_on.wait(60)
        with parts.readings(*words) as session:
            yield session

    asked = (replace(parts, readings=slow), MARKET, before(400))  # type: ignore[arg-type]
    thread = threading.Thread(target=press.print, args=asked, daemon=True)
    thread.start()
    try:
        assert begun.wait(60)
        assert comes_back(lambda: press.print(parts, MARKET), 10)
    finally:
        goes_on.set()
    assert ended(thread)
