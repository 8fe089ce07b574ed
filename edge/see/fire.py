"""Regions that look like flames. A crude sense: whoever hears of it has to look.

Pixels of the colours of fire whose light keeps changing in one place: neither all of them at once, as those
of a sign that blinks, nor each for itself, as lamps that run in a chain; and now they are more, now fewer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from edge.rule.scene import Flame
from edge.see.shrunk import factor, marked, shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Mask = NDArray[np.bool_]
    Boxes = NDArray[np.float32]
    Change = NDArray[np.float32]

LOOK = 0.2
"""Stream seconds from one look to the next: fire flickers at 1 to 10 Hz, and seldom repeats itself."""
EARLY = 0.05
"""A picture may come so much early and is looked at all the same."""
RED, OVER_BLUE = 140, 50
"""Least red of a flame, and by how much it is over the blue."""
FLICKER = 10
"""Levels by which a flame's pixel changes from look to look."""
MEMORY = 2.0
"""Seconds over which the flickering of a pixel, and of a region, is averaged."""
HOT = 0.2
"""Share of looks at which a pixel flickers, from which on it may burn."""
SURE, SLOPE = 0.38, 1.5
"""The same for a whole region where its score is one half, and what more of it is worth."""
LEAST = 20
"""Hot pixels of the small picture below which a region is a reflection."""
TOGETHER = (0.35, 0.9)
"""Share of the changes in a patch that go the same way; beyond these it is a chain of lamps, or one."""
SWELL = 0.06
"""Share by which the coloured part of a region changes its size from look to look; a lamp's keeps it."""
PATCH = 7
"""Pixels a side of such a patch."""
SQUARE = np.ones((3, 3), np.uint8)
NOBODY = np.zeros((0, 4), np.float32)


@dataclass(frozen=True, slots=True)
class _Region:
    """A place that flickers in the colours of fire."""

    flame: Flame
    together: float
    """How much of the changes in a patch goes the same way, 0..1."""
    swell: float
    """By what share its coloured part changes its size from look to look."""
    coloured: float
    """Pixels of the colours of fire at the last look."""

    def burns(self) -> bool:
        least, most = TOGETHER
        return least <= self.together <= most and self.swell >= SWELL


class Fire:
    """Remembers one camera's flickering; give it every analysed picture in order."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()
        self._at = float("-inf")
        self._given = 0
        self._regions: tuple[_Region, ...] = ()
        self._grey = np.zeros((1, 1), np.uint8)
        self._coloured = np.zeros((1, 1), np.bool_)
        self._heat = np.zeros((1, 1), np.float32)

    def flames(self, picture: Picture, at: float, people: Boxes = NOBODY) -> tuple[Flame, ...]:
        """What looks like fire at stream second `at`.

        Args:
            picture: BGR uint8 [h, w, 3]. One of another shape than the one before begins anew, as does a
                time before the last one.
            at: when it was taken.
            people: [n, 4] boxes in pixels of `picture` where nothing is believed to burn: vests and sleeves
                have the colours of fire, and move.
        """
        if picture.shape != self._shape or at < self._at:
            self._begin(picture, at)
        elif at - self._at >= LOOK - EARLY:
            small = shrunk(picture)
            hidden = marked(people, factor(picture.shape[0]), small.shape[:2])
            share = 1 - float(np.exp((self._at - at) / MEMORY))
            change = self._flicker(small, hidden, share)
            self._at = at
            self._regions = tuple(self._burning(change, share))
        return tuple(region.flame for region in self._regions if region.burns())

    def _begin(self, picture: Picture, at: float) -> None:
        small = shrunk(picture)
        self._shape, self._at, self._regions = picture.shape, at, ()
        self._grey, self._coloured = _grey(small), _of_fire(small)
        self._heat = np.zeros(self._grey.shape, np.float32)

    def _flicker(self, small: Picture, hidden: Mask, share: float) -> Change:
        """Note which pixels of fire changed; levels by which each did, 0 elsewhere."""
        grey, coloured = _grey(small), _of_fire(small)
        either = (coloured | self._coloured) & ~hidden
        change = np.where(either, grey.astype(np.float32) - self._grey, np.float32(0))
        cv2.accumulateWeighted((np.abs(change) > FLICKER).view(np.uint8), self._heat, share)
        self._grey, self._coloured = grey, coloured
        return change

    def _burning(self, change: Change, share: float) -> Iterator[_Region]:
        """The regions that flicker, those known under their own number."""
        hot = (self._heat > HOT).view(np.uint8)
        if cv2.countNonZero(hot) < LEAST:
            return
        before = list(self._regions)
        count, labels, stats = cv2.connectedComponentsWithStats(cv2.dilate(hot, SQUARE))[:3]
        for number in range(1, count):
            left, top, wide, high = stats[number, :4].tolist()
            window = slice(top, top + high), slice(left, left + wide)
            pixels = (labels[window] == number) & (hot[window] > 0)
            if np.count_nonzero(pixels) >= LEAST:
                box = np.array([left, top, left + wide, top + high], np.float32) * factor(self._shape[0])
                heat = float(self._heat[window][pixels].mean())
                score = float(np.clip(0.5 + SLOPE * (heat - SURE), 0.0, 0.95))
                known = _taken(before, box) or self._new(box)
                flame = replace(known.flame, box=box, score=score)
                coloured = float(np.count_nonzero(self._coloured[window]))
                yield _after(replace(known, flame=flame), change[window], coloured, share)

    def _new(self, box: Boxes) -> _Region:
        self._given += 1
        return _Region(Flame(self._given, box, self._at, 0.0, "fire"), 1.0, 0.0, 0.0)


def _taken(regions: list[_Region], box: Boxes) -> _Region | None:
    """The first region that meets a box, taken out of the list."""
    for region in regions:
        first, last = np.maximum(region.flame.box[:2], box[:2]), np.minimum(region.flame.box[2:], box[2:])
        if (first < last).all():
            regions.remove(region)
            return region
    return None


def _after(region: _Region, change: Change, coloured: float, share: float) -> _Region:
    """A region after a look at its window's changes, of which the past counts all but `share`."""
    whole = float(np.abs(change).mean())
    together = float(np.abs(cv2.blur(change, (PATCH, PATCH))).mean()) / whole if whole >= 1 else 1.0
    swell = abs(coloured - region.coloured) / max(coloured, region.coloured, 1.0) if region.coloured else 0.0
    return replace(
        region,
        together=region.together + share * (together - region.together),
        swell=region.swell + share * (swell - region.swell),
        coloured=coloured,
    )


def _grey(small: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def _of_fire(small: Picture) -> Mask:
    """Which pixels have a colour of fire: much red, less green, least blue."""
    blue, green, red = cv2.split(small)
    bright = (red > RED) & (cv2.subtract(red, blue) > OVER_BLUE)
    return np.asarray(bright & (red >= green) & (green >= blue))
