"""One stream of a camera as it may be kept: its packets as sent, or masked pictures coded anew."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from edge.camera.encode import Encoder, fitted
from edge.camera.passing import COPIED
from edge.camera.tap import Taps

if TYPE_CHECKING:
    import av

    from edge.camera.feed import Feed, Shot
    from edge.camera.mask import Mask
    from edge.camera.ring import Packet, Ring

WIDEST = 1280
"""Pixels; what is coded anew is not made wider."""


class Strand:
    """Hands on what may be kept, to a ring and to whoever taps it; for the one thread that reads the stream.

    A masked camera's packets show what nobody may see, so its pictures are masked and coded anew; nothing
    that is not masked is ever handed on. Where there is no ring, they are coded only while somebody takes.
    """

    def __init__(self, mask: Mask, ring: Ring | None) -> None:
        self.taps = Taps()
        self.ring = ring
        self.lost = ""
        """Why the stream gives nothing now, in words; empty while it does."""
        self.spent = 0.0
        """CPU seconds that masking and coding took, and decoding where nothing else needs it."""
        self._mask = mask
        self._encoder: Encoder | None = None

    def copies(self, codec: str) -> bool:
        """Whether packets of this codec are kept as they are sent, so that no picture is needed."""
        return codec in COPIED and not self._mask

    def begin(self, feed: Feed, frame: av.VideoFrame) -> None:
        """A session has brought its first picture."""
        if self.copies(feed.codec):
            self._encoder = None
        else:
            size = fitted(frame.width, frame.height, WIDEST)
            self._encoder = Encoder(size, feed.rate, self._mask)

    def keep(self, shot: Shot) -> None:
        """Hand on what this packet of the camera gave."""
        self.lost = ""
        if self._encoder is None:
            for packet in () if self._mask else shot.packets:
                self._hand_on(packet)
            return
        if self.ring is None and not self.taps:
            return
        began = time.thread_time()
        for at, frame in shot.frames:
            for packet in self._encoder.encode(frame, at):
                self._hand_on(packet)
        self.spent += time.thread_time() - began

    def _hand_on(self, packet: Packet) -> None:
        if self.ring is not None:
            self.ring.push(packet)
        self.taps.push(packet)
