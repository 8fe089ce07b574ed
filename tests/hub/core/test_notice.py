"""Which way, when, how often; and that nothing keeps an urgent notice back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.notice import (
    AGAIN,
    USEFUL,
    USES,
    WAYS,
    Hours,
    Silence,
    again,
    goes_at,
    lacking,
    should_notify,
)
from hub.core.severity import TABLE

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York")]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = st.integers(0, 1439)
SILENCES = st.builds(
    Silence,
    st.just("lin"),
    st.just("x"),
    MOMENTS,
    st.none() | st.sampled_from(list(TABLE)),
    st.none() | st.just("c-1"),
)


@given(
    kind=st.sampled_from(list(TABLE)),
    camera=st.none() | st.just("c-1"),
    silences=st.lists(SILENCES),
    now=MOMENTS,
)
@settings(max_examples=200, deadline=None)
def test_nothing_urgent_is_ever_silenced(
    kind: str, camera: str | None, silences: list[Silence], now: datetime
) -> None:
    assert should_notify(0, kind, camera, silences, now)


@given(severity=st.integers(0, 1), begins=MINUTES, ends=MINUTES, zone=st.sampled_from(ZONES), now=MOMENTS)
@settings(max_examples=200, deadline=None)
def test_what_is_urgent_or_high_never_waits_for_the_morning(
    severity: int, begins: int, ends: int, zone: ZoneInfo, now: datetime
) -> None:
    assert goes_at(severity, Hours(begins, ends), zone, now) == now


@given(begins=MINUTES, ends=MINUTES, zone=st.sampled_from(ZONES), now=MOMENTS)
@settings(max_examples=200, deadline=None)
def test_the_rest_waits_until_the_quiet_hours_end_and_a_day_at_most(
    begins: int, ends: int, zone: ZoneInfo, now: datetime
) -> None:
    hours = Hours(begins, ends)
    here, goes = now.astimezone(zone), goes_at(2, hours, zone, now)
    if not hours.hold(here.hour * 60 + here.minute):
        assert goes == now
        return
    assert now < goes <= now + timedelta(hours=25)
    assert goes.astimezone(UTC).tzinfo is UTC


def test_quiet_hours_are_the_markets_own_and_run_over_midnight() -> None:
    night, shanghai = Hours(22 * 60, 7 * 60), ZONES[0]
    at = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    assert goes_at(2, night, shanghai, at) == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    early = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert goes_at(2, night, shanghai, early) == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    noon = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert goes_at(2, night, shanghai, noon) == noon


def test_the_night_on_which_clocks_go_back_ends_at_the_hour_that_people_read() -> None:
    berlin = ZONES[1]
    at = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)
    goes = goes_at(2, Hours(22 * 60, 7 * 60), berlin, at)
    assert goes.astimezone(berlin).strftime("%d %H:%M") == "25 07:00"


def test_an_urgent_notice_uses_every_way() -> None:
    assert set(USES[0]) == set(WAYS)
    assert all(set(USES[grave]) >= set(USES[grave + 1]) for grave in range(3))


@pytest.mark.parametrize("kinds", [some for many in range(4) for some in combinations(WAYS, many)])
def test_two_ways_that_fail_together_are_one(kinds: tuple[str, ...]) -> None:
    paths = {WAYS[kind].path for kind in kinds}
    assert (lacking(kinds) is None) is (len(paths) >= 2)


def test_text_and_voice_are_one_path_and_push_with_mail_are_two() -> None:
    assert lacking({"sms", "voice"}) is not None
    assert lacking({"push"}) is not None
    assert lacking({"push", "email"}) is None


def test_a_try_follows_the_last_one_later_and_later_and_ends_while_it_is_of_use() -> None:
    for severity, useful in USEFUL.items():
        waits = [again(severity, tries) for tries in range(1, 20)]
        assert waits == sorted(waits)
        assert waits[-1] == timedelta(seconds=AGAIN[severity][-1])
        assert waits[0] < useful
