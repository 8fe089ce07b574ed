from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import msgspec
import pytest

from edge.camera.health import Health
from edge.config import CrowdRule, RuleConfig, ZoneConfig
from edge.rule.scene import Scene
from edge.rules import MADE, rules_of
from edge.see.seen import NOTHING, Seen
from edge.watch import Watch
from tests.edge.market import config
from tests.edge.scene import BEGIN, Pointer, StillEye, crossing, frame, watched
from wire.rule import AnyRule, LineRule, VehicleRule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edge.camera.frame import Frame
    from edge.rule.change import Change, Trust


CORNER = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))


class Strange(RuleConfig, frozen=True, tag="strange"):
    """A rule that nobody has built."""


class Seat:
    """One watched camera with its fakes."""

    def __init__(self) -> None:
        self.eye, self.detector = StillEye(), Pointer()
        camera = watched()
        self.watch = Watch(camera, config(Path("none"), 1, 1, camera), self.eye)

    def look(self, frames: Iterable[Frame]) -> list[Change]:
        return [change for each in frames for change in self.watch.look(each, self.detector)]


def phases(changes: Iterable[Change]) -> list[str]:
    return [f"{change.kind} {change.phase}" for change in changes]


def test_whoever_walks_into_the_zone_is_told() -> None:
    changes = Seat().look(crossing())
    assert phases(changes) == ["intrusion new"]
    assert changes[0].zone == "yard"
    assert changes[0].facts.boxes[0].height == pytest.approx(40, abs=3)


def test_while_nothing_moves_the_detector_looks_once_a_second_only() -> None:
    seat = Seat()
    seat.look(frame(BEGIN + n / 5) for n in range(50))
    assert 9 <= seat.detector.looks <= 11


def test_while_somebody_is_followed_it_looks_at_every_picture() -> None:
    seat = Seat()
    seat.look(crossing(seconds=4.0))
    assert seat.detector.looks >= 19


def test_who_stands_still_is_not_forgotten_for_want_of_motion() -> None:
    seat = Seat()
    walked = crossing(seconds=4.0)
    seat.look(walked)
    stood = [frame(walked[-1].at + n / 5, 120) for n in range(1, 100)]
    assert "intrusion end" not in phases(seat.look(stood))


def test_a_gap_in_the_stream_ends_what_was_and_begins_anew() -> None:
    seat = Seat()
    first = seat.look(crossing())
    second = seat.look(crossing(BEGIN + 100))
    assert phases(first + second) == ["intrusion new", "intrusion end", "intrusion new"]
    assert second[0].at == crossing()[-1].at, "it ended with its last picture and not with the next"
    assert first[0].event == second[0].event != second[1].event


def test_a_clock_that_is_set_back_silences_nobody() -> None:
    seat = Seat()
    first = seat.look(crossing())
    second = seat.look(crossing(BEGIN - 8 * 3600))
    assert phases(first + second) == ["intrusion new", "intrusion end", "intrusion new"]


def test_a_camera_that_changes_its_size_is_watched_on_with_the_zone_in_its_place() -> None:
    seat = Seat()
    seat.look(crossing())
    larger = [frame(BEGIN + 6 + n / 5, 4 + 6 * n, size=(320, 240)) for n in range(20)]
    assert phases(seat.look(larger)) == ["intrusion end", "intrusion new"]


def test_the_loss_of_a_camera_ends_what_went_on_before_it_and_is_told_itself() -> None:
    seat = Seat()
    seat.look(crossing())
    seat.eye.state = Health("c-2-01", "lost", BEGIN + 7, "silent")
    changes = [change for now in range(7, 20) for change in seat.watch.sight(BEGIN + now)]
    assert phases(changes) == ["intrusion end", "lost new"]
    assert changes[1].facts.reason == "silent"
    assert changes[1].at == BEGIN + 12


def test_when_the_edge_stops_what_goes_on_ends_and_a_lost_camera_stays_lost() -> None:
    seat = Seat()
    seat.look(crossing())
    assert phases(seat.watch.close()) == ["intrusion end"]
    assert seat.watch.close() == ()
    seat.eye.state = Health("c-2-01", "lost", BEGIN + 7, "silent")
    assert phases(seat.watch.sight(BEGIN + 20)) == ["lost new"]
    assert seat.watch.close() == ()


def test_every_rule_that_may_be_written_is_one_that_watches() -> None:
    written = set(get_args(AnyRule))
    assert set(MADE) == written
    area = tuple(rule() for rule in written - {LineRule})
    crowd = CrowdRule(density=0.5)
    zones = (
        ZoneConfig(id="z", polygon=CORNER, rules=area[:5]),
        ZoneConfig(id="y", polygon=CORNER, rules=(*area[5:], crowd), area=20.0),
        ZoneConfig(id="gate", line=((0, 0), (1, 1)), rules=(LineRule(),)),
    )
    camera = type(watched())(id="c-1", url=0, zones=zones)
    made = list(rules_of(camera, config(Path("none"), 1, 1, camera), (160, 120)))
    assert len(made) == len(written) + 1
    assert all(rule.step(Scene(size=(160, 120)), BEGIN) == () for rule in made)


def test_a_rule_that_nobody_has_built_is_no_rule() -> None:
    zone = ZoneConfig(id="z", polygon=CORNER, rules=(CrowdRule(),))
    strange = msgspec.structs.replace(zone, rules=(Strange(),))
    camera = type(watched())(id="c-1", url=0, zones=(strange,))
    with pytest.raises(TypeError):
        list(rules_of(camera, config(Path("none"), 1, 1, camera), (160, 120)))


class Blind:
    """A detector that knows nothing of what it sees."""

    def detect(self, picture: object) -> Seen:  # noqa: ARG002
        return NOTHING


@pytest.mark.parametrize(("by", "told"), [("motion", ["vehicle new"]), ("detector", [])])
def test_what_no_detector_knows_is_told_by_its_motion_where_a_rule_asks_for_that(
    by: Literal["motion", "detector"], told: list[str]
) -> None:
    rule = VehicleRule(by=by, least=0.02)
    zone = ZoneConfig(id="ramp", polygon=((0, 0), (1, 0), (1, 1), (0, 1)), rules=(rule,))
    camera = msgspec.structs.replace(watched(), zones=(zone,))
    watch = Watch(camera, config(Path("none"), 1, 1, camera), StillEye())
    assert phases(change for each in crossing(seconds=3.5) for change in watch.look(each, Blind())) == told


def off(seat: Seat, seconds: float | None, begin: int, end: int, trust: Trust | None = "high") -> list[str]:
    """What is said while the camera's clock is so much off."""
    seat.eye.state = Health("c-2-01", "live", BEGIN, clock_off=seconds)
    return [one for now in range(begin, end) for one in phases(seat.watch.sight(BEGIN + now, trust))]


def test_a_camera_whose_clock_is_off_is_told_of_and_it_ends_when_it_is_set() -> None:
    seat = Seat()
    assert off(seat, 0.2, 0, 100) == []
    assert off(seat, -75.0, 100, 200) == ["clock new"]
    assert off(seat, None, 200, 300) == []
    assert off(seat, 0.2, 300, 400) == ["clock end"]


def test_a_machine_that_does_not_know_the_time_itself_blames_no_camera() -> None:
    assert off(Seat(), 3600.0, 0, 300, None) == []
