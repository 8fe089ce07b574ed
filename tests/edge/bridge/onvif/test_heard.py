"""From a camera's own alarm to the hub, through a whole edge and a real broker."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from edge.agent import Agent
from edge.bridge.onvif import build
from edge.rule.hand import Hands
from tests.edge.bridge.onvif.soap import soap
from tests.edge.bridge.onvif.test_ear import MOTION
from tests.edge.bridge.onvif.test_ear import config as camera
from tests.edge.market import KEY, Hub, config, wait_for
from tests.edge.scene import Pointer, StillEye, frame
from wire.message import Event

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from hub.gear.broker import Broker
    from tests.edge.door import Door


def test_an_edge_whose_cameras_have_no_onvif_loads_nothing_of_it(tmp_path: Path) -> None:
    assert build.ear(config(tmp_path), lambda *_: None, Hands()) is None


def test_what_a_camera_raises_alarm_about_reaches_the_hub_with_a_picture(
    tmp_path: Path, running: Broker, web: Door, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.turns.PICTURE_WITHIN", 60.0)
    hub.receipting = True
    with soap() as told:
        watched = msgspec.structs.replace(camera(told, armed=()), id="c-2-01")
        given = config(tmp_path, running.port, web.server_port, watched)
        agent = Agent(given, KEY, Pointer(), open_eye=lambda one, clips: StillEye(one.id, clips))
        agent.start()
        try:
            told.note(MOTION)

            def arrived() -> list[Event]:
                eye = agent.watches[0].eye
                assert isinstance(eye, StillEye)
                eye.frames.append(frame(time.time()))
                agent.turns.once()
                bodies = [envelope.body for envelope in hub.of("event")]
                return [body for body in bodies if isinstance(body, Event) and body.kind == "intrusion"]

            wait_for(arrived)
            (event, *_) = arrived()
        finally:
            agent.stop()
    assert (event.camera, event.phase, event.trust) == ("c-2-01", "new", "low")
    assert event.reason == "the camera says RuleEngine/CellMotionDetector/Motion (1)"
    assert event.thumb
