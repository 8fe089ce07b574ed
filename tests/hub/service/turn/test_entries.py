"""Calendars are read by the thousand, and days looked after every few seconds: neither asks once a turn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from hub.service.turn import calendar, keep
from hub.store.base import sessions
from tests.hub.service.turn.street import DAY, GROUP, SHOPS, TODAY, live, turns
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

MANY = 60
HOUR = timedelta(hours=1)


def asked(on: Engine, act: Callable[[Session], object]) -> int:
    """How many statements an act runs in a session of its own, which is rolled back."""
    ran: list[str] = []
    event.listen(on, "before_cursor_execute", tell := lambda *given: ran.append(given[2]))
    with sessions(on)() as s:
        act(s)
        s.rollback()
    event.remove(on, "before_cursor_execute", tell)
    return len(ran)


@pytest.mark.parametrize(("kind", "subject"), [("group", GROUP), ("shop", "c-11")])
def test_a_calendar_asks_as_little_for_many_days_as_for_few(sqlite: Engine, kind: str, subject: str) -> None:
    with sessions(sqlite).begin() as s:
        live(s)
        turns(s, SHOPS)
        _, token = calendar.make(s, actor(s, "mei"), kind, subject, NOON)
    few = asked(sqlite, lambda s: calendar.read(s, token, NOON))
    with sessions(sqlite).begin() as s:
        turns(s, SHOPS * (MANY // 3), TODAY + 3 * DAY)
    assert asked(sqlite, lambda s: calendar.read(s, token, NOON)) == few


def test_looking_after_days_asks_as_little_for_many_as_for_few(sqlite: Engine) -> None:
    with sessions(sqlite).begin() as s:
        turns(s, ["c-11"])
    early = NOON - 6 * HOUR
    few = asked(sqlite, lambda s: keep.unconfirmed(s, early))
    with sessions(sqlite).begin() as s:
        turns(s, ["c-20"], group="east-2")
        turns(s, ["c-30"], group="west-3")
    assert asked(sqlite, lambda s: keep.unconfirmed(s, early)) == few


def test_that_somebody_came_for_a_calendar_is_entered_once_an_hour(s: Session) -> None:
    live(s)
    _, token = calendar.make(s, actor(s, "mei"), "group", GROUP, NOON)
    s.flush()

    def is_new(later: timedelta) -> bool:
        found = calendar.read(s, token, NOON + later)
        assert found
        return found.unnoted

    assert is_new(0 * HOUR)
    calendar.note_read(s, token, NOON)
    assert not is_new(HOUR - timedelta(seconds=1))
    assert is_new(HOUR)
