"""When each camera's canary is due in the market's night, and what counts as one that came."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.core.canary import AGAIN, SPREAD, WITHIN, Seen, Sent, Verdict, due, judge, moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 23, 2, tzinfo=SHANGHAI)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def test_each_camera_has_a_moment_of_its_own_in_the_hours_of_little_business() -> None:
    moments = [moment(f"c-{n}") for n in range(1000)]
    assert min(moments) >= timedelta(0)
    assert max(moments) < SPREAD
    quarters = [
        sum(1 for one in moments if SPREAD * k / 10 <= one < SPREAD * (k + 1) / 10) for k in range(10)
    ]
    assert min(quarters) > 50, "spread, not heaped"


@pytest.mark.parametrize(
    ("last", "at", "which"),
    [
        (None, NIGHT + SPREAD, "first"),
        (None, NIGHT - SECOND, None),
        (None, NIGHT + timedelta(hours=3), None),
        (Sent("good", NIGHT - DAY + SPREAD), NIGHT + SPREAD, "first"),
        (Sent("good", NIGHT + MINUTE), NIGHT + SPREAD, None),
        (Sent("ordered", NIGHT - DAY), NIGHT + SPREAD, None),
        (Sent("failed", NIGHT + MINUTE), NIGHT + MINUTE + AGAIN, "again"),
        (Sent("failed", NIGHT + MINUTE), NIGHT + AGAIN, None),
        (Sent("failed", NIGHT - 2 * DAY), NIGHT + timedelta(hours=9), "again"),
    ],
)
def test_when_a_canary_is_due(last: Sent | None, at: datetime, which: str | None) -> None:
    assert due("c-3-1", last, at, SHANGHAI) == which


@pytest.mark.parametrize(
    ("seen", "after", "verdict"),
    [
        (Seen("done", None, came=True), SECOND, Verdict("good")),
        (Seen("done", None, came=True), DAY, Verdict("good")),
        (Seen("sent", None, came=True), WITHIN, None),
        (Seen("done", None, came=False), WITHIN, None),
        (Seen("done", None, came=False), WITHIN + SECOND, Verdict("failed", "no alarm came")),
        (Seen("expired", None, came=True), WITHIN + SECOND, Verdict("failed", "no answer")),
        (Seen("refused", "it is lost", came=False), SECOND, Verdict("failed", "it is lost")),
    ],
)
def test_how_it_went(seen: Seen, after: timedelta, verdict: Verdict | None) -> None:
    assert judge(seen, NIGHT, NIGHT + after) == verdict


def test_the_night_is_the_markets_own_when_its_clock_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for day in (28, 29, 30):
        noon = datetime(2026, 3, day, 12, tzinfo=berlin)
        asked = [noon - timedelta(minutes=n) for n in range(12 * 60)]
        hours = {at.astimezone(berlin).hour for at in asked if due("c-3-1", None, at, berlin)}
        assert hours <= {2, 3, 4}
        assert hours
