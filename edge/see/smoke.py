"""Regions that look like smoke. A crude sense: whoever hears of it has to look.

Seen in squares of the small picture: what was there loses its detail and its colour under something grey that
does not stand still, and the region began small and grows. Fog and dust do the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from edge.rule.scene import Flame
from edge.see.shrunk import factor, marked, shrunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cv2.typing import MatLike
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Mask = NDArray[np.bool_]
    Boxes = NDArray[np.float32]
    Cells = NDArray[np.float32]

LOOK = 0.5
"""Stream seconds from one look to the next."""
EARLY = 0.05
"""A picture may come so much early and is looked at all the same."""
SIDE = 8
"""Pixels of the small picture that make a cell, each way."""
KEEP = 0.02
"""Share of each look that becomes the ground, where nothing smokes."""
LEARN = 10
"""Looks before the ground is believed."""
DETAIL = 2.0
"""Levels of fine detail from which on a cell has something to lose."""
LOSS = 0.7
"""Share of its detail that a cell keeps under smoke at most."""
VEIL = 8.0
"""Levels by which a veiled cell is brighter or darker than its ground, at least."""
GREY, FADED = 24.0, 0.8
"""Levels between strongest and weakest colour of smoke, or the share that it leaves of them, at most."""
DRIFT = (1.0, 20.0)
"""Levels by which a cell of smoke changes from look to look: less is a thing, more is what moves."""
RESTLESS = 0.45
"""Share of looks in which it does so."""
MEMORY = 3.0
"""Seconds over which that is averaged, and over which smoke is believed."""
HAZY = 0.5
"""Share of that time for which a cell must have been veiled."""
LEAST = 5
"""Cells of a region below which nobody could tell."""
BURST = 0.12
"""Share of the picture with which no smoke begins: a lamp, a lorry, a hand before the camera."""
GROWTH = 1.5
"""By how much a region must have grown before its score is one half."""
NOBODY = np.zeros((0, 4), np.float32)


class _Look(NamedTuple):
    """What the cells of one picture show: mean light, fine detail, colourfulness, in levels."""

    light: Cells
    detail: Cells
    colour: Cells


@dataclass(frozen=True, slots=True)
class _Cloud:
    """A region that may be smoke, and how many cells it had at first."""

    flame: Flame
    first: int
    cells: Mask


class Smoke:
    """Remembers one camera's place in cells; give it every analysed picture in order."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()
        self._at = float("-inf")
        self._given = self._looks = 0
        self._clouds: tuple[_Cloud, ...] = ()
        none = np.zeros((1, 1), np.float32)
        self._last = self._ground = _Look(none, none, none)
        self._drift = self._haze = none

    def flames(self, picture: Picture, at: float, people: Boxes = NOBODY) -> tuple[Flame, ...]:
        """What looks like smoke at stream second `at`.

        Args:
            picture: BGR uint8 [h, w, 3]. One of another shape than the one before begins anew, as does a
                time before the last one.
            at: when it was taken.
            people: [n, 4] boxes in pixels of `picture` where nothing is believed to smoke.
        """
        if picture.shape != self._shape or at < self._at:
            self._begin(picture, at)
        elif at - self._at >= LOOK - EARLY:
            small = shrunk(picture)
            hidden = marked(people, factor(picture.shape[0]), small.shape[:2])
            share = 1 - float(np.exp((self._at - at) / MEMORY))
            self._at = at
            self._step(_look(small), _cells(hidden.astype(np.float32)) > 0, share)
            self._clouds = tuple(self._follow())
        return tuple(cloud.flame for cloud in self._clouds)

    def _begin(self, picture: Picture, at: float) -> None:
        self._shape, self._at, self._clouds, self._looks = picture.shape, at, (), 0
        self._last = self._ground = _look(shrunk(picture))
        self._drift = np.zeros_like(self._last.light)
        self._haze = np.zeros_like(self._last.light)

    def _step(self, now: _Look, hidden: Mask, share: float) -> None:
        """Note which cells look veiled, and learn the ground of the others."""
        self._looks += 1
        change, (least, most) = np.abs(now.light - self._last.light), DRIFT
        drifts = (change > least) & (change < most)
        self._drift += np.where(hidden, np.float32(0), share * (drifts - self._drift))
        veiled = self._veiled(now) & ~hidden
        self._haze += np.where(hidden, np.float32(0), share * (veiled - self._haze))
        keep = np.where(veiled | hidden, 0.0, KEEP if self._looks > LEARN else 1 / self._looks)
        self._ground = _Look(
            *(
                (was + keep * (is_ - was)).astype(np.float32)
                for was, is_ in zip(self._ground, now, strict=True)
            )
        )
        self._last = now

    def _veiled(self, now: _Look) -> Mask:
        ground = self._ground
        # Less light takes detail too, but not its share of the light.
        kept = LOSS * ground.detail * (now.light + 1) / (ground.light + 1)
        lost = (ground.detail > DETAIL) & (now.detail < kept)
        faded = (now.colour < GREY) | (now.colour < FADED * ground.colour)
        other = np.abs(now.light - ground.light) > VEIL
        return np.asarray(lost & faded & other & (self._drift > RESTLESS) & (self._looks > LEARN))

    def _follow(self) -> Iterator[_Cloud]:
        """The regions of veiled cells, those known under their own number."""
        hazy = (self._haze > HAZY).view(np.uint8)
        if cv2.countNonZero(hazy) < LEAST:
            return
        count, labels, stats = cv2.connectedComponentsWithStats(hazy)[:3]
        for number in range(1, count):
            left, top, wide, high, cells = stats[number].tolist()
            if cells >= LEAST:
                by = SIDE * factor(self._shape[0])
                box = np.array([left, top, left + wide, top + high], np.float32) * by
                yield self._cloud(box, labels == number, cells)

    def _cloud(self, box: Boxes, cells: Mask, count: int) -> _Cloud:
        known = next((cloud for cloud in self._clouds if (cloud.cells & cells).any()), None)
        if known is None:
            self._given += 1
            known = _Cloud(Flame(self._given, box, self._at, 0.0, "smoke"), count, cells)
        grown = count / known.first
        burst = known.first > BURST * cells.size
        score = 0.0 if burst else float(np.clip(0.5 * grown / GROWTH, 0.0, 0.9))
        return _Cloud(replace(known.flame, box=box, score=score), known.first, cells)


def _look(small: Picture) -> _Look:
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32)
    blue, green, red = cv2.split(small)
    strongest, weakest = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    fine = cv2.absdiff(grey, cv2.blur(grey, (5, 5)))
    return _Look(_cells(grey), _cells(fine), _cells(cv2.subtract(strongest, weakest)))


def _cells(values: MatLike) -> Cells:
    """The mean of each cell."""
    high, wide = values.shape
    size = max(1, wide // SIDE), max(1, high // SIDE)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)
