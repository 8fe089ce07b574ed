"""A camera that somebody has turned: its zones do not watch, and it is not taken for one that was moved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from edge.camera.frame import Frame
from edge.config import OnvifConfig, PtzConfig
from edge.pulse import ROOM, turns
from edge.watch import Watch
from tests.edge.market import config
from tests.edge.scene import BEGIN, Pointer, StillEye, crossing, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.rule.change import Change

HOME, AWAY = 1, 2


def view(seed: int, seconds: float, began: float) -> Iterator[Frame]:
    """What a camera shows while it points somewhere."""
    random = np.random.default_rng(seed)
    base = np.full((120, 160), 120, np.int16)
    for _ in range(14):
        left, top = random.integers(0, 140), random.integers(0, 100)
        base[top : top + random.integers(10, 50), left : left + random.integers(10, 60)] = random.integers(
            20, 230
        )
    for n in range(round(seconds * 2)):
        noise = np.random.default_rng(n).integers(-15, 15, base.shape)
        grey = np.clip(base + noise, 0, 255).astype(np.uint8)
        yield Frame("c-2-01", began + n / 2, n, np.repeat(grey[:, :, None], 3, axis=2))


class Seat:
    def __init__(self) -> None:
        camera = watched()
        self.watch = Watch(camera, config(Path("none"), 1, 1, camera), StillEye())
        self.at = BEGIN

    def look(self, seed: int, seconds: float, *, away: bool = False) -> list[str]:
        self.watch.away = away
        found: list[Change] = []
        for one in view(seed, seconds, self.at):
            found += self.watch.look(one, Pointer())
        self.at += seconds
        return [f"{change.kind} {change.phase}" for change in found if change.kind == "moved"]


def test_a_camera_that_somebody_turns_is_not_taken_for_one_that_was_moved() -> None:
    seat = Seat()
    assert seat.look(HOME, 60) == []
    assert seat.look(AWAY, 60, away=True) == []
    assert seat.look(HOME, 60) == []


def test_one_that_is_moved_by_hand_is_told() -> None:
    seat = Seat()
    assert seat.look(HOME, 60) == []
    assert seat.look(AWAY, 60) == ["moved new"]


def test_one_that_does_not_come_home_is_told() -> None:
    seat = Seat()
    seat.look(HOME, 60)
    seat.look(AWAY, 60, away=True)
    assert seat.look(AWAY, 60) == ["moved new"]


def test_what_goes_on_in_a_zone_ends_when_the_camera_is_turned_and_nobody_is_told_of_there() -> None:
    camera = watched()
    watch = Watch(camera, config(Path("none"), 1, 1, camera), StillEye())
    frames = crossing()
    half = len(frames) * 3 // 4
    before = [change for each in frames[:half] for change in watch.look(each, Pointer())]
    watch.away = True
    after = [change for each in frames[half:] for change in watch.look(each, Pointer())]
    assert [change.phase for change in before] == ["new"]
    assert [change.phase for change in after] == ["end"]


def test_a_clock_that_only_the_camera_itself_tells_of_is_judged_too() -> None:
    camera = watched()
    watch = Watch(camera, config(Path("none"), 1, 1, camera), StillEye())
    watch.asked_off = -120.0
    changes = [change for second in range(0, 120, 10) for change in watch.sight(BEGIN + second, "high")]
    assert [(change.kind, change.phase) for change in changes] == [("clock", "new")]


def test_a_beat_tells_of_the_presets_and_never_grows_beyond_its_room() -> None:
    ptz = PtzConfig(home="gate", presets={"lane": "2", "gate": "1"})
    one = msgspec.structs.replace(watched(), onvif=OnvifConfig(address="a", ptz=ptz))
    assert turns([one]) == {one.id: ("gate", "lane")}
    many = PtzConfig(home="p0", presets={f"p{n}" + "x" * 60: "1" for n in range(31)} | {"p0": "1"})
    wide = OnvifConfig(address="a", ptz=many)
    cameras = [msgspec.structs.replace(watched(), id=f"c-{n}", onvif=wide) for n in range(64)]
    assert 0 < len(msgspec.json.encode(turns(cameras))) <= ROOM + 200
