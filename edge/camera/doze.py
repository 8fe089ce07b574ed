"""Decoding only keyframes while a camera is quiet, and all of it from the moment that somebody needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import av

if TYPE_CHECKING:
    from av.video.stream import VideoStream

KEYS_WITHIN = 2.5
"""Seconds; where keyframes are further apart, somebody could pass between two, so all is decoded."""
MOST_BYTES = 8 * 2**20
"""Of packets that wait to be decoded."""


class Doze:
    """Says which packets of one session are decoded; for the thread that reads it.

    A picture can be decoded only after all since its keyframe, so what is not decoded waits until the next
    keyframe: whoever wakes up has the present picture at once.
    """

    def __init__(self) -> None:
        self.held = False
        """Whether the last packet was left undecoded."""
        self._waiting: list[av.Packet[VideoStream]] = []
        self._size = 0
        self._key: float | None = None
        self._apart: float | None = None
        """Seconds between the last two keyframes."""

    def due(
        self, packet: av.Packet[VideoStream], stream: VideoStream, *, asleep: bool
    ) -> list[av.Packet[VideoStream]]:
        """Those to decode now, in order, `packet` the last of them; none while keyframes will do."""
        at = _seconds(packet, stream)
        if packet.is_keyframe:
            self._apart = None if self._key is None or at is None else at - self._key
            self._key = at
        may = asleep and not stream.codec_context.has_b_frames and self._is_near(at)
        self.held = may and not packet.is_keyframe and bool(packet.size)
        if self.held:
            self._hold(packet)
            return []
        due = [packet] if packet.is_keyframe else [*self._waiting, packet]
        self._waiting, self._size = [], 0
        return due

    def _is_near(self, at: float | None) -> bool:
        """Whether keyframes come soon enough, and the next one is not late."""
        if self._apart is None or self._key is None or at is None:
            return False
        return 0 < self._apart <= KEYS_WITHIN and at - self._key <= KEYS_WITHIN and self._size < MOST_BYTES

    def _hold(self, packet: av.Packet[VideoStream]) -> None:
        """Keep a copy: the packet itself is emptied by whoever copies it next."""
        copy = cast("av.Packet[VideoStream]", av.Packet(bytes(packet)))
        copy.pts, copy.dts, copy.time_base = packet.pts, packet.dts, packet.time_base
        self._waiting.append(copy)
        self._size += packet.size


def _seconds(packet: av.Packet[VideoStream], stream: VideoStream) -> float | None:
    ticks = packet.pts if packet.dts is None else packet.dts
    return None if ticks is None or stream.time_base is None else float(ticks * stream.time_base)
