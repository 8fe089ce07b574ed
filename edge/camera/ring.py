"""The last seconds of a camera's packets, kept in memory in whole groups of pictures."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Film:
    """What packets must share to stand in one file."""

    codec: str
    """`h264` or `hevc`."""
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Packet:
    """One coded picture, Annex B; a keyframe carries its parameter sets."""

    data: bytes
    at: float
    """Stream time when it is shown, seconds of UNIX epoch."""
    decode_at: float
    """Stream time when it must be decoded; differs from `at` where pictures are reordered."""
    key: bool
    film: Film


class Ring:
    """Packets of the last `seconds`, never more than `most` bytes; starts with a keyframe always.

    Whole groups go at a time: a picture without its keyframe cannot be shown. One thread pushes,
    another may take a span at the same time.
    """

    def __init__(self, seconds: float, most: int) -> None:
        self.seconds = seconds
        self.most = most
        self.size = 0
        """Bytes held."""
        self._groups: deque[list[Packet]] = deque()
        self._lock = Lock()

    def push(self, packet: Packet) -> None:
        """Add a packet in decoding order; what comes before the first keyframe is not kept."""
        with self._lock:
            if packet.key:
                self._groups.append([packet])
            elif self._groups and self._groups[-1][-1].film == packet.film:
                self._groups[-1].append(packet)
            else:
                return
            self.size += len(packet.data)
            self._shrink(packet.at)

    def reached(self, at: float) -> bool:
        """Whether the ring holds a packet of stream time `at` or later."""
        with self._lock:
            return bool(self._groups) and self._groups[-1][-1].at >= at

    def span(self, begin: float, end: float) -> tuple[Packet, ...]:
        """Packets from the keyframe at or before `begin` to the last one shown at or before `end`.

        Starts later where the ring does not reach back so far; empty where it holds nothing of the
        span. Where the camera's film changed within it, the part with the later film.
        """
        with self._lock:
            packets = [packet for group in self._groups for packet in group]
        starts = [index for index, packet in enumerate(packets) if packet.key]
        ends = [index for index, packet in enumerate(packets) if packet.at <= end]
        if not ends or packets[-1].at < begin:
            return ()
        last = ends[-1]
        before = [index for index in starts if packets[index].at <= begin]
        first = before[-1] if before else starts[0]
        changes = [index for index in starts if index <= last and packets[index].film != packets[last].film]
        if changes and changes[-1] >= first:
            first = next(index for index in starts if index > changes[-1])
        return tuple(packets[first : last + 1])

    def _shrink(self, now: float) -> None:
        while len(self._groups) > 1 and self._groups[1][0].at <= now - self.seconds:
            self._drop()
        while self._groups and self.size > self.most:
            self._drop()

    def _drop(self) -> None:
        self.size -= sum(len(packet.data) for packet in self._groups.popleft())
