"""While a camera's masks change no packet of it goes to the hub; other cameras are relayed as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from edge.relay import Relay
from edge.veil import Veil
from tests.edge.door import Door, door
from tests.edge.market import DEVICE, KEY
from wire.relay import Head, Stream, pack

if TYPE_CHECKING:
    from collections.abc import Iterator


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
