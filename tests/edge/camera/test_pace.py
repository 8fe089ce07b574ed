"""How often pictures are handed on, and cameras are tried again."""

from __future__ import annotations

import pytest

from edge.camera.pace import Pace, Rate, back_off


@pytest.mark.parametrize(("camera", "wanted"), [(25, 5), (10, 5), (30, 4), (15, 2), (12.5, 5)])
def test_a_quick_camera_is_thinned_to_the_rate_that_was_asked(camera: float, wanted: float) -> None:
    pace = Pace(wanted)
    passed = [tick / camera for tick in range(round(camera * 20)) if pace.lets(tick / camera)]
    assert len(passed) == pytest.approx(wanted * 20, abs=1)


def test_a_slow_camera_is_handed_on_whole() -> None:
    pace = Pace(5)
    assert all(pace.lets(tick / 2) for tick in range(20))


def test_timestamps_that_are_rounded_do_not_cost_a_picture() -> None:
    pace = Pace(5)
    assert all(pace.lets(tick * 0.2 + (0.004 if tick % 2 else -0.004)) for tick in range(50))


def test_a_clock_set_back_does_not_blind_the_camera() -> None:
    pace = Pace(5)
    assert pace.lets(1000.0)
    assert pace.lets(10.0)


def test_the_rate_is_what_came_in_the_last_seconds() -> None:
    rate = Rate()
    assert rate.per_second() == 0.0
    for tick in range(100):
        rate.saw(tick / 25)
    assert rate.per_second() == pytest.approx(25)


def test_attempts_grow_rarer_up_to_once_a_minute_and_are_spread() -> None:
    waits = [back_off(failures, 1.0) for failures in range(12)]
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert waits[-1] == 60.0
    assert back_off(10_000, 0.0) == 45.0
