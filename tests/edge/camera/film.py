"""Makes small films whose every picture says its number, and reads the number back."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT, RATE = 320, 240, 10
KEY_EVERY = 10
"""Pictures from keyframe to keyframe."""
Polygon = tuple[tuple[float, float], ...]
BLOCK = 24
BITS = 8
SECRET = (slice(40, 120), slice(200, 300))
"""Rows and columns that only the unmasked picture shows: a checkerboard."""
SECRET_MASK: Polygon = (
    (195 / WIDTH, 35 / HEIGHT),
    (305 / WIDTH, 35 / HEIGHT),
    (305 / WIDTH, 125 / HEIGHT),
    (195 / WIDTH, 125 / HEIGHT),
)


def picture(number: int) -> NDArray[np.uint8]:
    """Grey, with a rectangle that walks, a checkerboard, and the number as black and white blocks."""
    made = np.full((HEIGHT, WIDTH, 3), 110, dtype=np.uint8)
    left = 4 * number % (WIDTH - 130)
    made[130:180, left : left + 30] = (60, 160, 200)
    rows, columns = np.mgrid[SECRET]
    made[SECRET] = ((rows // 8 + columns // 8 + number) % 2 * 255)[:, :, None]
    for bit in range(BITS):
        made[HEIGHT - BLOCK :, bit * BLOCK : (bit + 1) * BLOCK] = 235 if number >> bit & 1 else 16
    return made


def number(seen: NDArray[np.uint8]) -> int:
    """Which picture this is."""
    middles = seen[HEIGHT - BLOCK // 2, BLOCK // 2 : BLOCK * BITS : BLOCK].mean(axis=1)
    return sum(1 << bit for bit, light in enumerate(middles) if light > 128)


def secret(seen: NDArray[np.uint8]) -> float:
    """How strongly a picture shows the checkerboard: the spread of its lights, 0 where it is painted over."""
    return float(seen[SECRET].std())


def write(
    path: Path, pictures: int, codec: str = "libx264", keys_every: int = KEY_EVERY, scale: int = 1
) -> Path:
    """A film of so many pictures, ten a second, `scale` times as large."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=RATE)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH * scale, HEIGHT * scale, "yuv420p"
        stream.codec_context.gop_size = keys_every
        options = {"libx264": "x264-params", "libx265": "x265-params"}
        if codec in options:
            stream.options = {options[codec]: f"keyint={keys_every}:scenecut=0:bframes=0:log-level=none"}
        for index in range(pictures):
            frame = av.VideoFrame.from_ndarray(
                picture(index).repeat(scale, axis=0).repeat(scale, axis=1), format="bgr24"
            )
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def read(path: Path) -> Iterator[NDArray[np.uint8]]:
    """The pictures of a film, decoded."""
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
