"""Whether an ONNX file does what its family does: loaded, fed and read as an edge will, on drawn scenes.

It asks a clock, as the self-test does that it widens to files of any family.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from edge.model.opset import Stamp, stamp
from edge.see import drawing
from edge.see.detect import Detector
from edge.see.network import UnfitModelError
from edge.see.selftest import AGREE, SCENES, compare, digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from edge.see.selftest import Verdict

PERSON = "person"
BARELY = 1e-3
"""Rounding by which a score may lie outside of 0..1."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of a file that does."""

    sha256: str
    written: Stamp
    size: tuple[int, int]
    """Width and height of its input."""
    labels: tuple[str, ...]
    gives: str
    """Its outputs by name, with their shapes."""
    ms: float
    """Median of a picture, everything included, on one core."""
    scenes: int
    """In how many of the drawn scenes it saw a person."""
    beside: Verdict | None
    """What was found beside its float partner."""


def verify(path: Path, decoder: str, clean: Path | None = None) -> Verified:
    """Try `path` as a detector of the family `decoder`, beside its float partner where one is known.

    Raises:
        UnfitModelError: it is missing, no ONNX file, of another family, tells no scores, or says something
            else than its partner.
    """
    detector = Detector(path, decoder)
    written = stamp(path)
    pictures = [drawing.scene(seed) for seed in range(SCENES)]
    times, people = [], 0
    for picture in pictures:
        begun = time.thread_time()
        seen = detector.detect(picture)
        times.append(time.thread_time() - begun)
        people += PERSON in seen.labels
        _refuse_no_scores(path, detector.scores())
    partner = clean or _partner(path)
    beside = compare(path, partner, pictures, decoder) if partner else None
    if beside and not beside.agrees:
        raise UnfitModelError(
            f"{path} says something else than {beside.clean}: their scores differ by "
            f"{beside.difference:.3f}, and may by {AGREE}; use the float file, or convert it anew"
        )
    outputs = detector.infer()
    return Verified(
        sha256=digest(path),
        written=written,
        size=detector.size,
        labels=detector.labels,
        gives=", ".join(f"{name} {list(array.shape)}" for name, array in outputs.items()),
        ms=1e3 * median(times),
        scenes=people,
        beside=beside,
    )


def _partner(path: Path) -> Path | None:
    clean = path.with_name(path.name.replace("int8", "fp32"))
    return clean if clean != path and clean.is_file() else None


def _refuse_no_scores(path: Path, scores: NDArray[np.float32]) -> None:
    if not np.isfinite(scores).all():
        raise UnfitModelError(
            f"{path} tells scores that are no numbers: it is damaged, or was converted wrongly"
        )
    if len(scores) and not (scores.min() >= -BARELY and scores.max() <= 1 + BARELY):
        raise UnfitModelError(
            f"{path} tells scores from {scores.min():.1f} to {scores.max():.1f} where 0 to 1 is meant: "
            "export it with its last sigmoid or softmax"
        )


def missing(labels: Sequence[str]) -> str | None:
    """A sentence for whoever brings a network that tells no people apart."""
    if PERSON in labels:
        return None
    return f"it names no {PERSON!r} among its classes, so intrusion, linger and crowd will tell of nobody"
