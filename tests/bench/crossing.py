"""Who is who on the sample clip: the default detector at the edge's pace, its tracks held against the truth.

A track that lies only where somebody stands who may be missed counts neither way. What is told is what rules
believe: seen in two pictures at least, and lately. The figures are those of CLEAR MOT and of identity, as
`motmetrics` (MIT) computes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import motmetrics
import numpy as np

from edge.rule.scope import FRESH
from edge.see.colour import colours
from edge.see.seen import overlap
from edge.see.track import Tracker
from edge.watch import LOW
from tests.bench.footage import TRUTH, pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from edge.see.detect import Detector
    from edge.see.track import Track

FPS = 10
SURE = 0.45
SAME = 0.5
"""Intersection over union from which a track is that person's."""
NAMES = ("mota", "idf1", "num_switches")


def identities(detector: Detector, every: int) -> dict[str, float]:
    """MOTA, IDF1 and switches of identity where one of `every` pictures is looked at, and how counts go."""
    rows = np.loadtxt(TRUTH, delimiter=",")
    kept = motmetrics.MOTAccumulator(auto_id=True)
    counts = []
    for number, tracks in followed(detector, every):
        here = rows[rows[:, 0] == number + 1]
        boxes = np.concatenate([here[:, 2:4], here[:, 2:4] + here[:, 4:6]], axis=1)
        ids, apart = judged(tracks, boxes, here[:, 6] > 0)
        kept.update(here[here[:, 6] > 0, 1].astype(int), ids, apart)
        counts.append((len(here), len(tracks)))
    found = motmetrics.metrics.create().compute(kept, metrics=list(NAMES), name="clip").iloc[0]
    there, told = np.array(counts).T
    return {
        "mota": float(found["mota"]),
        "idf1": float(found["idf1"]),
        "id_switches": int(found["num_switches"]),
        "people": len(set(rows[:, 1])),
        "count_off_by": float(np.abs(told - there).mean()),
        "count_changes": int(np.abs(np.diff(told)).sum()),
        "true_changes": int(np.abs(np.diff(there)).sum()),
    }


def followed(detector: Detector, every: int) -> Iterator[tuple[int, list[Track]]]:
    """Pictures that are looked at by their number, and the people that are believed to be in them."""
    tracker = Tracker(SURE, LOW)
    for number, picture in enumerate(pictures()):
        if number % every == 0:
            seen, at = detector.detect(picture), number / FPS
            tracks = tracker.step(seen, at, colours(picture, seen.boxes))
            sure = [track for track in tracks if track.hits > 1 and at - track.last <= FRESH]
            yield number, [track for track in sure if track.label == "person"]


def judged(
    tracks: list[Track], boxes: NDArray[np.float64], free: NDArray[np.bool_]
) -> tuple[list[int], NDArray[np.float64]]:
    """Ids of the tracks that count, and how far each person is from each of them, 0..SAME; NaN: another."""
    shared = overlap(boxes, np.array([track.box for track in tracks], np.float32).reshape(-1, 4))
    near = shared >= SAME
    counts = np.asarray(near[free].any(axis=0) | ~near[~free].any(axis=0))
    apart = np.where(near, 1 - shared, np.nan)[free][:, counts]
    return [track.id for track, here in zip(tracks, counts, strict=True) if here], apart
