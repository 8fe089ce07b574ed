"""Packets as a camera sends them, made fit for a ring: Annex B, keyframes with their parameter sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
from av.bitstream import BitStreamFilterContext

from edge.camera.ring import Film, Packet

if TYPE_CHECKING:
    from av.video.stream import VideoStream

COPIED = frozenset({"h264", "hevc"})
"""Codecs whose packets go into clips as they are."""
MOST_BYTES = 8 * 2**20
"""Largest packet that is kept; a larger one is no picture of a camera."""


class Copier:
    """Copies one session's packets.

    Files keep the parameter sets apart (avcC) and some cameras send them only when asked; both are put
    before each keyframe, so that any group of pictures can be shown by itself.
    """

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._codec = stream.codec_context.name
        self._filter = BitStreamFilterContext(f"{self._codec}_mp4toannexb,dump_extra", stream)

    def copied(self, packet: av.Packet[VideoStream], offset: float) -> tuple[Packet, ...]:
        """`packet` for the ring, which FFmpeg empties by this; `offset` leads to stream time, seconds."""
        context, base = self._stream.codec_context, self._stream.time_base
        if not 0 < packet.size <= MOST_BYTES or not context.width or base is None:
            return ()
        second = float(base)
        film = Film(self._codec, context.width, context.height)
        try:
            passed = self._filter.filter(packet)
        except av.FFmpegError:
            return ()
        return tuple(
            Packet(bytes(one), one.pts * second + offset, one.is_keyframe, film)
            for one in passed
            if one.pts is not None
        )
