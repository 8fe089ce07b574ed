"""A large camera stream made of the sample clip: 1920x1080, 25 pictures a second, a keyframe every two."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av

from tests.bench.footage import VTEST

if TYPE_CHECKING:
    from pathlib import Path

SECONDS, RATE, BITS = 12, 25, 4_000_000


def large(path: Path, codec: str = "libx264", seconds: int = SECONDS) -> Path:
    """Write it; `codec` may be libx265."""
    with av.open(str(VTEST)) as source, av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=RATE)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 1920, 1080, "yuv420p", BITS
        stream.codec_context.gop_size = 2 * RATE
        stream.options = {"preset": "ultrafast", "tune": "zerolatency"}
        if codec == "libx265":
            stream.options["x265-params"] = "log-level=none"
        for number, frame in enumerate(source.decode(video=0)):
            if number >= seconds * RATE:
                break
            scaled = frame.reformat(1920, 1080, "yuv420p")
            scaled.pts, scaled.time_base = number, Fraction(1, RATE)
            file.mux(stream.encode(scaled))
        file.mux(stream.encode())
    return path
