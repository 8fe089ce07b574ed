"""Live pictures from a real camera's process to a hub that is a WebSocket and nothing more."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from edge.camera.outlet import LATE, Pace
from edge.camera.ring import Film, Packet
from edge.camera.source import Source
from edge.config import HubConfig
from edge.relay import Relay
from tests.edge.camera import film as films
from tests.edge.camera.test_privacy import sent
from tests.edge.market import DEVICE, KEY, wait_for
from wire.relay import Stream, Watched, encode_watched, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from websockets.sync.server import Server, ServerConnection

CAMERA = "c-2-01"
SUB, MAIN = Stream(CAMERA), Stream(CAMERA, main=True)


@dataclass
class Hub:
    """Takes what comes, and says what it is told to say."""

    messages: list[bytes] = field(default_factory=list)
    connections: list[ServerConnection] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)

    def take(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.asked.append(connection.request.headers.get("Authorization"))
        self.connections.append(connection)
        with suppress(ConnectionClosed):
            for message in connection:
                assert isinstance(message, bytes)
                self.messages.append(message)

    def say(self, *streams: Stream) -> None:
        self.connections[-1].send(encode_watched(Watched(streams)))

    def pictures(self) -> list[NDArray[np.uint8]]:
        """All that came, decoded."""
        codec = av.CodecContext.create("h264", "r")
        assert isinstance(codec, av.VideoCodecContext)
        heads = [(unpack(message), message) for message in self.messages]
        packets = [av.Packet(message[24 + len(head.stream.camera) :]) for head, message in heads]
        frames = [frame for packet in (*packets, None) for frame in codec.decode(packet)]
        return [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in frames]


@contextmanager
def listening(hub: Hub, port: int = 0) -> Iterator[int]:
    server: Server
    with serve(hub.take, "127.0.0.1", port, compression=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.socket.getsockname()[1]
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def relaying(port: int, *sources: Source) -> Iterator[Relay]:
    told = HubConfig("mqtt://127.0.0.1", f"http://127.0.0.1:{port}", "key")
    relay = Relay(told, DEVICE, KEY, lambda: {source.camera: source for source in sources})
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of H.264 with a keyframe every second."""
    return films.write(tmp_path_factory.mktemp("film") / "film.mp4", 120)


@pytest.fixture(scope="module")
def source(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    with Source(CAMERA, str(film), spool=tmp_path_factory.mktemp("spool")) as one:
        assert one.next(30.0)
        yield one


def test_an_order_begins_it_and_the_hub_that_watches_no_more_ends_it(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.relay.GRACE", 0.0)
    hub = Hub()
    with listening(hub) as port, relaying(port, source) as relay:
        time.sleep(0.2)
        assert not hub.connections, "nobody watches, nothing is connected"
        relay.begin(SUB, 60.0)
        wait_for(lambda: len(hub.messages) > 12)
        assert hub.asked == ["Basic " + "ZWRnZS13ZXN0OmEga2V5"]
        hub.say(SUB)
        hub.say()
        wait_for(lambda: not relay.connected)
    heads = [unpack(message) for message in hub.messages]
    assert heads[0].key
    assert {(head.stream, head.codec, head.width, head.height) for head in heads} == {
        (SUB, "h264", films.WIDTH, films.HEIGHT)
    }
    assert np.diff([head.at for head in heads]) == pytest.approx(0.1, abs=0.02)
    numbers = [films.number(picture) for picture in hub.pictures()]
    assert set(np.diff(numbers) % 120) == {1}, "each picture, in its order"


def test_the_hub_alone_begins_nothing(source: Source) -> None:
    hub = Hub()
    with listening(hub) as port, relaying(port, source) as relay:
        relay.begin(SUB, 60.0)
        wait_for(lambda: hub.messages)
        hub.say(SUB, MAIN, Stream("c-1-08"))
        hub.messages.clear()
        wait_for(lambda: len(hub.messages) > 5)
        assert relay.streams == (SUB,)
        assert {unpack(message).stream for message in hub.messages} == {SUB}


def test_a_stream_of_which_nobody_says_anything_ends(source: Source) -> None:
    hub = Hub()
    with listening(hub) as port, relaying(port, source) as relay:
        relay.begin(SUB, 0.5)
        wait_for(lambda: hub.messages)
        wait_for(lambda: not relay.connected and not relay.streams)
        relay.begin(MAIN, 60.0)
        wait_for(lambda: {unpack(message).stream for message in hub.messages} == {SUB, MAIN})
        relay.end(CAMERA)
        wait_for(lambda: not relay.connected)


def test_it_comes_back_with_a_keyframe_when_the_way_was_cut(source: Source) -> None:
    hub = Hub()
    with listening(hub) as port, relaying(port, source) as relay:
        relay.begin(SUB, 60.0)
        wait_for(lambda: hub.messages)
        hub.connections[-1].close()
        wait_for(lambda: not relay.connected)
        hub.messages.clear()
        wait_for(lambda: hub.messages)
    assert len(hub.connections) == 2
    assert unpack(hub.messages[0]).key


def test_a_way_that_is_full_holds_up_no_picture_that_is_looked_at(source: Source) -> None:
    full, going = threading.Event(), threading.Event()

    def take(_message: bytes) -> None:
        full.set()
        going.wait()

    source.relay([False], take)
    try:
        assert full.wait(20)
        assert all(source.next(10.0) for _ in range(5))
    finally:
        going.set()
        source.relay([], take)


def test_no_masked_pixel_goes_live(film: Path, tmp_path: Path) -> None:
    hub = Hub()
    masks = [films.SECRET_MASK]
    with (
        Source(CAMERA, str(film), spool=tmp_path, masks=masks) as source,
        listening(hub) as port,
        relaying(port, source) as relay,
    ):
        for stream in (SUB, MAIN):
            hub.messages.clear()
            relay.begin(stream, 60.0)
            wait_for(lambda: len(hub.messages) > 15)
            relay.end(CAMERA)
            wait_for(lambda: not relay.connected)
            hidden(hub, film)


def hidden(hub: Hub, film: Path) -> None:
    pictures = hub.pictures()
    assert len(pictures) > 12
    for picture in pictures:
        assert films.secret(picture) < 2.0
        assert picture[films.SECRET].max() < 12
    assert len({films.number(picture) for picture in pictures}) > 10, "all else can still be seen"
    assert not any(packet in message for packet in sent(film) for message in hub.messages)


def test_what_is_not_masked_goes_as_the_camera_sent_it(source: Source, film: Path) -> None:
    hub = Hub()
    with listening(hub) as port, relaying(port, source) as relay:
        relay.begin(SUB, 60.0)
        wait_for(lambda: len(hub.messages) > 5)
    assert any(packet in message for packet in sent(film) for message in hub.messages)
    assert max(films.secret(picture) for picture in hub.pictures()) > 50


def packet(at: float, *, key: bool = False) -> Packet:
    return Packet(b"\0\0\1", at, key, Film("h264", 320, 240))


def test_what_waited_too_long_is_dropped_up_to_the_newest_keyframe() -> None:
    pace = Pace()
    going_on = tuple(packet(at / 10, key=at == 0) for at in range(50))
    assert pace.fresh(going_on) == going_on, "the group of pictures that is going on begins it"
    behind = tuple(packet(5 + at / 10, key=at == 20) for at in range(int(LATE * 10) + 5))
    assert pace.fresh(behind) == behind[20:]
    assert pace.fresh(behind[:20]) == behind[:20]
    without = tuple(packet(9 + at / 10) for at in range(40))
    assert pace.fresh(without) == ()
    assert pace.fresh(without[:2]) == (), "nothing can be shown before the next keyframe"
    begins = (packet(14.0), packet(14.1, key=True), packet(14.2))
    assert pace.fresh(begins) == begins[1:]
    assert pace.fresh(()) == ()
