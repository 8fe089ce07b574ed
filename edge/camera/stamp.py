"""Decoding times for pictures of which only the time they are shown is known, as they stream by."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edge.camera.ring import Packet

LEARN = 40
"""Packets of a stream by which its order is learned; B-pictures show by then."""


@dataclass(frozen=True, slots=True)
class Order:
    """By how many places, and by how many seconds, pictures are decoded before their turn."""

    depth: int
    ahead: float


class Stamps:
    """Gives each packet of one film its time shown and its time decoded, both in ticks from a common zero.

    No packet is decoded after it is shown nor before the one ahead of it. Cameras do not say when to
    decode over RTSP, so the i-th decoding time is the i-th smallest time shown, `ahead` earlier; a stream
    that does not reorder, as nearly all, is given out without delay once that is known.
    """

    def __init__(self, ticks: int, order: Order | None = None) -> None:
        """Prepare.

        Args:
            ticks: a second.
            order: of the same stream, where it has been learned before.
        """
        self.zero = 0.0
        """Stream time of tick 0: known once packets are given out."""
        self.order = order
        """As it was learned; None: it is not known yet."""
        self._ticks = ticks
        self._held: deque[Packet] = deque()
        self._times: list[float] = []
        self._has_begun = False
        self._last = -1

    def push(self, packet: Packet) -> Iterator[tuple[Packet, int, int]]:
        """Take the next packet in decoding order; packet, shown, decoded of those that are ready."""
        self._held.append(packet)
        heappush(self._times, packet.at)
        if self.order is None and len(self._held) >= LEARN:
            self.order = _learned([one.at for one in self._held])
        if self.order is not None:
            yield from self._given(self.order, self.order.depth)

    def rest(self) -> Iterator[tuple[Packet, int, int]]:
        """All that is still held: the film is over."""
        if self._held:
            self.order = self.order or _learned([one.at for one in self._held])
            yield from self._given(self.order, 0)

    def _given(self, order: Order, depth: int) -> Iterator[tuple[Packet, int, int]]:
        if not self._has_begun:
            self._has_begun, self.zero = True, self._times[0] - order.ahead
        while len(self._held) > depth:
            packet = self._held.popleft()
            decoded = max(self._last + 1, self._tick(heappop(self._times) - order.ahead))
            self._last = decoded
            yield packet, max(decoded, self._tick(packet.at)), decoded

    def _tick(self, at: float) -> int:
        return round((at - self.zero) * self._ticks)


def _learned(shown: Sequence[float]) -> Order:
    places = sorted(range(len(shown)), key=shown.__getitem__)
    depth = max(abs(place - index) for place, index in enumerate(places))
    return Order(depth, max(shown[index] - shown[place] for place, index in enumerate(places)))
