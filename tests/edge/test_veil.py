"""While a camera's masks change nothing of it goes to the hub, and never what was seen before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from edge.agent import Agent
from edge.carrier import Carrier
from edge.relay import Relay
from edge.stills import Stills
from edge.veil import Veil
from tests.edge.door import Door, door
from tests.edge.market import DEVICE, KEY, config
from tests.edge.scene import BEGIN, Pointer, StillEye, frame, watched
from wire.relay import Head, Stream, pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Way:
    """A socket that is open; keeps what goes over it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, message: bytes) -> None:
        self.sent.append(message)


@pytest.fixture
def hub() -> Iterator[Door]:
    with door() as one:
        yield one


def packet(camera: str) -> bytes:
    head = Head(Stream(camera), key=True, codec="h264", width=320, height=240, at=1_000_000.0)
    return pack(head, b"\0\0\0\1picture")


def test_no_packet_leaves_while_its_cameras_masks_change(hub: Door) -> None:
    veil, way = Veil(), Way()
    relay = Relay(hub.hub, DEVICE, KEY, dict, veil)
    open_way: Any = way
    relay._connection = open_way
    veil.draw("c-1")
    relay.take(packet("c-1"))
    relay.take(packet("c-2"))
    assert way.sent == [packet("c-2")]
    assert (relay.sent, relay.lost) == (1, 1)
    veil.lift("c-1")
    relay.take(packet("c-1"))
    assert way.sent == [packet("c-2"), packet("c-1")]


def test_a_veil_that_is_drawn_twice_is_lifted_twice() -> None:
    veil = Veil()
    veil.draw("c-1")
    veil.draw("c-1")
    veil.lift("c-1")
    assert veil.hides("c-1")
    veil.lift("c-1")
    assert not veil.hides("c-1")


def test_a_picture_that_was_waiting_while_the_masks_changed_never_leaves(hub: Door) -> None:
    veil = Veil()
    stills = Stills(Carrier(hub.hub, DEVICE, KEY), veil)
    stills.show("c-1", 1.0, b"under the old ones")
    stills.show("c-2", 1.0, b"of another")
    veil.draw("c-1")
    veil.lift("c-1")
    stills.once(0.0)
    stills.show("c-1", 2.0, b"under the new ones")
    stills.once(0.0)
    assert [data for _, _, data in hub.stills] == [b"of another", b"under the new ones"]
    stills.stop()


class Turned:
    """Somebody has every camera, until the test lets them come home."""

    def __init__(self) -> None:
        self.away = True
        self.called: list[str] = []

    def is_away(self, _camera: str) -> bool:
        return self.away

    def home(self, camera: str) -> None:
        self.called.append(camera)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    told = config(tmp_path, 1, 1, watched())
    one = Agent(told, KEY, Pointer(), open_eye=lambda camera, clips: StillEye(camera.id, clips))
    one.crew.turner = Turned()
    yield one
    one.stop()


def turn(agent: Agent, at: float) -> bool:
    """A picture comes; whether it is looked at."""
    eye = agent.crew._wanted[0].eye
    assert isinstance(eye, StillEye)
    eye.frames.append(frame(at))
    return agent.turns.once()


def test_masks_that_are_drawn_while_somebody_has_the_camera_call_it_home_and_hide_it_until_then(
    agent: Agent,
) -> None:
    turner, veil = agent.crew.turner, agent.crew.veil
    assert isinstance(turner, Turned)
    assert turn(agent, BEGIN)
    assert turner.called == [], "without masks it is his"
    agent.crew.swap([replace(watched(), masks=(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),))])
    assert not turn(agent, BEGIN + 1)
    assert veil.hides("c-2-01"), "its masks hold, over the wrong place"
    assert turner.called == ["c-2-01"]
    turner.away = False
    assert turn(agent, BEGIN + 2)
    assert not veil.hides("c-2-01")


def test_masks_that_are_taken_away_leave_the_camera_to_whoever_has_it(agent: Agent) -> None:
    masks = (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),)
    turner = agent.crew.turner
    assert isinstance(turner, Turned)
    for one in (masks, ()):
        agent.crew.swap([replace(watched(), masks=one)])
    assert turn(agent, BEGIN)
    assert turner.called == []
    assert not agent.crew.veil.hides("c-2-01")
