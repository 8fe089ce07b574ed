"""Alerts: states, which events are one alert, and who is told."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from hub.core import alert as rules
from hub.core.alert import CAP, MOVES, WINDOW, Act, State, covers, key, moment, move
from hub.core.notice import Silence, should_notify
from hub.core.refuse import Refused

T0 = datetime(2026, 11, 22, 2, 41, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("state", "act"), [p for p in itertools.product(State, Act) if p not in MOVES])
def test_what_is_not_in_the_table_is_refused(state: State, act: Act) -> None:
    with pytest.raises(Refused) as caught:
        move(state, act)
    assert caught.value.kind == "stage"


@pytest.mark.parametrize("state", rules.OPEN)
def test_one_key_confirms_an_alert_whether_it_was_taken_or_not(state: State) -> None:
    assert move(state, Act.CONFIRM) == State.CONFIRMED


def test_a_lapsed_lease_makes_the_alert_new_again() -> None:
    assert move(State.ACKED, Act.LAPSE) == State.NEW


def test_events_within_the_window_are_one_alert() -> None:
    assert covers(T0, T0, T0 + WINDOW)
    assert not covers(T0, T0, T0 + WINDOW + SECOND)
    assert covers(T0, T0 + 20 * WINDOW / 2, T0 + 10 * WINDOW + SECOND)


def test_the_window_goes_with_activity_but_not_for_ever() -> None:
    busy_until = T0 + CAP - SECOND
    assert covers(T0, busy_until, T0 + CAP)
    assert not covers(T0, busy_until, T0 + CAP + SECOND)


def test_a_late_event_that_belongs_before_the_group_may_still_join_it() -> None:
    assert covers(T0, T0, T0 - WINDOW)
    assert not covers(T0, T0, T0 - WINDOW - SECOND)


def test_the_key_knows_kind_camera_and_zone() -> None:
    keys = {key(*parts) for parts in itertools.product(("line", "linger"), ("c-1", "c-2"), (None, "yard"))}
    assert len(keys) == 8


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_plainly_wrong_is_not_believed(wrong: datetime) -> None:
    assert moment(wrong, T0) == T0


def test_a_week_old_event_keeps_its_own_time() -> None:
    assert moment(T0 - timedelta(days=7), T0) == T0 - timedelta(days=7)


def test_a_silence_holds_for_its_kind_and_camera_until_it_ends() -> None:
    quiet = [Silence("lin", "painters at work", T0 + SECOND, "linger", "c-1")]
    assert not should_notify(2, "linger", "c-1", quiet, T0)
    assert should_notify(2, "linger", "c-2", quiet, T0)
    assert should_notify(2, "intrusion", "c-1", quiet, T0)
    assert should_notify(2, "linger", "c-1", quiet, T0 + SECOND)


def test_no_silence_covers_an_urgent_alert() -> None:
    assert should_notify(0, "fire", "c-1", [Silence("lin", "drill", T0 + SECOND, "fire", "c-1")], T0)


def test_a_silence_of_everything_silences_nothing() -> None:
    assert should_notify(2, "linger", "c-1", [Silence("lin", "tired", T0 + SECOND)], T0)
