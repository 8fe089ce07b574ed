"""Taps: whoever wants a camera's packets gets them, and nobody who is slow holds up the camera.

tap = reader.main.taps.open(most=8 << 20)
while not stopping:
    for packet in tap.take(timeout=1.0):    # decoding order, the first one a keyframe
        send(packet.data)
tap.close()
"""

from __future__ import annotations

from collections import deque
from threading import Condition, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.camera.ring import Packet

MOST_BYTES = 16 * 2**20
"""Bytes that wait for one tap, unless it asks for another bound."""


class Tap:
    """One taker's share of a stream.

    Begins with a keyframe. Where its taker falls behind, what waits is dropped up to the next keyframe,
    so that what is taken can always be shown.
    """

    def __init__(self, most: int) -> None:
        self.dropped = 0
        """Packets that this taker was too slow for."""
        self._most = most
        self._size = 0
        self._waiting: deque[Packet] = deque()
        self._has_key = False
        self._is_late = False
        self._closed = False
        self._fresh = Condition()

    def push(self, packet: Packet) -> None:
        """One more packet, by the thread that reads the camera; never waits for the taker."""
        with self._fresh:
            if self._closed:
                return
            if self._size + len(packet.data) > self._most:
                self._drop()
            self._has_key = self._has_key or packet.key
            if not self._has_key:
                self.dropped += self._is_late
                return
            self._is_late = False
            self._waiting.append(packet)
            self._size += len(packet.data)
            self._fresh.notify_all()

    def take(self, timeout: float) -> tuple[Packet, ...]:
        """All that waits; empty when nothing comes within `timeout` seconds or the tap was closed."""
        with self._fresh:
            if not self._waiting and timeout > 0:
                self._fresh.wait_for(lambda: self._waiting or self._closed, timeout)
            taken = tuple(self._waiting)
            self._waiting.clear()
            self._size = 0
            return taken

    def close(self) -> None:
        """Want no more; may be closed twice."""
        with self._fresh:
            self._closed = True
            self._waiting.clear()
            self._fresh.notify_all()

    @property
    def closed(self) -> bool:
        """Whether nobody takes from it any more."""
        return self._closed

    def _drop(self) -> None:
        self.dropped += len(self._waiting)
        self._waiting.clear()
        self._size = 0
        self._has_key = False
        self._is_late = True


class Taps:
    """All takers of one stream; `push` by the thread that reads the camera, all else by any."""

    def __init__(self) -> None:
        self._taps: tuple[Tap, ...] = ()
        self._group: list[Packet] = []
        """Packets since the last keyframe, the same that lie in the ring."""
        self._lock = Lock()

    def __bool__(self) -> bool:
        """Whether anybody takes."""
        return bool(self._taps)

    def open(self, most: int = MOST_BYTES, *, at_once: bool = False) -> Tap:
        """A tap from the next keyframe on; `at_once` from the last one that came.

        Args:
            most: bytes that may wait for its taker before they are dropped.
            at_once: begin with the group of pictures that is going on.
        """
        tap = Tap(most)
        with self._lock:
            for packet in self._group if at_once else ():
                tap.push(packet)
            self._taps = (*(other for other in self._taps if not other.closed), tap)
        return tap

    def push(self, packet: Packet) -> None:
        """Hand a packet to all."""
        with self._lock:
            if packet.key:
                self._group = []
            if packet.key or self._group:
                self._group.append(packet)
            for tap in self._taps:
                tap.push(packet)
            if any(tap.closed for tap in self._taps):
                self._taps = tuple(tap for tap in self._taps if not tap.closed)
