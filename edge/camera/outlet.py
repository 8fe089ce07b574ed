"""The way of live pictures out of a camera's process: a socket to its supervisor, while somebody watches.

What it hands on comes from the same taps as recordings and clips: of a masked camera only masked pictures.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

from wire.border import Bad
from wire.relay import MOST_BYTES, Head, Stream, decode_watched, pack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.camera.ring import Packet
    from edge.camera.strand import Strand
    from edge.camera.tap import Tap

LENGTH = struct.Struct("!I")
"""Before each message."""
MOST_WAITING = 2 * MOST_BYTES
"""Bytes that wait for the way out."""
LATE = 2.0
"""Stream seconds that may wait; behind that it goes on with the newest keyframe."""
_IDLE = 1.0


class Outlet:
    """Hears, one line at a time, all that is watched (wire.relay.Watched), and sends just that.

    Args:
        fd: the socket, this process's end.
        main: the stream that is kept.
        sub: the stream that is looked at, the same where there is only one.
    """

    def __init__(self, fd: int, main: Strand, sub: Strand) -> None:
        self._socket = socket.socket(fileno=fd)
        self._strands: Mapping[bool, Strand] = {True: main, False: sub}
        self._taps: dict[Stream, Tap] = {}
        self._lock = Lock()

    def start(self) -> None:
        """Begin to hear; returns at once."""
        Thread(target=self.run, name="relay", daemon=True).start()

    def run(self) -> None:
        """Hear until the supervisor has gone."""
        with suppress(OSError), self._socket.makefile("rb") as lines:
            for line in lines:
                self._turn(frozenset(decode_watched(line).streams))
        self._turn(frozenset())

    def _turn(self, wanted: frozenset[Stream]) -> None:
        for stream in self._taps.keys() - wanted:
            self._taps.pop(stream).close()
        for stream in wanted - self._taps.keys():
            tap = self._taps[stream] = self._strands[stream.main].taps.open(MOST_WAITING, at_once=True)
            Thread(target=self._pump, args=(stream, tap), name="relay out", daemon=True).start()

    def _pump(self, stream: Stream, tap: Tap) -> None:
        pace = Pace()
        with suppress(OSError):
            while not tap.closed:
                for packet in pace.fresh(tap.take(_IDLE)):
                    self._send(stream, packet)
        tap.close()

    def _send(self, stream: Stream, packet: Packet) -> None:
        film = packet.film
        head = Head(stream, packet.key, film.codec, film.width, film.height, packet.at)
        with suppress(Bad):
            message = pack(head, packet.data)
            with self._lock:
                self._socket.sendall(LENGTH.pack(len(message)) + message)


class Pace:
    """Lets through what is of now: pictures that waited too long are dropped up to a keyframe."""

    def __init__(self) -> None:
        self._has_begun = self._halted = False

    def fresh(self, packets: tuple[Packet, ...]) -> tuple[Packet, ...]:
        """Of what waited, in decoding order, the part that is still worth showing."""
        behind = bool(packets) and packets[-1].at - packets[0].at > LATE
        if behind and self._has_begun:  # the first ones are the group of pictures that is going on
            self._halted = True
        self._has_begun = self._has_begun or bool(packets)
        if not self._halted:
            return packets
        keys = [index for index, packet in enumerate(packets) if packet.key]
        if not keys:
            return ()
        self._halted = False
        return packets[keys[-1] :]
