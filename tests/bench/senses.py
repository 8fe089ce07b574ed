"""`python -m tests.bench.senses`: what looking for things, flames and smoke costs, beside decoding.

Each sense is given every picture, as an edge gives it, and looks as often as it will. Times are of one core
(`time.thread_time`): what other programs take meanwhile is not counted.
"""

from __future__ import annotations

import itertools
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from edge.model.truth import read
from edge.see.fire import Fire
from edge.see.smoke import Smoke
from edge.see.static import Static
from tests.bench.footage import NO_CLIP, TRUTH, VTEST, h264
from tests.bench.report import report, skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Sense = Callable[[NDArray[np.uint8], float, NDArray[np.float32]], object]

FPS = 10
"""Pictures a second of the clip, all of which are looked at: more than an edge does."""
REPEATS = 3
BATCH = 100
"""Pictures decoded before as many are looked at, so that each work is measured with its own code at hand."""
NOBODY = np.zeros((0, 4), np.float32)


def measure(senses: dict[str, Sense], boxes: dict[int, NDArray[np.float32]]) -> dict[str, list[float]]:
    """One pass over the clip: ms a picture of decoding and of each sense, batch by batch."""
    spent: dict[str, list[float]] = {name: [] for name in ("decode", *senses)}
    with av.open(str(h264())) as clip:
        stream = clip.streams.video[0]
        stream.codec_context.thread_count = 1
        frames, number = clip.decode(stream), 0
        while True:
            begun = time.thread_time()
            batch = list(itertools.islice(frames, BATCH))
            decoded = time.thread_time()
            if len(batch) < BATCH:
                return spent
            spent["decode"].append(1e3 * (decoded - begun) / BATCH)
            pictures = [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in batch]
            for name, sense in senses.items():
                begun = time.thread_time()
                for index, picture in enumerate(pictures, number):
                    sense(picture, index / FPS, boxes.get(index, NOBODY))
                spent[name].append(1e3 * (time.thread_time() - begun) / BATCH)
            number += BATCH


def main() -> bool:
    if not VTEST.is_file():
        return skip("senses", NO_CLIP)
    cv2.setNumThreads(1)
    truth = read(TRUTH) if TRUTH.is_file() else {}
    boxes = {
        number: np.concatenate([those.free, those.hidden]).astype(np.float32)
        for number, those in truth.items()
    }
    passes = [
        measure({"static": Static().things, "fire": Fire().flames, "smoke": Smoke().flames}, boxes)
        for _ in range(REPEATS)
    ]
    spent = {name: median(ms for each in passes for ms in each[name]) for name in passes[0]}
    figures = {f"{name}_ms": ms for name, ms in spent.items()}
    figures |= {f"{name}_per_decode": spent[name] / spent["decode"] for name in spent if name != "decode"}
    return report("senses", figures, {"static_ms": "<= 0.3"})


if __name__ == "__main__":
    sys.exit(not main())
