"""What the hub signs turns a camera: through a real broker, a whole edge and the camera's own server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.agent import Agent
from tests.edge.bridge.onvif.soap import soap
from tests.edge.bridge.onvif.test_ear import config as camera
from tests.edge.bridge.onvif.test_turn import PTZ, places
from tests.edge.market import DEVICE, KEY, Hub, config, wait_for
from tests.edge.scene import Pointer, StillEye
from wire import order as o
from wire.message import Beat, Reply, new_id
from wire.sign import Signer, make_key

if TYPE_CHECKING:
    from pathlib import Path

    from edge.config import CameraConfig
    from hub.gear.broker import Broker
    from tests.edge.door import Door

MASK = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.2))


def ordered(hub: Hub, signer: Signer, args: o.Args, counter: int) -> Reply:
    """What the edge answers to an order."""
    now = datetime.now(UTC)
    made = o.Command(new_id(), DEVICE, args, now, now + o.LIFE, counter)
    hub.say("command", o.encode(signer.sign(made)))

    def answers() -> list[Reply]:
        return [e.body for e in hub.of("reply") if isinstance(e.body, Reply) and e.body.to == made.id]

    wait_for(answers)
    return answers()[0]


@pytest.mark.parametrize("masked", [False, True])
def test_whoever_the_hub_lets_turn_a_camera_turns_it_unless_it_has_masks(
    tmp_path: Path, running: Broker, web: Door, hub: Hub, masked: bool
) -> None:
    hub.receipting = True
    make_key(tmp_path / "orders.pem")
    signer = Signer(tmp_path / "orders.pem")
    (tmp_path / "orders.pub").write_bytes(signer.public)
    with soap() as told:
        one = camera(told, ptz=PTZ, events=False)
        seen: CameraConfig = msgspec.structs.replace(one, id="c-2-01", masks=(MASK,) if masked else ())
        plain = config(tmp_path, running.port, web.server_port, seen)
        named = msgspec.structs.replace(plain.hub, orders_key_file=str(tmp_path / "orders.pub"))
        given = msgspec.structs.replace(plain, hub=named)
        agent = Agent(given, KEY, Pointer(), open_eye=lambda each, clips: StillEye(each.id, clips))
        agent.start()
        try:
            wait_for(lambda: agent.link.connected and agent.link._listening)
            wait_for(lambda: places(told) == ["1"])
            lease, until = new_id(), datetime.now(UTC) + timedelta(minutes=1)
            goto = o.Goto(camera="c-2-01", lease=lease, preset="lane", until=until)
            answer = ordered(hub, signer, goto, 1)
            assert answer.outcome == ("refused" if masked else "done"), answer.reason
            if not masked:
                assert ordered(hub, signer, o.Release(camera="c-2-01", lease=lease), 2).outcome == "done"
            assert places(told) == (["1"] if masked else ["1", "2", "1"])
            wait_for(lambda: hub.of("beat"))
            beat = hub.of("beat")[0].body
            assert isinstance(beat, Beat)
            assert beat.turns == {"c-2-01": ("gate", "lane")}
        finally:
            agent.stop()
