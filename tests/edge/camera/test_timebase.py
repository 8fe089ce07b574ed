"""Stream time follows the camera's own clock, tied to ours."""

from __future__ import annotations

from itertools import pairwise

import pytest

from edge.camera.timebase import Rounds, StreamClock

NOON = 1_700_000_000.0


def test_pictures_keep_the_cameras_spacing_however_the_network_delivers_them() -> None:
    clock = StreamClock()
    arrivals = [0.0, 0.31, 0.32, 0.33, 0.40, 0.52]
    times = [clock.at(50 + tick / 10, NOON + late) for tick, late in enumerate(arrivals)]
    for sooner, later in pairwise(times):
        assert later - sooner == pytest.approx(0.1, abs=0.001)


def test_a_first_packet_that_came_late_is_made_good_without_time_running_backwards() -> None:
    clock = StreamClock()
    times = [clock.at(tick / 10, NOON + max(2.0, tick / 10)) for tick in range(100)]
    assert all(later > sooner for sooner, later in pairwise(times))
    assert times[-1] == pytest.approx(NOON + 9.9, abs=0.01)


def test_a_crystal_that_is_100_ppm_off_stays_within_half_a_second_all_day() -> None:
    clock = StreamClock()
    late = 0.0
    for tick in range(86_400):
        wall = NOON + tick * 1.0001
        late = max(late, abs(clock.at(float(tick), wall) - wall))
    assert late < 0.5


def test_a_camera_that_reboots_is_tied_anew() -> None:
    clock = StreamClock()
    clock.at(90_000.0, NOON)
    assert clock.at(0.0, NOON + 30) == NOON + 30


def test_a_file_played_again_goes_on_where_it_ended() -> None:
    rounds = Rounds()
    first = [rounds.stamp(own, 0.1) for own in (5.0, 5.1, 5.2)]
    rounds.again()
    second = [rounds.stamp(own, 0.1) for own in (5.0, 5.1, 5.2)]
    rounds.again()
    third = rounds.stamp(5.0, 0.1)
    assert [*first, *second, third] == pytest.approx([5.0, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6])
