from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from edge.agent import Agent
from edge.camera.health import Health
from edge.config import SirenConfig
from edge.envelope import lane, seal
from tests.edge.market import DEVICE, KEY, config
from tests.edge.scene import BEGIN, Pointer, StillEye, frame, watched
from tests.wire.samples import BODIES
from wire.message import Manifest, Range, Sos, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    mark = ("touch", str(tmp_path / "sounding"))
    told = msgspec.structs.replace(
        config(tmp_path, 1, 1, watched()), metrics="127.0.0.1:0", siren=SirenConfig(on=mark, off=mark)
    )
    one = Agent(told, KEY, Pointer(), open_eye=lambda camera, clips: StillEye(camera.id, clips))
    one.start()
    yield one
    one.stop()


def asked(agent: Agent, path: str) -> tuple[int, str]:
    assert agent.metrics is not None
    try:
        with urlopen(f"http://127.0.0.1:{agent.metrics.port}{path}") as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def figures(agent: Agent) -> dict[tuple[str, ...], float]:
    status, text = asked(agent, "/metrics")
    assert status == 200
    return {
        (sample.name.removeprefix("lianfang_edge_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_tell_what_waits_in_which_lane_and_how_long_the_hub_is_silent(agent: Agent) -> None:
    manifest = next(body for body in BODIES if isinstance(body, Manifest))
    for body in (Sos(call=new_id(), button="panic"), manifest, manifest):
        agent.outbox.put(seal(DEVICE, agent.outbox.epoch, body), lane(body))
    found = figures(agent)
    assert [found["outbox_rows", name] for name in ("alarm", "state", "bulk")] == [1, 0, 2]
    assert found["outbox_bytes",] > 500
    assert 0 < found["hub_silent_seconds",] < 30
    assert (found["hub_silent",], found["link_connected",]) == (0, 0)
    assert found["process_resident_memory_bytes",] > 20e6
    agent.outbox.receipted([Range(agent.outbox.epoch, 1, 3)])
    assert figures(agent)["outbox_rows", "bulk"] == 0


def test_health_tells_the_truth_about_hub_and_cameras(agent: Agent) -> None:
    status, text = asked(agent, "/health")
    said = json.loads(text)
    assert (status, said["good"], said["connected"], said["queued"]) == (503, False, False, 0)
    assert set(said["cameras"]) == {"c-2-01"}
    agent.link.connected = True
    eye = agent.watches[0].eye
    assert isinstance(eye, StillEye)
    eye.state = Health("c-2-01", "live", 0.0, fps=5.0, clock_off=-3.5)
    assert asked(agent, "/health")[0] == 200
    assert figures(agent)["camera_clock_seconds", "c-2-01"] == -3.5
    eye.state = Health("c-2-01", "lost", 0.0, "silent")
    assert asked(agent, "/health")[0] == 503
    assert figures(agent)["camera_live", "c-2-01"] == 0


def test_anything_else_is_told_where_to_look(agent: Agent) -> None:
    assert asked(agent, "/etc/passwd") == (404, "/metrics or /health\n")


def test_pictures_that_the_box_has_no_time_for_are_counted_and_said(agent: Agent) -> None:
    eye = agent.watches[0].eye
    assert isinstance(eye, StillEye)
    eye.frames = [replace(frame(BEGIN + number / 5), seq=number) for number in (1, 2, 3, 6, 7, 12)]
    for _ in range(6):
        assert agent.turns.once()
    found = figures(agent)
    counted = [found["camera_pictures_total", "c-2-01", name] for name in ("looked", "detected", "skipped")]
    assert counted == [6, 3, 6]
    said = json.loads(asked(agent, "/health")[1])["skipped"]["c-2-01"]
    assert said.startswith(
        "6 of the last 12 pictures were not looked at for want of time: give this box fewer"
    )
