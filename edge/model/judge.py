"""How well a detector sees people: average precision, and precision and recall at a threshold."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Protocol

import numpy as np

from edge.model.truth import NOBODY
from edge.see.network import UnfitModelError
from edge.see.seen import overlap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from edge.model.truth import Present
    from edge.see.seen import Seen

SAME = 0.5
"""Intersection over union from which a box is that person's."""
FAINT = 0.05
"""Score down to which average precision looks; let the detector's threshold be this."""
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Judged:
    """How well and how fast one detector saw the people of some pictures."""

    pictures: int
    people: int
    """Who stood there free, added up over the pictures."""
    ap: float
    """Area under precision over recall, interpolated at every point (PASCAL VOC 2010 and later)."""
    precision: float
    recall: float
    threshold: float
    """At which precision and recall hold."""
    ms: float
    """Median of a picture, everything included, on one core."""


class Sees(Protocol):
    """What finds people in a picture; edge.see.detect.Detector is one."""

    def detect(self, picture: NDArray[np.uint8]) -> Seen:
        """What stands in a picture BGR uint8 [h, w, 3], the surest first."""


def evaluate(
    detector: Sees,
    pictures: Iterable[NDArray[np.uint8]],
    truth: Mapping[int, Present],
    threshold: float,
    tell: Callable[[int], None] = lambda _: None,
) -> Judged:
    """Show `detector`, made with threshold FAINT, every picture of which the truth is known.

    Raises:
        UnfitModelError: nobody stands in any of them, so that there is nothing to judge.
    """
    scores, right, times = [], [], []
    people = 0
    for number, picture in enumerate(pictures):
        if number in truth:
            begun = time.thread_time()
            seen = detector.detect(picture)
            times.append(time.thread_time() - begun)
            sure, found = matched(seen, truth.get(number, NOBODY))
            scores.append(sure)
            right.append(found)
            people += len(truth[number].free)
            tell(len(times))
    if not people:
        raise UnfitModelError("the ground truth names nobody in these pictures: is it that of another clip?")
    told, good = np.concatenate(scores), np.concatenate(right)
    kept = good[told >= threshold]
    return Judged(
        pictures=len(times),
        people=people,
        ap=average_precision(told, good, people),
        precision=float(kept.mean()) if len(kept) else 0.0,
        recall=float(kept.sum() / people),
        threshold=threshold,
        ms=1e3 * median(times),
    )


def matched(seen: Seen, there: Present) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Scores of the people seen in one picture, the surest first, and which of them stand there.

    Each person is found once; whoever is seen where only somebody hidden stands counts neither way.
    """
    people = np.array([label == PERSON for label in seen.labels], bool)
    boxes, scores = seen.boxes[people], seen.scores[people]
    shared, taken = overlap(boxes, there.free), np.zeros(len(there.free), bool)
    excused = (overlap(boxes, there.hidden) >= SAME).any(axis=1)
    right = np.zeros(len(boxes), bool)
    for number, row in enumerate(shared):
        best = np.where(taken, 0.0, row)
        if len(best) and best.max() >= SAME:
            taken[best.argmax()] = right[number] = True
    counts = right | ~excused
    return scores[counts], right[counts]


def average_precision(scores: NDArray[np.float32], right: NDArray[np.bool_], people: int) -> float:
    """The area under precision over recall, where precision is the best that any lower threshold keeps."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    precision = hits / np.arange(1, len(hits) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float((best * right[order]).sum() / people)
