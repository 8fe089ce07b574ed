"""A whole edge records a camera, tells its hub of each piece, and sends what the hub asks for."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.agent import Agent
from edge.config import RecordConfig, RecordingsConfig
from tests.edge.camera import film as films
from tests.edge.market import DEVICE, KEY, Hub, wait_for
from tests.edge.order.test_obeys import answer, patient, signer, told
from tests.edge.scene import Pointer
from wire import order as o
from wire.message import Manifest, Segment, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.gear.broker import Broker
    from tests.edge.door import Door
    from wire.sign import Signer

__all__ = ["patient", "signer"]


@pytest.fixture
def agent(tmp_path: Path, running: Broker, web: Door, hub: Hub, signer: Signer) -> Iterator[Agent]:  # noqa: ARG001
    hub.receipting = True
    plain = told(tmp_path, running, web)
    film = films.write(tmp_path / "film.mp4", 120)
    camera = msgspec.structs.replace(plain.cameras[0], url=str(film), zones=(), record=RecordConfig())
    config = msgspec.structs.replace(plain, cameras=(camera,), recordings=RecordingsConfig(seconds=10))
    made = Agent(config, KEY, Pointer())
    thread = threading.Thread(target=made.turns.run)
    made.start()
    thread.start()
    wait_for(lambda: made.link.connected and made.link._listening)
    yield made
    made.turns.end()
    thread.join()
    made.stop()


def test_what_was_recorded_is_told_and_sent_on_demand(
    agent: Agent, hub: Hub, web: Door, signer: Signer, tmp_path: Path
) -> None:
    began = time.time()
    folder = agent.keeper.archive.folder
    wait_for(lambda: any(path.stat().st_size > 8_000 for path in folder.glob("*/*/*.open")))
    begin = datetime.now(UTC) - timedelta(seconds=3)
    args = o.Clip(camera="c-2-01", seconds=1.5, begin=begin, browser=True)
    now = datetime.now(UTC)
    made = o.Command(new_id(), DEVICE, args, now, now + o.LIFE, 1)
    hub.say("command", o.encode(signer.sign(made)))
    assert answer(hub, made.id).outcome == "done"
    wait_for(lambda: hub.of("manifest") and web.stored)
    manifest = hub.of("manifest")[0].body
    assert isinstance(manifest, Manifest)
    assert manifest.event == made.id
    assert manifest.cpu_s is None, "H.264 is copied"
    assert abs((manifest.began - begin).total_seconds()) < 0.2
    (clip,) = web.stored.values()
    (tmp_path / "clip.mp4").write_bytes(clip)
    assert len(list(films.read(tmp_path / "clip.mp4"))) >= 14
    wait_for(lambda: hub.of("segment"))
    segment = hub.of("segment")[0].body
    assert isinstance(segment, Segment)
    assert segment.camera == "c-2-01"
    assert segment.began.timestamp() > began - 1
    assert (segment.ended - segment.began).total_seconds() >= 9.9, "clocks are told in microseconds"
    assert segment.kept_from == segment.began


def test_a_time_that_is_not_kept_is_refused_in_words(agent: Agent, hub: Hub, signer: Signer) -> None:  # noqa: ARG001
    now = datetime.now(UTC)
    args = o.Clip(camera="c-2-01", seconds=5, begin=now - timedelta(days=2))
    made = o.Command(new_id(), DEVICE, args, now, now + o.LIFE, 1)
    hub.say("command", o.encode(signer.sign(made)))
    said = answer(hub, made.id)
    assert (said.outcome, said.reason) == ("refused", "nothing is recorded of c-2-01 at that time")
