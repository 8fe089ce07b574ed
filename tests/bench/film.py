"""A camera that shows the sample clip without an RTSP way, and zones that make many alerts of it."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

from edge.camera.clip import NoClip
from edge.camera.frame import Frame
from edge.camera.health import Health
from edge.config import IntrusionRule, ZoneConfig
from tests.bench.footage import pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from edge.camera.clip import Clip

FPS = 5.0
CLIP_FPS = 10
TOP = 0.3
"""Share of the picture above which nobody walks."""


class FilmEye:
    """Hands over the clip's pictures from `begin` seconds on, again and again; each is of the very moment."""

    def __init__(self, camera: str, begin: float) -> None:
        self._camera = camera
        self._film = islice(_endless(), int(begin * CLIP_FPS), None, int(CLIP_FPS / FPS))
        self._due = float("inf")
        self._seq = 0

    def start(self) -> None:
        self._due = time.monotonic()

    def stop(self) -> None:
        self._due = float("inf")

    def next(self, timeout: float) -> Frame | None:  # noqa: ARG002 - never waits
        now = time.monotonic()
        if now < self._due:
            return None
        self._due = max(self._due + 1 / FPS, now)
        self._seq += 1
        picture = next(self._film)
        return Frame(self._camera, time.time(), self._seq, picture)

    def health(self) -> Health:
        return Health(self._camera, "live", 0.0, fps=FPS)

    def pid(self) -> int | None:
        return None

    def sleep(self, *, asleep: bool) -> None:
        """It has nothing to decode."""

    def relay(self, mains: Iterable[bool], take: Callable[[bytes], None]) -> None:
        """It has no packets."""

    def clip(self, begin: float, end: float, path: Path) -> Clip:  # noqa: ARG002 - there is none
        raise NoClip("this camera keeps no ring")


def cells(across: int, down: int) -> Iterator[ZoneConfig]:
    """The square cut into small zones that speak whenever somebody walks through."""
    rules = (IntrusionRule(cooldown=0.0, grace=1.0),)
    for row in range(down):
        top, bottom = (TOP + (1 - TOP) * (row + edge) / down for edge in (0, 1))
        for column in range(across):
            left, right = column / across, (column + 1) / across
            ring = ((left, top), (right, top), (right, bottom), (left, bottom))
            yield ZoneConfig(id=f"cell-{row}-{column}", polygon=ring, rules=rules)


def _endless() -> Iterator[NDArray[np.uint8]]:
    while True:
        yield from pictures()
