"""The hub is told by what each camera is watched: at the start, and again when that is another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from edge.carrier import Carrier
from edge.crew import Crew
from edge.rules import FREE
from edge.scenes import AGAIN, OFTEN, Scenes
from edge.stills import Stills
from edge.veil import Veil
from tests.edge.door import Door, door
from tests.edge.market import DEVICE, KEY, config
from tests.edge.scene import StillEye, watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.config import CameraConfig


@pytest.fixture
def hub() -> Iterator[Door]:
    with door() as one:
        yield one


def crew(folder: Path, *more: CameraConfig) -> Crew:
    told = config(folder, 1, 1, watched(), *more)
    return Crew(told, told.cameras, lambda camera, clips: StillEye(camera.id, clips), folder, FREE)


def zones(hub: Door) -> list[list[str]]:
    return [[zone["id"] for zone in json.loads(data).get("zones", [])] for _, data in hub.scenes]


def test_each_camera_is_told_once_and_again_when_it_is_drawn_anew(hub: Door, tmp_path: Path) -> None:
    cameras = crew(tmp_path)
    scenes = Scenes(Carrier(hub.hub, DEVICE, KEY), cameras.watches)
    scenes.once(0.0)
    scenes.once(1.0)
    assert zones(hub) == [["yard"]]
    cameras.swap([replace(watched(), zones=())])
    scenes.once(2.0)
    assert len(hub.scenes) == 1, "it does not hold yet"
    cameras.take_over()
    scenes.once(3.0)
    assert zones(hub) == [["yard"], []]
    scenes.once(OFTEN + 1)
    assert zones(hub) == [["yard"], [], []], "a hub that has forgotten hears it again"
    scenes.stop()


@pytest.mark.parametrize("status", [401, 404, 429, 503])
def test_what_the_hub_does_not_take_now_is_told_again_and_keeps_no_other_camera_waiting(
    hub: Door, tmp_path: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    scenes = Scenes(Carrier(hub.hub, DEVICE, KEY), crew(tmp_path, replace(watched(), id="c-2-02")).watches)
    hub.unwanted["c-2-01"] = status
    scenes.once(0.0)
    assert [camera for camera, _ in hub.scenes] == ["c-2-02"]
    scenes.once(AGAIN)
    assert [record.levelname for record in caplog.records] == ["WARNING"], "said once"
    hub.unwanted.clear()
    scenes.once(AGAIN + 1.0)
    assert len(hub.scenes) == 1, "not at once"
    scenes.once(2 * AGAIN)
    assert [camera for camera, _ in hub.scenes] == ["c-2-02", "c-2-01"]
    scenes.stop()


def test_what_the_hub_says_is_nothing_drawn_is_not_told_again_and_again(hub: Door, tmp_path: Path) -> None:
    scenes = Scenes(Carrier(hub.hub, DEVICE, KEY), crew(tmp_path).watches)
    hub.unwanted["c-2-01"] = 422
    scenes.once(0.0)
    hub.unwanted.clear()
    scenes.once(AGAIN)
    assert hub.scenes == []
    scenes.stop()


def test_a_hub_that_is_away_is_told_later(tmp_path: Path) -> None:
    with door() as hub:
        gone = hub.hub
    scenes = Scenes(Carrier(gone, DEVICE, KEY), crew(tmp_path).watches)
    assert scenes.once(0.0) > 1.0
    assert not scenes._told
    scenes.stop()


def test_a_picture_that_waits_does_not_leave_once_its_camera_is_veiled(hub: Door) -> None:
    veil = Veil()
    stills = Stills(Carrier(hub.hub, DEVICE, KEY), veil)
    stills.show("c-1", 1.0, b"unmasked")
    stills.show("c-2", 1.0, b"other")
    veil.draw("c-1")
    stills.once(0.0)
    assert [name for name, _, _ in hub.stills] == ["c-2"]
    veil.lift("c-1")
    stills.show("c-1", 2.0, b"masked")
    stills.once(0.0)
    assert [data for _, _, data in hub.stills] == [b"other", b"masked"]
    stills.stop()
