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
    """One coded picture, Annex B; a keyframe carries its parameter sets. Packets stand in decoding order."""

    data: bytes
    at: float
    """Stream time when it is shown, seconds of UNIX epoch."""
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
        if not packets or packets[0].at > end:
            return ()
        packets = packets[: _last(packets, end) + 1]
        if max(packet.at for packet in packets) < begin:
            return ()
        return tuple(packets[_first(packets, begin) :])

    def _shrink(self, now: float) -> None:
        while len(self._groups) > 1 and self._groups[1][0].at <= now - self.seconds:
            self._drop()
        while self._groups and self.size > self.most:
            self._drop()

    def _drop(self) -> None:
        self.size -= sum(len(packet.data) for packet in self._groups.popleft())


def _last(packets: list[Packet], end: float) -> int:
    """Index of the last packet of a span; pictures that one within it refers to come with all between."""
    shown = max(index for index, packet in enumerate(packets) if packet.at <= end)
    latest = max(packet.at for packet in packets[: shown + 1])
    return max(index for index, packet in enumerate(packets) if packet.at <= max(end, latest))


def _first(packets: list[Packet], begin: float) -> int:
    """Index of the keyframe at or before `begin`, or the first one since the film changed."""
    keys = [index for index, packet in enumerate(packets) if packet.key and packet.film == packets[-1].film]
    after = [index for index, packet in enumerate(packets) if packet.film != packets[-1].film]
    keys = [index for index in keys if not after or index > after[-1]]
    return max((index for index in keys if packets[index].at <= begin), default=keys[0])
