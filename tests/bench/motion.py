"""`python -m tests.bench.motion`: what finding motion costs beside decoding, and beside the plain way.

Times are of one core (`time.thread_time`): what other programs take meanwhile is not counted.
"""

from __future__ import annotations

import itertools
import sys
import time
from dataclasses import dataclass, field
from statistics import mean, median
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from edge.see.motion import Motion
from edge.see.seen import overlap
from tests.bench.footage import NO_CLIP, VTEST, h264
from tests.bench.plain_motion import PlainMotion
from tests.bench.report import report, skip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Boxes = NDArray[np.int32]

REPEATS = 4
BATCH = 100
"""Pictures decoded before as many are looked at, so that each work is measured with its own code at hand."""
SAME = 0.5
"""Intersection over union from which on two boxes are one."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the clip: milliseconds a picture, batch by batch, and how many boxes were the same."""

    decoding: list[float] = field(default_factory=list)
    motion: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    boxes: list[int] = field(default_factory=list)
    """Of the product's, picture by picture."""
    same: list[tuple[int, int]] = field(default_factory=list)
    """Picture by picture: boxes of either that the other has too, and boxes of both."""


def measure() -> Pass:
    """One pass on one thread."""
    motion, plain, found = Motion(), PlainMotion(), Pass()
    with av.open(str(h264())) as clip:
        stream = clip.streams.video[0]
        stream.codec_context.thread_count = 1
        frames = clip.decode(stream)
        while True:
            times = [time.thread_time()]
            batch = list(itertools.islice(frames, BATCH))
            times.append(time.thread_time())
            ours = [motion.boxes(luma(frame)) for frame in batch]
            times.append(time.thread_time())
            theirs = [plain.boxes(luma(frame)) for frame in batch]
            times.append(time.thread_time())
            found.boxes.extend(map(len, ours))
            found.same.extend(map(shared, ours, theirs))
            if len(batch) < BATCH:
                return found
            steps = np.diff(times) * 1e3 / BATCH
            for spent, step in zip((found.decoding, found.motion, found.plain), steps, strict=True):
                spent.append(float(step))


def shared(ours: Boxes, theirs: Boxes) -> tuple[int, int]:
    """How many boxes of either are in the other, and how many boxes both have together."""
    alike = overlap(ours.astype(np.float64), theirs.astype(np.float64)) >= SAME
    return int(alike.any(axis=1).sum() + alike.any(axis=0).sum()), len(ours) + len(theirs)


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
    decode_ms = median(ms for each in passes for ms in each.decoding)
    motion_ms = median(ms for each in passes for ms in each.motion)
    plain_ms = median(ms for each in passes for ms in each.plain)
    same, both = np.sum(passes[0].same, axis=0)
    figures = {
        "motion_ms": motion_ms,
        "plain_ms": plain_ms,
        "motion_per_plain": motion_ms / plain_ms,
        "agreement": float(same / both),
        "decode_ms": decode_ms,
        "motion_per_decode": motion_ms / decode_ms,
        "boxes_per_picture": mean(passes[0].boxes),
    }
    targets = {"agreement": ">= 0.95", "motion_per_plain": "<= 0.30", "motion_per_decode": "<= 0.08"}
    return report("motion", figures, targets)


if __name__ == "__main__":
    sys.exit(not main())
