"""An edge that relays a small film of its cameras, by its own way to the hub."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import av

from edge.camera.passing import Copier
from edge.relay import Relay
from tests.edge.camera import film as films
from wire.relay import Head, Stream, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from edge.camera.ring import Packet
    from edge.config import HubConfig


def film(folder: Path) -> list[Packet]:
    """Six seconds with a keyframe every second."""
    with av.open(str(films.write(folder / "film.mp4", 60))) as file:
        copier = Copier(file.streams.video[0])
        return [kept for packet in file.demux(video=0) for kept in copier.copied(packet, 0.0)]


class FilmEye:
    """A camera that sends a film round and round, as of now."""

    def __init__(self, name: str, packets: list[Packet]) -> None:
        self._name, self._packets = name, packets
        self.mains: tuple[bool, ...] = ()
        self._take: Callable[[bytes], None] = lambda _message: None

    def relay(self, mains: Iterable[bool], take: Callable[[bytes], None]) -> None:
        self.mains, self._take = tuple(mains), take

    def send(self, number: int) -> None:
        """The film's next picture to whoever watches."""
        packet = self._packets[number % len(self._packets)]
        for main in self.mains:
            shape, stream = packet.film, Stream(self._name, main)
            head = Head(stream, packet.key, "h264", shape.width, shape.height, time.time())
            self._take(pack(head, packet.data))


@contextmanager
def relaying(
    told: HubConfig, device: str, key: str, cameras: Sequence[str], packets: list[Packet]
) -> Iterator[dict[str, FilmEye]]:
    """Both streams of these cameras are ordered; what is watched flows until the end of the block."""
    eyes = {name: FilmEye(name, packets) for name in cameras}
    relay, over = Relay(told, device, key, lambda: eyes), Event()

    def run() -> None:
        number = 0
        while not over.wait(0.1):
            if number % 50 == 0:
                order()
            for eye in eyes.values():
                eye.send(number)
            number += 1

    def order() -> None:
        for name in cameras:
            for main in (False, True):
                relay.begin(Stream(name, main), 60.0)

    thread = Thread(target=run)
    relay.start()
    thread.start()
    try:
        yield eyes
    finally:
        over.set()
        thread.join()
        relay.stop()
