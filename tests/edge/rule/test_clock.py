"""A camera whose clock is off is told of once, and it ends when the clock is right again."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from edge.rule.clock import AFTER, EASE, Clock

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 5.0


def told(measures: Iterable[float | None], limit: float | None = LIMIT) -> list[tuple[str, int]]:
    """What is said of a measure a second: phase, and at which second."""
    names = count()
    clock = Clock(limit=limit, name=lambda: f"event {next(names)}")
    changes = [change for at, off in enumerate(measures) for change in clock.step(off, float(at))]
    return [(change.phase, int(change.at)) for change in changes if change.phase != "update"]


@pytest.mark.parametrize("off", [6.0, -6.0, 3600.0, -1.7e9])
def test_a_clock_that_stays_off_is_told_after_a_minute_and_ends_a_minute_after_it_is_set(off: float) -> None:
    measures = [0.1] * 10 + [off] * 200 + [0.1] * 100
    assert told(measures) == [("new", 10 + int(AFTER)), ("end", 210 + int(AFTER))]


@pytest.mark.parametrize(
    "measures",
    [
        [0.0] * 300,
        [LIMIT] * 300,
        ([9.0] * 50 + [0.0] * 5) * 5,
        [None] * 300,
        ([9.0] * 30 + [None]) * 10,
    ],
    ids=["right", "at its limit", "for a moment", "unknown", "broken off"],
)
def test_what_is_not_off_for_a_minute_is_not_told(measures: list[float | None]) -> None:
    assert told(measures) == []


def test_a_clock_about_its_limit_does_not_flicker() -> None:
    measures = [9.0] * 100 + [LIMIT + 0.1, LIMIT * EASE + 0.1] * 200 + [LIMIT * EASE] * 70
    assert told(measures) == [("new", 60), ("end", 560)]


def test_a_camera_that_goes_away_keeps_what_was_told_of_it() -> None:
    assert told([9.0] * 100 + [None] * 500 + [9.0] * 100) == [("new", 60)]
    assert told([9.0] * 100 + [None] * 500 + [0.0] * 100) == [("new", 60), ("end", 660)]


def test_where_nobody_asks_nothing_is_told() -> None:
    assert told([9e9] * 300, limit=None) == []


def test_a_guard_reads_by_how_much() -> None:
    clock = Clock(limit=LIMIT, name=lambda: "event")
    clock.step(-75.25, 0.0)
    (change,) = clock.step(-75.25, AFTER, "low")
    assert change.facts.reason == "the camera's clock is -75.2 s off"
    assert (change.kind, change.zone, change.began, change.facts.trust) == ("clock", None, 0.0, "low")


def test_a_wall_clock_that_is_set_back_does_not_hold_it_up() -> None:
    clock = Clock(limit=LIMIT, name=lambda: "event")
    clock.step(9.0, 10_000.0)
    clock.step(9.0, 100.0)
    assert [change.phase for change in clock.step(9.0, 100.0 + AFTER)] == ["new"]
