"""Thirty days are kept whatever the quota says: first smaller, then, where nothing helps, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.record.room import Need, plan

if TYPE_CHECKING:
    from edge.record.room import Mode

GB = 1e9
NEEDS = [Need("gate", 1, 10 * GB, 1 * GB), Need("hall", 2, 10 * GB, 1 * GB), Need("yard", 3, 10 * GB, 1 * GB)]
MAIN: dict[str, Mode] = {"gate": "main", "hall": "main", "yard": "main"}


@pytest.mark.parametrize(
    ("days", "modes", "short"),
    [
        (36, ["main", "main", "main"], False),
        (34, ["main", "main", "sub"], True),
        (20, ["main", "sub", "sub"], True),
        (5, ["main", "sub", "sub"], True),
    ],
)
def test_the_lowest_tier_is_recorded_smaller_first_and_the_first_never(
    days: float, modes: list[str], short: bool
) -> None:
    found = plan(NEEDS, room=days * 30 * GB, used=0, now=MAIN)
    assert list(found.modes.values()) == modes
    assert found.is_short == short


def test_smaller_helps_and_the_forecast_says_so() -> None:
    assert plan(NEEDS, room=34 * 30 * GB, used=0, now=MAIN).days == pytest.approx(34 * 30 / 21)


def test_what_is_between_alarm_and_ease_changes_nothing() -> None:
    small: dict[str, Mode] = {"gate": "main", "hall": "main", "yard": "sub"}
    assert plan(NEEDS, room=37 * 30 * GB, used=0, now=MAIN).modes["yard"] == "main"
    assert plan(NEEDS, room=37 * 30 * GB, used=0, now=small).modes["yard"] == "sub"
    assert plan(NEEDS, room=41 * 30 * GB, used=0, now=small).modes["yard"] == "main"


@pytest.mark.parametrize(
    ("left", "stopped"),
    [(0.04, set()), (0.025, {"yard"}), (0.015, {"yard", "hall"}), (0.005, {"yard", "hall", "gate"})],
)
def test_where_nothing_may_be_deleted_the_lowest_tier_stops_first(left: float, stopped: set[str]) -> None:
    room = 100 * 30 * GB
    found = plan(NEEDS, room, used=room * (1 - left), now=MAIN)
    assert {camera for camera, mode in found.modes.items() if mode == "none"} == stopped
    assert found.is_short == bool(stopped)


def test_a_stopped_camera_waits_for_a_little_more_room_than_stopped_it() -> None:
    room = 100 * 30 * GB
    now: dict[str, Mode] = {**MAIN, "yard": "none"}
    assert plan(NEEDS, room, used=room * (1 - 0.035), now=now).modes["yard"] == "none"
    assert plan(NEEDS, room, used=room * (1 - 0.045), now=now).modes["yard"] == "main"


def test_nothing_known_changes_nothing() -> None:
    found = plan([Need("gate", 3, 0, 0)], room=GB, used=0, now={"gate": "main"})
    assert (found.modes, found.days, found.is_short) == ({"gate": "main"}, None, False)


def test_a_camera_of_one_stream_cannot_be_recorded_smaller() -> None:
    found = plan([Need("yard", 3, 10 * GB, 10 * GB)], room=10 * GB, used=0, now={"yard": "main"})
    assert found.modes == {"yard": "main"}
    assert found.is_short
