"""`python -m tests.bench.detect`: how well and how fast the default detector sees people on a real clip.

Both detectors run on the calling thread alone, and times are of that thread: one core's milliseconds.
"""

from __future__ import annotations

import itertools
import sys
import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np

from edge.see.detect import Detector
from edge.see.seen import overlap
from models.nanodet_g.build import CARD, HERE, names
from tests.bench.footage import NO_CLIP, NO_TRUTH, TRUTH, VTEST, people, pictures
from tests.bench.naive import NO_SOURCE, SOURCE, NaiveDetector
from tests.bench.report import report, skip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from edge.see.seen import Seen

SAME = 0.5
"""Intersection over union from which a box is that person's."""
EVERY = 8
"""Both detectors are timed on every eighth picture, in turn."""


T = TypeVar("T")


class Timed(Detector):
    """The product's detector, which also notes how long its network takes within the whole."""

    network_ms = 0.0

    def infer(self) -> Mapping[str, NDArray[Any]]:
        outputs, self.network_ms = spent(super().infer)
        return outputs


def spent(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gives, and its milliseconds."""
    begun = time.thread_time()
    result = work()
    return result, 1e3 * (time.thread_time() - begun)


def judge(seen: Seen, free: NDArray[np.float64], hidden: NDArray[np.float64]) -> tuple[int, int, int]:
    """Right, wrong and missed people of one picture; who is hidden may be seen or missed."""
    boxes = seen.boxes[[label == "person" for label in seen.labels]]
    shared, taken = overlap(boxes, free), np.zeros(len(free), bool)
    excused = np.asarray((overlap(boxes, hidden) >= SAME).any(axis=1))
    right = wrong = 0
    for row, forgiven in zip(shared, excused, strict=True):
        best = np.where(taken, 0.0, row)
        if len(best) and best.max() >= SAME:
            taken[best.argmax()] = True
            right += 1
        elif not forgiven:
            wrong += 1
    return right, wrong, int((~taken).sum())


def accuracy(detector: Detector) -> dict[str, float]:
    """Precision and recall over the whole clip."""
    truth = people()
    judged = [
        judge(detector.detect(picture), *truth[number])
        for number, picture in enumerate(pictures())
        if number in truth
    ]
    right, wrong, missed = np.sum(judged, axis=0)
    return {"precision": float(right / (right + wrong)), "recall": float(right / (right + missed))}


def speed(detector: Timed, yardstick: NaiveDetector) -> dict[str, float]:
    """Medians of both on the same pictures, each whole: from the picture to its boxes."""
    whole, network, naive = [], [], []
    for picture in itertools.islice(pictures(), 0, None, EVERY):
        whole.append(spent(partial(detector.detect, picture))[1])
        network.append(detector.network_ms)
        naive.append(spent(partial(yardstick.detect, picture))[1])
    return {
        "ms_per_frame": median(whole),
        "naive_ms_per_frame": median(naive),
        "speedup": median(naive) / median(whole),
        "pre_post_share": 1 - median(network) / median(whole),
    }


def main() -> bool:
    model = HERE / names()[0]
    for path, sentence in ((VTEST, NO_CLIP), (SOURCE, NO_SOURCE), (model, NO_SOURCE)):
        if not path.exists():
            return skip("detect", sentence)
    cv2.setNumThreads(1)
    detector = Timed(model)
    figures: dict[str, float | str] = {"model": model.name}
    figures |= speed(detector, NaiveDetector(CARD["output"]["threshold"]))
    targets = {"speedup": ">= 3", "pre_post_share": "<= 0.15"}
    if TRUTH.is_file():
        figures |= accuracy(detector)
        targets |= {"precision": ">= 0.88", "recall": ">= 0.87"}
    else:
        print(NO_TRUTH)
    return report("detect", figures, targets)


if __name__ == "__main__":
    sys.exit(not main())
