"""H.264 encoding of pictures, for what may not be kept as the camera sent it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.frame import PictureType

from edge.camera.frame import MOST_PIXELS
from edge.camera.ring import Film, Packet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.camera.mask import Mask

TICKS = 90_000
"""Units of time a second inside files and streams."""
KEY_EVERY = 2.0
"""Seconds of stream time between keyframes."""
_OPTIONS = {
    "libx264": {"tune": "zerolatency"},
    "libopenh264": {"allow_skip_frames": "0"},
}
_QUICK = {"preset": "ultrafast", "crf": "27"}
_CAREFUL = {"preset": "veryfast", "crf": "20"}
_BITS_A_PIXEL = 0.12


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels, both even as 4:2:0 wants them."""

    width: int
    height: int


def fitted(width: int, height: int, widest: int | None) -> Size:
    """The even size of a `width` x `height` picture made at most `widest` wide, and never over 4K."""
    share = min(1.0, (widest or width) / width, (MOST_PIXELS / (width * height)) ** 0.5)
    return Size(*(max(2, int(side * share + 1e-6) // 2 * 2) for side in (width, height)))


class Encoder:
    """Pictures in, H.264 packets out, a keyframe every two seconds and no reordering.

    Masks are painted on the picture before it is encoded. Costs 2 ms a picture of 768x576, `careful` 6 ms
    for a finer one. Uses libx264, or libopenh264 where FFmpeg was built without it.

    Raises:
        RuntimeError: FFmpeg has neither.
    """

    def __init__(self, size: Size, rate: float, mask: Mask, *, careful: bool = False) -> None:
        self.film = Film("h264", size.width, size.height)
        self._mask = mask
        self._codec = _codec(size, rate, careful)
        self._first: float | None = None
        self._ticks = -1
        self._key_due = -1

    def encode(self, frame: av.VideoFrame, at: float) -> Iterator[Packet]:
        """Encode one decoded picture of stream time `at`."""
        self._first = at if self._first is None else self._first
        self._ticks = max(self._ticks + 1, round((at - self._first) * TICKS))
        picture = self._masked(frame)
        picture.pts, picture.time_base = self._ticks, Fraction(1, TICKS)
        if self._ticks >= self._key_due:
            picture.pict_type = PictureType.I
            self._key_due = self._ticks + round(KEY_EVERY * TICKS)
        for packet in self._codec.encode(picture):
            yield Packet(bytes(packet), at, packet.is_keyframe, self.film)

    def _masked(self, frame: av.VideoFrame) -> av.VideoFrame:
        width, height = self.film.width, self.film.height
        planes = np.asarray(frame.reformat(width, height, "yuv420p").to_ndarray(), np.uint8)
        quarter = width * height // 4
        chroma = planes.reshape(-1)[width * height :]
        half = (height // 2, width // 2)
        self._mask.burn_planes(
            planes[:height], chroma[:quarter].reshape(half), chroma[quarter:].reshape(half)
        )
        return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def _codec(size: Size, rate: float, careful: bool) -> av.VideoCodecContext:
    name = next((name for name in _OPTIONS if name in av.codecs_available), None)
    if name is None:
        raise RuntimeError("this FFmpeg has no H.264 encoder: install PyAV from its wheel")
    codec = av.CodecContext.create(name, "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = size.width, size.height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, TICKS), Fraction(rate).limit_denominator(1000)
    codec.gop_size = max(1, round(rate * KEY_EVERY * 4))
    codec.thread_count, codec.max_b_frames = 1, 0
    codec.options = dict(_OPTIONS[name])
    if name == "libx264":
        codec.options |= _CAREFUL if careful else _QUICK
    else:
        codec.bit_rate = round(size.width * size.height * rate * _BITS_A_PIXEL)
    return codec
