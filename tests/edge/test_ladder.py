"""What a look costs is paid where something happens: the market's hours and what moves decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from edge.config import CameraConfig, ZoneConfig
from edge.watch import Watch
from tests.edge.market import config
from tests.edge.scene import BEGIN, Pointer, StillEye, crossing, frame, watched
from wire.calendar import Calendar
from wire.rule import LeftRule, LineRule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edge.camera.frame import Frame

OPEN = msgspec.convert({"open": [{"from": "00:00", "to": "24:00"}]}, Calendar)
SUNDAYS = msgspec.convert({"open": [{"days": "sun", "from": "09:00", "to": "18:00"}]}, Calendar)
"""The pictures here are of a Monday."""
FPS = 5
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class Yard:
    """One camera of a market of such hours."""

    def __init__(self, calendar: Calendar = SUNDAYS, camera: CameraConfig | None = None) -> None:
        self.eye, self.detector = StillEye(), Pointer()
        camera = camera or watched()
        told = msgspec.structs.replace(config(Path("none"), 1, 1, camera), calendar=calendar)
        self.watch = Watch(camera, told, self.eye)

    def look(self, pictures: Iterable[Frame]) -> list[str]:
        """What is told of them."""
        return [
            f"{change.kind} {change.phase}"
            for each in pictures
            for change in self.watch.look(each, self.detector)
            if change.kind == "intrusion" and change.phase != "update"
        ]


def stays(begin: float, seconds: float, x: int | None = 120) -> list[Frame]:
    """Nothing moves; somebody may stand there."""
    return [frame(begin + number / FPS, x) for number in range(1, round(seconds * FPS) + 1)]


def test_in_opening_hours_the_detector_looks_at_a_low_fixed_rate_whether_anything_moves_or_not() -> None:
    still, busy = Yard(OPEN), Yard(OPEN)
    still.look(stays(BEGIN, 30, None))
    busy.look([frame(BEGIN + n / FPS, 4 + n % 12 * 10) for n in range(30 * FPS)])
    assert still.detector.looks == pytest.approx(75, abs=2)
    assert busy.detector.looks == pytest.approx(75, abs=2)


def test_who_walks_is_carried_on_between_two_looks_and_told_as_soon() -> None:
    seen, carried = Yard(), Yard(OPEN)
    assert seen.look(crossing(seconds=3.0)) == carried.look(crossing(seconds=3.0)) == ["intrusion new"]
    assert carried.detector.looks < seen.detector.looks


def test_in_closed_hours_nothing_that_moves_waits_for_the_next_look() -> None:
    yard = Yard()
    yard.look(stays(BEGIN, 20, None))
    looks = yard.detector.looks
    yard.look([frame(BEGIN + 20.2, 40)])
    assert yard.detector.looks == looks + 1


def test_what_stands_is_looked_at_rarely_and_not_forgotten() -> None:
    yard = Yard()
    walk = crossing(seconds=4.0)
    assert yard.look(walk) == ["intrusion new"]
    assert yard.look(stays(walk[-1].at, 60)) == [], "motion that is learned, then a rest that is long"
    looks = yard.detector.looks
    assert yard.look(stays(walk[-1].at + 60, 60)) == [], "still the same event"
    assert yard.detector.looks - looks == pytest.approx(12, abs=1)


def test_who_has_stood_and_goes_is_followed_again_from_the_first_step_on() -> None:
    yard = Yard()
    walk = crossing(seconds=4.0)
    yard.look([*walk, *stays(walk[-1].at, 60)])
    looks = yard.detector.looks
    leaving = [frame(walk[-1].at + 60 + n / FPS, 120 - 6 * n) for n in range(1, 15)]
    yard.look(leaving)
    assert yard.detector.looks >= looks + 13
    assert yard.look(stays(leaving[-1].at, 30, None)) == ["intrusion end"]


def test_who_stood_and_is_gone_without_a_step_is_missed_at_the_next_rare_look() -> None:
    yard = Yard()
    walk = crossing(seconds=4.0)
    yard.look([*walk, *stays(walk[-1].at, 60)])
    faded = [frame(walk[-1].at + 60 + n / FPS, None) for n in range(1, 15 * FPS)]
    assert yard.look(faded) == ["intrusion end"]


def test_where_no_hours_are_told_motion_opens_the_gate_at_all_times() -> None:
    yard = Yard(Calendar())
    yard.look(stays(BEGIN, 20, None))
    assert yard.detector.looks == pytest.approx(20, abs=2)


def test_a_quiet_camera_of_one_stream_sleeps_in_closed_hours_and_wakes_at_the_first_motion() -> None:
    yard = Yard()
    yard.look(stays(BEGIN, 9, None))
    assert not yard.eye.asleep
    yard.look(stays(BEGIN + 9, 3, None))
    assert yard.eye.asleep
    yard.look([frame(BEGIN + 14, 40)])
    assert not yard.eye.asleep


def test_in_opening_hours_nobody_sleeps() -> None:
    yard = Yard(OPEN)
    yard.look(stays(BEGIN, 30, None))
    assert not yard.eye.asleep


@pytest.mark.parametrize(
    "more",
    [
        {"main": 1},
        {"zones": (ZoneConfig(id="gate", line=((0.1, 0.5), (0.9, 0.5)), rules=(LineRule(),)),)},
        {"zones": (ZoneConfig(id="yard", polygon=WHOLE, rules=(LeftRule(),)),)},
    ],
    ids=["its small stream is cheap", "who crosses a line is counted", "a rule looks for things itself"],
)
def test_a_camera_is_kept_awake_where(more: dict[str, Any]) -> None:
    yard = Yard(camera=msgspec.structs.replace(watched(), **more))
    yard.look(stays(BEGIN, 30, None))
    assert not yard.eye.asleep
