from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from edge.bridge.onvif.turn import Turner
from edge.config.onvif import PtzConfig
from edge.order.desk import Unable
from tests.edge.bridge.onvif.soap import Soap, soap
from tests.edge.bridge.onvif.test_ear import config
from tests.edge.market import wait_for
from wire.message import new_id
from wire.order import Goto, Move, Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire.order import Steer

PTZ = {"home": "gate", "presets": {"gate": "1", "lane": "2"}}
UNTIL = datetime.now(UTC) + timedelta(minutes=1)
LONG = 600.0


@pytest.fixture
def told() -> Iterator[Soap]:
    with soap() as one:
        yield one


@contextmanager
def turner(told: Soap, settle: float = 0.0) -> Iterator[Turner]:
    one = Turner([config(told, ptz=PTZ)], settle=settle)
    one.start()
    try:
        wait_for(lambda: places(told) == ["1"])
        told.asked.clear()
        yield one
    finally:
        one.stop()


def places(told: Soap) -> list[str]:
    """The tokens that the camera was turned to, in order."""
    bodies = [body for name, body in list(told.asked) if name == "GotoPreset"]
    return [body.split("PresetToken>")[1].split("<")[0] for body in bodies]


def goto(lease: str, preset: str = "lane") -> Goto:
    return Goto(camera="c-1-01", lease=lease, preset=preset, until=UNTIL)


def move(lease: str) -> Move:
    return Move(camera="c-1-01", lease=lease, pan=0.5, seconds=0.1, until=UNTIL)


def test_an_edge_that_starts_lets_its_cameras_go_home(told: Soap) -> None:
    with turner(told) as one:
        wait_for(lambda: not one.is_away("c-1-01"))


def test_whoever_has_a_camera_turns_it_and_lets_it_go(told: Soap) -> None:
    with turner(told) as one:
        lease = new_id()
        one.do(goto(lease), LONG, masked=False)
        assert one.is_away("c-1-01")
        one.do(Release(camera="c-1-01", lease=lease), 0.0, masked=False)
        assert places(told) == ["2", "1"]
        wait_for(lambda: not one.is_away("c-1-01"))


def test_at_the_end_of_its_time_it_goes_home_by_itself(told: Soap) -> None:
    with turner(told) as one:
        one.do(goto(new_id()), 0.3, masked=False)
        wait_for(lambda: places(told) == ["2", "1"])


def test_a_camera_that_does_not_answer_is_brought_home_when_it_does(told: Soap) -> None:
    with turner(told) as one:
        one.do(goto(new_id()), LONG, masked=False)
        told.down = True
        mount = one._mounts["c-1-01"]
        mount.until = mount.away_until = 0.0
        wait_for(lambda: mount.failures > 0)
        wait_for(lambda: not one.is_away("c-1-01"))  # so that it is told of as moved
        told.down = False
        wait_for(lambda: not mount.astray)
        assert places(told)[-1] == "1"


def test_a_camera_that_nobody_has_is_judged_also_while_it_does_not_answer(told: Soap) -> None:
    told.down = True
    one = Turner([config(told, ptz=PTZ)], settle=LONG)
    one.start()
    wait_for(lambda: one._mounts["c-1-01"].failures > 0)
    assert not one.is_away("c-1-01")
    one.stop()


def test_on_its_way_home_it_is_still_away(told: Soap) -> None:
    with turner(told, settle=LONG) as one:
        lease = new_id()
        one.do(goto(lease), LONG, masked=False)
        one.do(Release(camera="c-1-01", lease=lease), 0.0, masked=False)
        assert places(told) == ["2", "1"]
        assert one.is_away("c-1-01")


def test_a_movement_that_cannot_be_stopped_is_stopped_once_it_can(told: Soap) -> None:
    with turner(told) as one:
        told.body = lambda question: (
            b"" if question == "Stop" and told.questions().count("Stop") < 3 else None
        )
        one.do(move(new_id()), LONG, masked=False)
        wait_for(lambda: one._mounts["c-1-01"].halt_at is None)
        assert told.questions().count("Stop") == 3


def test_a_movement_stops_when_its_moment_is_over(told: Soap) -> None:
    with turner(told) as one:
        one.do(move(new_id()), LONG, masked=False)
        wait_for(lambda: "Stop" in told.questions())
        assert told.questions().index("ContinuousMove") < told.questions().index("Stop")


def test_whoever_lost_it_cannot_send_it_home(told: Soap) -> None:
    with turner(told) as one:
        before, after = new_id(), new_id()
        one.do(goto(before), LONG, masked=False)
        one.do(goto(after, "gate"), LONG, masked=False)
        with pytest.raises(Unable, match="somebody else's"):
            one.do(Release(camera="c-1-01", lease=before), 0.0, masked=False)


@pytest.mark.parametrize(
    ("args", "masked", "words"),
    [
        (goto("l", "roof"), False, "its presets: gate, lane"),
        (goto("l"), True, "has masks"),
        (Goto(camera="c-9-99", lease="l", preset="gate", until=UNTIL), False, "cannot be turned"),
    ],
)
def test_what_cannot_be_turned_is_refused_with_a_sentence(
    told: Soap, args: Steer, masked: bool, words: str
) -> None:
    with turner(told) as one, pytest.raises(Unable, match=words):
        one.do(args, LONG, masked=masked)
    assert "GotoPreset" not in told.questions()


def test_home_is_one_of_the_presets() -> None:
    with pytest.raises(ValueError, match="must be one of presets: gate"):
        PtzConfig(home="roof", presets={"gate": "1"})
