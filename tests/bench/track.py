"""`python -m tests.bench.track`: what following 20 and 80 walkers costs, and how many ids they get.

Times are of one core (`time.thread_time`): what other programs take meanwhile is not counted.
"""

from __future__ import annotations

import sys
import time
from statistics import median

import numpy as np

from edge.see.seen import Seen
from edge.see.track import Tracker
from tests.bench.report import report

WIDTH, HEIGHT = 1920, 1080
FPS = 5
PICTURES = 100
REPEATS = 5
MISSED = 0.08
"""Share of sights that the detector misses."""


def walk(count: int, seed: int) -> list[Seen]:
    """What a detector sees of people who walk from wall to wall: with jitter, misses and weak scores."""
    random = np.random.default_rng(seed)
    hall = np.array([WIDTH, HEIGHT])
    start = random.uniform((0, 0), hall, (count, 2))
    speed = random.normal(0, 40, (count, 2))
    size = random.uniform((30, 80), (60, 160), (count, 2))
    pictures = []
    for number in range(PICTURES):
        there_and_back = hall - np.abs((start + speed * number / FPS) % (2 * hall) - hall)
        middle = there_and_back + random.normal(0, 1.5, (count, 2))
        boxes = np.concatenate([middle - size / 2, middle + size / 2], axis=1).astype(np.float32)
        scores = random.uniform(0.35, 0.95, count).astype(np.float32)
        seen = random.random(count) > MISSED
        pictures.append(Seen(boxes[seen], scores[seen], ("person",) * int(seen.sum())))
    return pictures


def cost(count: int) -> tuple[float, float]:
    """Median milliseconds of a picture, and how many ids were given a walker."""
    times, given = [], 0
    for seed in range(REPEATS):
        tracker = Tracker()
        for number, seen in enumerate(walk(count, seed)):
            begun = time.thread_time()
            tracks = tracker.step(seen, number / FPS)
            times.append(time.thread_time() - begun)
            given = max([given, *(track.id for track in tracks)])
    return 1e3 * median(times), given / count


def main() -> bool:
    at_20, _ = cost(20)
    at_80, numbers = cost(80)
    figures = {"ms_at_80": at_80, "ms_at_20": at_20, "ids_per_walker_at_80": numbers}
    return report("track", figures, {"ms_at_80": "<= 5"})


if __name__ == "__main__":
    sys.exit(not main())
