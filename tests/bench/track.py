"""`python -m tests.bench.track`: what following 20 and 80 walkers costs, and who is taken for whom.

Times are of one core (`time.thread_time`): what other programs take meanwhile is not counted. Walkers wear
colours of a dozen kinds. Identities are judged on the sample clip, at five pictures a second and at ten.
"""

from __future__ import annotations

import sys
import time
from statistics import median

import numpy as np
from numpy.typing import NDArray

from edge.see.colour import COLOURS, colours
from edge.see.detect import Detector
from edge.see.seen import Seen
from edge.see.track import Tracker
from edge.watch import LOW
from models.nanodet_g.build import HERE, names
from tests.bench.crossing import identities
from tests.bench.footage import TRUTH, VTEST
from tests.bench.report import report

WIDTH, HEIGHT = 1920, 1080
FPS = 5
PICTURES = 100
REPEATS = 5
MISSED = 0.08
"""Share of sights that the detector misses."""


Shown = tuple[Seen, NDArray[np.float32]]


def walk(count: int, seed: int) -> list[Shown]:
    """What a detector sees of people who walk from wall to wall: with jitter, misses and weak scores."""
    random = np.random.default_rng(seed)
    hall = np.array([WIDTH, HEIGHT])
    start = random.uniform((0, 0), hall, (count, 2))
    speed = random.normal(0, 40, (count, 2))
    size = random.uniform((30, 80), (60, 160), (count, 2))
    worn = random.dirichlet(np.full(COLOURS, 0.05), 12)[random.integers(0, 12, count)]
    pictures = []
    for number in range(PICTURES):
        there_and_back = hall - np.abs((start + speed * number / FPS) % (2 * hall) - hall)
        middle = there_and_back + random.normal(0, 1.5, (count, 2))
        boxes = np.concatenate([middle - size / 2, middle + size / 2], axis=1).astype(np.float32)
        scores = random.uniform(0.35, 0.95, count).astype(np.float32)
        seen = random.random(count) > MISSED
        there = Seen(boxes[seen], scores[seen], ("person",) * int(seen.sum()))
        pictures.append((there, np.sqrt(worn[seen]).astype(np.float32)))
    return pictures


def cost(count: int) -> tuple[float, float]:
    """Median milliseconds of a picture, and how many ids were given a walker."""
    times, given = [], 0
    for seed in range(REPEATS):
        tracker = Tracker()
        for number, (seen, worn) in enumerate(walk(count, seed)):
            begun = time.thread_time()
            tracks = tracker.step(seen, number / FPS, worn)
            times.append(time.thread_time() - begun)
            given = max([given, *(track.id for track in tracks)])
    return 1e3 * median(times), given / count


def looking(count: int) -> float:
    """Median milliseconds that it takes to see what so many walkers wear."""
    picture = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    times = []
    for seen, _ in walk(count, 0):
        begun = time.thread_time()
        colours(picture, seen.boxes)
        times.append(time.thread_time() - begun)
    return 1e3 * median(times)


def main() -> bool:
    at_20, _ = cost(20)
    at_80, numbers = cost(80)
    figures: dict[str, float | str] = {"ms_at_80": at_80, "ms_at_20": at_20, "ids_per_walker_at_80": numbers}
    figures |= {"colours_ms_at_80": looking(80), "colours_ms_at_20": looking(20)}
    model = HERE / names()[0]
    if TRUTH.is_file() and VTEST.is_file() and model.is_file():
        detector = Detector(model, threshold=LOW)
        figures |= identities(detector, every=2)
        figures |= {f"{key}_at_10_fps": value for key, value in identities(detector, every=1).items()}
    else:
        print("identities are not judged: the clip, its truth or the detector is not here")
    return report("track", figures, {"ms_at_80": "<= 3"})


if __name__ == "__main__":
    sys.exit(not main())
