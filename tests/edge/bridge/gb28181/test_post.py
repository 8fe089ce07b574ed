from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from edge.bridge.gb28181.post import MOST_A_SECOND, MOST_CONNECTIONS, MOST_WAITING, Wire
from tests.edge.bridge.gb28181.conftest import below
from tests.edge.bridge.gb28181.peer import DOWN, US, Recorder, request
from tests.edge.bridge.gb28181.test_mutated import Nowhere
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from edge.bridge.gb28181.bridge import Bridge

T = TypeVar("T")


def within(bridge: Bridge, work: Coroutine[None, None, T]) -> T:
    """Do it in the bridge's own thread."""
    assert bridge._loop is not None
    return asyncio.run_coroutine_threadsafe(work, bridge._loop).result(30.0)


class Gone(asyncio.Transport):
    """A connection whose other side went before anybody asked who it was."""

    aborted = False

    def abort(self) -> None:
        self.aborted = True


def test_a_connection_that_is_gone_as_soon_as_it_came_is_let_go(bridged: Callable[..., Bridge]) -> None:
    bridge = bridged(below=below())
    gone = Gone()
    Wire(bridge._post, lambda _: True).connection_made(gone)
    assert gone.aborted
    assert bridge._post.wires == set()


def test_a_crowd_of_connections_is_bounded_and_who_is_in_stays_in(bridged: Callable[..., Bridge]) -> None:
    bridge = bridged(below=below())
    recorder = Recorder(bridge.port, transport="tcp")
    assert recorder.register() == 200
    with ExitStack() as open_ones:
        for _ in range(MOST_CONNECTIONS + 20):
            open_ones.enter_context(socket.create_connection(("127.0.0.1", bridge.port)))
        wait_for(lambda: len(bridge._post.wires) == MOST_CONNECTIONS)
        assert recorder.notify("Keepalive") == 200
    wait_for(lambda: len(bridge._post.wires) == 1)
    recorder.close()


def test_who_sends_too_much_is_not_read_for_the_rest_of_the_second(bridged: Callable[..., Bridge]) -> None:
    bridge = bridged(below=below())
    data, way = request("MESSAGE", DOWN, US, 5060, body="<Notify/>"), Nowhere("127.0.0.9")

    async def flood() -> None:
        for _ in range(10 * MOST_A_SECOND):
            bridge._post.came(data, way)

    within(bridge, flood())
    assert bridge.counts["flooded"] > 0
    assert bridge.counts["flooded"] + bridge.counts["heard"] == 10 * MOST_A_SECOND
    one = Recorder(bridge.port)
    assert one.register() == 200, "its neighbour is heard meanwhile"
    one.close()


def test_who_does_not_read_what_it_is_told_is_let_go(bridged: Callable[..., Bridge]) -> None:
    bridge = bridged(below=below())
    with socket.create_connection(("127.0.0.1", bridge.port)):
        wait_for(lambda: bridge._post.wires)
        (wire,) = bridge._post.wires

        async def tell() -> None:
            for _ in range(1_000):
                wire.send(MOST_WAITING * b"x")
                if not wire.is_open:
                    return

        within(bridge, tell())
        assert not wire.is_open
