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

from edge.model.judge import FAINT, evaluate
from edge.model.truth import read
from edge.see.detect import Detector
from models.nanodet_g.build import CARD, HERE, names
from tests.bench.footage import NO_CLIP, NO_TRUTH, TRUTH, VTEST, pictures
from tests.bench.naive import NO_SOURCE, SOURCE, NaiveDetector
from tests.bench.report import report, skip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

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


def accuracy(model: Path) -> dict[str, float]:
    """Average precision over the whole clip, and precision and recall at the card's threshold."""
    judged = evaluate(Detector(model, threshold=FAINT), pictures(), read(TRUTH), CARD["output"]["threshold"])
    return {"ap": judged.ap, "precision": judged.precision, "recall": judged.recall}


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
        figures |= accuracy(model)
        targets |= {"precision": ">= 0.88", "recall": ">= 0.87"}
    else:
        print(NO_TRUTH)
    return report("detect", figures, targets)


if __name__ == "__main__":
    sys.exit(not main())
