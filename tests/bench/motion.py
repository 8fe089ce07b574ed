"""`python -m tests.bench.motion`: what finding motion costs beside decoding the same pictures.

Times are of one core (`time.thread_time`): what other programs take meanwhile is not counted.
"""

from __future__ import annotations

import itertools
import sys
import time
from statistics import mean, median
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from edge.see.motion import Motion
from tests.bench.footage import NO_CLIP, VTEST, h264
from tests.bench.report import report, skip

if TYPE_CHECKING:
    from numpy.typing import NDArray

REPEATS = 4
BATCH = 100
"""Pictures decoded before as many are looked at, so that each work is measured with its own code at hand."""


def measure() -> tuple[list[float], list[float], float]:
    """One pass over the clip on one thread: ms a picture of motion and of decoding, batch by batch; boxes."""
    motion, looking, decoding, boxes = Motion(), list[float](), list[float](), list[int]()
    with av.open(str(h264())) as clip:
        stream = clip.streams.video[0]
        stream.codec_context.thread_count = 1
        frames = clip.decode(stream)
        while True:
            begun = time.thread_time()
            batch = list(itertools.islice(frames, BATCH))
            decoded = time.thread_time()
            boxes += [len(motion.boxes(luma(frame))) for frame in batch]
            if len(batch) < BATCH:
                return looking, decoding, mean(boxes)
            looking.append(1e3 * (time.thread_time() - decoded) / BATCH)
            decoding.append(1e3 * (decoded - begun) / BATCH)


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The grey plane as it was decoded, without a copy."""
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: frame.height, : frame.width]


def main() -> bool:
    if not VTEST.is_file():
        return skip("motion", NO_CLIP)
    cv2.setNumThreads(1)
    passes = [measure() for _ in range(REPEATS)]
    motion_ms = median(ms for looking, _, _ in passes for ms in looking)
    decode_ms = median(ms for _, decoding, _ in passes for ms in decoding)
    figures = {
        "motion_ms": motion_ms,
        "decode_ms": decode_ms,
        "motion_per_decode": motion_ms / decode_ms,
        "boxes_per_picture": passes[0][2],
    }
    return report("motion", figures, {"motion_per_decode": "<= 0.10"})


if __name__ == "__main__":
    sys.exit(not main())
