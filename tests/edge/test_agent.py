from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.agent import Agent
from edge.camera.health import Health
from edge.config import CameraConfig, ConfigError, EdgeConfig, SirenConfig
from edge.crew import open_source
from edge.disk import DiskError
from edge.key import read_key
from edge.pulse import resident
from tests.conftest import comes_back, ended
from tests.edge.market import DEVICE, KEY, Hub, config, wait_for
from tests.edge.scene import BEGIN, Pointer, StillEye, crossing, frame, watched
from tests.wire.samples import BODIES
from wire.message import Beat, Event, Manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.gear.broker import Broker
    from tests.edge.door import Door

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models" / "nanodet_g" / "int8_352x288.onnx"


@pytest.fixture
def hub(hub: Hub) -> Hub:
    hub.receipting = True
    return hub


@pytest.fixture
def make(tmp_path: Path, running: Broker, web: Door) -> Iterator[Callable[..., Agent]]:
    agents: list[Agent] = []

    def one(*cameras: CameraConfig) -> Agent:
        told = config(tmp_path, running.port, web.server_port, *(cameras or (watched(),)))
        agents.append(Agent(told, KEY, Pointer(), open_eye=lambda camera, clips: StillEye(camera.id, clips)))
        return agents[-1]

    yield one
    for agent in agents:
        agent.stop()


def eye(agent: Agent, number: int = 0) -> StillEye:
    found = agent.watches[number].eye
    assert isinstance(found, StillEye)
    return found


def turns(agent: Agent, number: int) -> list[bool]:
    return [agent.turns.once() for _ in range(number)]


def events(hub: Hub) -> list[Event]:
    return [body for envelope in hub.of("event") if isinstance(body := envelope.body, Event)]


def test_from_a_picture_to_the_hub_event_still_and_clip(
    make: Callable[..., Agent], hub: Hub, web: Door
) -> None:
    agent = make()
    agent.start()
    eye(agent).frames = crossing(time.time() - 20)
    turns(agent, 30)
    wait_for(lambda: len(web.stored) == 2)
    wait_for(lambda: len(hub.of("manifest")) == 2)
    (event,) = events(hub)
    assert (event.kind, event.phase, event.camera, event.zone) == ("intrusion", "new", "c-2-01", "yard")
    manifests = [body for envelope in hub.of("manifest") if isinstance(body := envelope.body, Manifest)]
    assert {ref.role for body in manifests for ref in body.media} == {"still", "clip"}
    assert {ref.sha256 for body in manifests for ref in body.media} == set(web.stored)
    assert {body.event for body in manifests} == {event.event}
    wait_for(lambda: not agent.outbox.counts().queued and not agent.spool.waiting())


def test_one_turn_looks_at_one_camera_and_the_next_at_the_next(make: Callable[..., Agent]) -> None:
    agent = make(CameraConfig(id="c-1", url=0), CameraConfig(id="c-2", url=1), CameraConfig(id="c-3", url=2))
    for number in range(3):
        eye(agent, number).frames = [frame(BEGIN + n) for n in range(10 if number == 0 else 2)]
    turns(agent, 6)
    assert [len(eye(agent, number).frames) for number in range(3)] == [8, 0, 0], "a busy one takes no more"


def test_each_camera_shows_itself_live_as_often_as_it_is_told(make: Callable[..., Agent], web: Door) -> None:
    agent = make(watched(still_every=2.0))
    agent.start()
    for number in range(31):
        eye(agent).frames = [frame(BEGIN + number / 5)]
        turns(agent, 1)
        time.sleep(0.01)
    wait_for(lambda: len(web.stills) >= 4)
    assert [(name, at[14:19]) for name, at, _ in web.stills] == [
        ("c-2-01", "46:40"),
        ("c-2-01", "46:42"),
        ("c-2-01", "46:44"),
        ("c-2-01", "46:46"),
    ]
    assert all(data.startswith(b"\xff\xd8\xff") for _, _, data in web.stills)


def test_a_lost_camera_is_told_and_the_next_beat_does_not_wait(make: Callable[..., Agent], hub: Hub) -> None:
    agent = make()
    eye(agent).state = Health("c-2-01", "lost", time.time() - 60, "silent", "no answer within 5 s")
    agent.start()
    wait_for(lambda: agent.turns.once() or hub.of("beat"))
    wait_for(lambda: events(hub))
    assert (events(hub)[0].kind, events(hub)[0].reason) == ("lost", "silent")
    eye(agent).state = Health("c-2-01", "live", time.time(), fps=10.0, delay=0.2)
    wait_for(lambda: agent.turns.once() or len(hub.of("beat")) >= 2)
    beat = hub.of("beat")[-1].body
    assert isinstance(beat, Beat)
    assert [(camera.state, camera.fps, camera.delay_ms) for camera in beat.cameras] == [("live", 10.0, 200.0)]
    assert beat.rss_mb > 20


def test_a_camera_over_which_it_stumbles_does_not_stop_the_others(
    make: Callable[..., Agent], caplog: pytest.LogCaptureFixture
) -> None:
    agent = make(CameraConfig(id="c-1", url=0), watched())
    eye(agent, 0).frames = [None] * 50  # type: ignore[list-item]
    agent.watches[0].look = None  # type: ignore[assignment, method-assign]
    eye(agent, 0).frames = [frame(BEGIN + n) for n in range(50)]
    eye(agent, 1).frames = crossing()
    thread = threading.Thread(target=agent.turns.run)
    thread.start()
    wait_for(lambda: not eye(agent, 1).frames)
    agent.turns.end()
    thread.join()
    assert "camera c-1: looking stumbled" in caplog.text
    assert agent.outbox.counts().queued >= 1


def test_who_stops_it_is_told_what_was_open_and_waits_for_no_clip(
    make: Callable[..., Agent], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.tell.SETTLE", 100.0)
    monkeypatch.setattr("edge.tell.IDLE", 100.0)
    agent = make()
    agent.start()
    eye(agent).frames = crossing(time.time() - 6)
    turns(agent, 30)
    wait_for(lambda: events(hub))
    assert comes_back(agent.stop)
    assert ended(agent.teller._worker)
    assert not eye(agent).running
    assert eye(agent).asked == [], "a clip that is not cut yet never will be"
    wait_for(lambda: [event.phase for event in events(hub)] == ["new", "end"])


def test_what_it_promised_before_it_died_the_next_start_delivers(
    make: Callable[..., Agent], hub: Hub, web: Door
) -> None:
    dead = make()
    eye(dead).frames = crossing(time.time() - 20)
    turns(dead, 30)
    dead.teller.once(time.time())
    dead.outbox.close()
    after = make()
    after.start()
    wait_for(lambda: events(hub) and len(hub.of("manifest")) == 2 and len(web.stored) == 2)
    assert {envelope.epoch for envelope in hub.of("event")} == {dead.outbox.epoch}


def test_an_edge_whose_hub_is_silent_sounds_its_siren_until_the_hub_is_heard(
    tmp_path: Path, hub: Hub, running: Broker, web: Door
) -> None:
    relay = tmp_path / "relay"
    told = msgspec.structs.replace(
        config(tmp_path, running.port, web.server_port, watched()),
        siren=SirenConfig(
            on=("sh", "-c", f"echo on >> {relay}"),
            off=("sh", "-c", f"echo off >> {relay}"),
        ),
    )
    agent = Agent(told, KEY, Pointer(), open_eye=lambda camera, clips: StillEye(camera.id, clips))
    agent.silence._within = 0.5
    agent.start()
    try:
        wait_for(relay.exists)
        agent.silence._within = 30.0
        hub.pulse()
        wait_for(lambda: relay.read_text() == "on\noff\n")
    finally:
        agent.stop()
    assert relay.read_text() == "on\noff\n"


def test_an_alarm_that_the_disk_does_not_take_reaches_the_hub(make: Callable[..., Agent], hub: Hub) -> None:
    agent = make()
    agent.outbox._store._db.execute(
        "CREATE TEMP TRIGGER worn BEFORE INSERT ON row BEGIN SELECT RAISE(ABORT, 'worn out'); END"
    )
    agent.start()
    eye(agent).frames = crossing(time.time() - 20)
    turns(agent, 30)
    wait_for(lambda: [event.kind for event in events(hub)] == ["intrusion"])
    wait_for(lambda: not agent.outbox.counts().held)


def test_its_beat_tells_which_numbers_were_given_up(make: Callable[..., Agent], hub: Hub) -> None:
    agent = make()
    agent.outbox._store._most = 2_000
    manifest = next(body for body in BODIES if isinstance(body, Manifest))
    for _ in range(10):
        agent.teller.put(manifest)
    given = agent.outbox.given_up()
    assert sum(span.last - span.first + 1 for span in given) == agent.outbox.counts().dropped > 3
    agent.start()
    wait_for(lambda: hub.of("beat"))
    beat = hub.of("beat")[0].body
    assert isinstance(beat, Beat)
    assert beat.given_up == given
    assert beat.dropped == agent.outbox.counts().dropped


def test_a_second_agent_on_the_same_data_is_refused(make: Callable[..., Agent]) -> None:
    make()
    with pytest.raises(DiskError, match="another agent uses this file"):
        make()


def test_a_key_that_is_not_there_is_said(tmp_path: Path) -> None:
    file = tmp_path / "edge.key"
    with pytest.raises(ConfigError, match=r"edge\.key: the device's key cannot be read"):
        read_key(file)
    file.write_text(" \n")
    with pytest.raises(ConfigError, match="the device's key is empty"):
        read_key(file)
    file.write_text("secret\n")
    assert read_key(file) == "secret"


def test_a_camera_is_opened_as_it_is_told(tmp_path: Path) -> None:
    source = open_source(CameraConfig(id="c-1", url="12", masks=(((0, 0), (1, 0), (1, 1)),)), tmp_path)
    assert (source.camera, source._setup.url, source._setup.ring_seconds) == ("c-1", 12, 25.0)
    assert source._setup.masks
    source.stop()


def test_memory_of_what_is_gone_counts_nothing() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert resident([child.pid]) == 0
    assert resident([os.getpid()]) > 20e6


@pytest.fixture
def program(
    vtest: Path, tmp_path: Path, running: Broker, web: Door
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """The edge as a process of its own, on real footage with the real detector."""
    if not MODEL.exists():
        pytest.skip(f"no {MODEL.relative_to(ROOT)}: run `python3 -m launch setup`")
    file = written(config(tmp_path, running.port, web.server_port), vtest, tmp_path)
    started: list[subprocess.Popen[bytes]] = []

    def one() -> subprocess.Popen[bytes]:
        words = (sys.executable, "-W", "error", "-m", "edge", "run", "--config", str(file))
        started.append(subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE))
        return started[-1]

    yield one
    for child in started:
        child.kill()
        child.communicate()


def written(told: EdgeConfig, clip: Path, folder: Path) -> Path:
    """An edge's file whose one camera shows `clip` and forbids the way at its right."""
    (folder / "key").write_text(KEY)
    way = [[0.80, 0.44], [1.00, 0.56], [1.00, 0.84], [0.78, 0.66]]
    camera = {
        "id": "c-3-17",
        "url": str(clip),
        "post_roll": 1,
        "zones": [{"id": "lane", "polygon": way, "rules": [{"kind": "intrusion", "cooldown": 600}]}],
    }
    data = {
        "device": DEVICE,
        "market": told.market,
        "hub": {"mqtt": told.hub.mqtt, "http": told.hub.http, "password_file": told.hub.password_file},
        "data": told.data,
        "detector": {"model": str(MODEL)},
        "cameras": [camera],
    }
    file = folder / "edge.yaml"
    file.write_text(json.dumps(data))
    return file


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(word) for task in tasks for word in (task / "children").read_text().split()]


def test_real_footage_becomes_an_event_and_killed_it_leaves_no_process_and_no_gap(
    program: Callable[[], subprocess.Popen[bytes]], hub: Hub, web: Door
) -> None:
    first = program()
    wait_for(lambda: events(hub))
    event = events(hub)[0]
    assert (event.kind, event.boxes[0].label, event.picture) == ("intrusion", "person", (768, 576))
    cameras = children(first.pid)
    assert cameras
    first.kill()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in cameras))
    second = program()
    wait_for(lambda: len({envelope.epoch for envelope in hub.of("event")}) == 2)
    wait_for(lambda: any(len(data) > 100_000 for data in web.stored.values()))
    for epoch in {envelope.epoch for envelope in hub.of("event")}:
        seqs = {
            e.seq or 0 for kind, _, e in list(hub.heard) if kind in {"event", "manifest"} and e.epoch == epoch
        }
        assert seqs == set(range(1, max(seqs) + 1))
    cameras = children(second.pid)
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in cameras)
    assert second.stderr is not None
    assert b"Traceback" not in second.stderr.read()
