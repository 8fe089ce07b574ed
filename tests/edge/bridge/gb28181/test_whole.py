"""A whole edge between a platform above and a recorder below."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from edge.agent import Agent
from edge.config.gb28181 import BelowConfig, DevicesConfig, Gb28181Config, SightedConfig
from edge.rule.change import Change, Facts
from tests.edge.bridge.gb28181.conftest import above
from tests.edge.bridge.gb28181.peer import CAMERA, DOWN, OTHER, PASSWORD, PLATFORM, US, Platform, Recorder
from tests.edge.market import KEY, config, wait_for
from tests.edge.scene import Pointer, StillEye, watched
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def agent(tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    monkeypatch.setattr("edge.bridge.gb28181.bridge.LEAVE_WITHIN", 20.0)
    key = tmp_path / "password"
    key.write_text(f"{PASSWORD}\n", encoding="utf-8")
    up = above(platform, password_file=str(key))
    up = msgspec.structs.replace(up, cameras=up.cameras[:1])
    recorder = BelowConfig(DOWN, str(key), cameras=(SightedConfig(OTHER, "c-9-01"),))
    bridge = Gb28181Config("127.0.0.1:0", (up,), DevicesConfig(US, ("127.0.0.0/8",), (recorder,)))
    told = msgspec.structs.replace(config(tmp_path, 1, 1, watched()), metrics="127.0.0.1:0", gb28181=bridge)
    one = Agent(told, KEY, Pointer(), open_eye=lambda camera, clips: StillEye(camera.id, clips))
    one.start()
    yield one
    one.stop()


def asked(agent: Agent, path: str) -> str:
    assert agent.metrics is not None
    try:
        with urlopen(f"http://127.0.0.1:{agent.metrics.port}{path}") as answer:
            return str(answer.read().decode())
    except HTTPError as refusal:
        with refusal:
            return str(refusal.read().decode())


def state(agent: Agent) -> dict[str, dict[str, str]]:
    return dict(json.loads(asked(agent, "/health"))["gb28181"])


def say(agent: Agent, *, drill: bool = False) -> None:
    watch = agent.watches[0]
    change = Change(new_id(), "new", "intrusion", "yard", 1_000.0, 1_000.0, Facts(0.9, drill=drill))
    agent.teller.say(change, watch.camera, watch.eye, None)


def test_events_go_up_alarms_come_in_and_both_are_seen_in_figures_and_health(
    agent: Agent, platform: Platform
) -> None:
    wait_for(lambda: state(agent)["above"].get(PLATFORM) == "registered")
    say(agent, drill=True)
    say(agent)
    assert agent.bridge is not None
    counts = agent.bridge.counts
    wait_for(lambda: counts["alarm_told"])
    assert [one.tag("DeviceID") for one in platform.told("Alarm")] == [CAMERA], "a drill stays in the house"
    recorder = Recorder(agent.bridge.port)
    before = agent.outbox.counts().queued
    assert recorder.register() == 200
    assert recorder.alarm("5", "6", code=OTHER) == 200
    assert agent.outbox.counts().queued == before + 1, "it is promised before it is answered"
    recorder.close()
    assert state(agent)["below"] == {DOWN: "registered"}
    found = {
        (sample.name.removeprefix("lianfang_edge_gb28181_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(asked(agent, "/metrics"))
        for sample in family.samples
    }
    assert found["registered", PLATFORM] == found["device", DOWN] == 1
    assert (found["registrations_total", PLATFORM], found["waiting", PLATFORM]) == (1, 0)
    assert (found["counted_total", "alarm_told"], found["counted_total", "alarm_taken"]) == (1, 1)
    agent.stop()
    wait_for(lambda: platform.registered == {})
