from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from edge.bridge.gb28181.taken import AGAIN, MOST_OPEN, QUIET, Taken, when
from tests.edge.bridge.gb28181.conftest import NOON

if TYPE_CHECKING:
    from wire.message import Event

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = NOON.timestamp()


@pytest.fixture
def said() -> list[Event]:
    return []


@pytest.fixture
def taken(said: list[Event]) -> Taken:
    return Taken(said.append)


def test_the_same_alarm_is_one_event_that_is_told_on_and_ends_when_it_is_quiet(
    taken: Taken, said: list[Event]
) -> None:
    for second in range(0, 12, 2):
        assert taken.alarm("c-9-01", "intrusion", AT + second, 100.0 + second, "yard")
    assert [(e.phase, e.at.timestamp() - AT) for e in said] == [("new", 0), ("update", 6)]
    taken.tidy(AT + 40, 100.0 + 10 + QUIET - 0.1)
    assert len(said) == 2
    taken.tidy(AT + 40, 100.0 + 10 + QUIET)
    assert (said[-1].phase, said[-1].seconds, {e.event for e in said}) == ("end", 40.0, {said[0].event})
    taken.alarm("c-9-01", "intrusion", AT + 50, 150.0, "yard")
    assert said[-1].event != said[0].event


def test_a_lost_camera_ends_only_when_it_is_back(taken: Taken, said: list[Event]) -> None:
    taken.alarm("c-9-01", "lost", AT, 0.0, "away", lasts=True)
    taken.alarm("c-9-01", "lost", AT, AGAIN * 2, "away", lasts=True)
    taken.tidy(AT, 10_000.0)
    assert [e.phase for e in said] == ["new"]
    taken.end("c-9-01", "lost", AT - 5)
    assert (said[-1].phase, said[-1].seconds) == ("end", 0.0), "a clock that was set back ends nothing early"


def test_a_camera_whose_device_is_lost_while_it_alarms_of_lost_video_stays_lost(
    taken: Taken, said: list[Event]
) -> None:
    taken.alarm("c-9-01", "lost", AT, 0.0, "video lost")
    taken.alarm("c-9-01", "lost", AT, 1.0, "away", lasts=True)
    taken.tidy(AT, 10_000.0)
    assert [e.phase for e in said] == ["new"]


def test_whoever_ends_ends_its_events_and_nobody_opens_without_end(taken: Taken, said: list[Event]) -> None:
    opened = [taken.alarm(f"c-{n}", "crowd", AT, 0.0, "") for n in range(MOST_OPEN + 1)]
    assert opened == [True] * MOST_OPEN + [False]
    taken.close(AT)
    assert [e.phase for e in said].count("end") == MOST_OPEN


def test_a_flood_hides_neither_smoke_nor_a_loss(taken: Taken, said: list[Event]) -> None:
    for n in range(MOST_OPEN):
        taken.alarm(f"c-{n}", "crowd", AT, 0.0, "")
    assert taken.alarm("c-0", "smoke", AT, 0.0, "")
    assert taken.alarm("c-0", "lost", AT, 0.0, "", lasts=True)
    assert not taken.alarm("c-0", "line", AT, 0.0, "")
    assert [event.kind for event in said[MOST_OPEN:]] == ["smoke", "lost"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-22T11:59:00", -60),
        ("2026-11-22T11:59:00.250", -59.75),
        ("2026-11-22T03:59:00Z", -60),
        ("2026-11-22T12:09:00", 540),
        ("2026-11-22T12:30:00", 0),
        ("1970-01-01T00:00:00", 0),
        ("9999-12-31T23:59:59", 0),
        ("0001-01-01T00:00:00+14:00", 0),
        ("yesterday", 0),
        ("", 0),
    ],
)
def test_a_devices_time_is_believed_where_it_can_be(text: str, seconds: float) -> None:
    assert when(text, SHANGHAI, AT) - AT == seconds
