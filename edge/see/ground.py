"""What a place looks like when nothing stands in it, and what each pixel shows instead, for how long.

Two memories at a small size: the ground, learned slowly, and for every pixel that shows something else what
that is and for how many seconds it was seen. The second is a majority vote in one pass (after Boyer and
Moore): who walks by takes away only the seconds that he covers. Where people are nothing is learned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

STEP = 22
"""Levels of any colour by which a pixel must differ to show something else."""
LEARN = 4.0
"""Seconds for which a pixel must have shown the same before that is taken for the ground."""
STILL = 3.0
"""Seconds for which something must have been seen before it stands there."""
MOST = 8.0
"""Seconds that count at most: so long may something unknown hide what stands, and it is still believed."""
DRAIN = 6.0
"""How much quicker it is forgotten where its ground is seen again."""
KEEP = 0.06
"""Share of each look that becomes ground where it looks like ground."""
ONCE = 1e-3
"""Seconds of what was seen for the first time."""
WEIGHTS = np.zeros(256, np.float32)
WEIGHTS[:4] = 0, 1, -1, -DRAIN
"""What a second counts: unseen, seen again, hidden by something else, gone."""
COARSE = 6
"""Each so many pixels one is asked for the light of the whole picture."""
DIM, GLARE = 0.5, 2.0
"""A change of light beyond these is not followed: it is learned anew."""
LIGHTER = 0.02
"""A change of light smaller than this share is left to the slow learning."""
BLACK = 16
"""Levels below which a pixel says nothing about the light."""


class Ground:
    """The memory of one camera at the small size; masks are bool [h, w]."""

    def __init__(self, small: Picture, at: float) -> None:
        """Begin with nothing known, at a picture BGR uint8 [h, w, 3] taken at stream second `at`."""
        shape = small.shape[:2]
        self._ground = small.astype(np.float32)
        self._other = small.astype(np.float32)
        self._seconds = np.full(shape, ONCE, np.float32)
        self._known = np.zeros(shape, np.bool_)
        self._held = np.zeros(shape, np.bool_)
        self._plain = np.zeros(shape, np.bool_)
        self._same = np.zeros(shape, np.bool_)
        self.since = np.full(shape, at)
        """Stream second at which what each pixel shows instead of the ground was first seen."""

    def step(self, small: Picture, hidden: Mask, at: float, passed: float) -> None:
        """Learn from a picture taken `passed` seconds after the one before, but not where it is `hidden`."""
        self._follow_light(small)
        self._plain = plain = self._known & ~hidden & ~_differs(small, self.picture())
        strange = ~hidden & ~plain
        self._same = same = strange & ~_differs(small, _levels(self._other))
        away = strange & ~same
        cv2.accumulateWeighted(small, self._ground, KEEP, plain.view(np.uint8))
        cv2.accumulateWeighted(small, self._other, KEEP, same.view(np.uint8))
        code = same.view(np.uint8) + 2 * away.view(np.uint8) + 3 * plain.view(np.uint8)
        self._seconds += passed * np.asarray(cv2.LUT(code, WEIGHTS), np.float32)
        np.clip(self._seconds, 0.0, MOST, out=self._seconds)
        self._begin_anew(small, away & (self._seconds <= 0), at)
        self._learn()

    def picture(self) -> Picture:
        """The ground as a picture BGR uint8 [h, w, 3]; where it is not known yet, something."""
        return _levels(self._ground)

    def standing(self, before: Mask) -> Mask:
        """What stands on the ground: seen for long enough, or `before` and not forgotten since."""
        believed = (self._seconds >= STILL) | (before & (self._seconds > ONCE))
        return np.asarray(believed & (self._known | self._held))

    def absorb(self, where: Mask, around: tuple[slice, slice]) -> None:
        """What is seen to stand `where` is the ground from now on.

        What is hidden, there or `around` it, is not known any more: it may be gone like the rest of what it
        was part of.
        """
        seen = where & self._same
        self._ground[seen] = self._other[seen]
        self._known[around] &= self._plain[around]
        self._known[where] = (seen & (self._seconds >= STILL))[where]
        self._held[where], self._seconds[where] = False, ONCE

    def forget(self, small: Picture, but: Mask) -> None:
        """Learn the ground anew; what stands where `but` says goes on standing, on nobody knows what."""
        self._other[:] = small
        self._known[:] = False
        self._held[:] = but
        self._seconds[:] = np.where(but, np.float32(MOST), np.float32(ONCE))

    def _follow_light(self, small: Picture) -> None:
        """Where the whole picture became brighter or darker, so does all that is remembered."""
        now, was = (
            each[::COARSE, ::COARSE].reshape(-1, 3).astype(np.float32) for each in (small, self._ground)
        )
        usable = (was > BLACK).all(axis=1) & self._known[::COARSE, ::COARSE].reshape(-1)
        if np.count_nonzero(usable) * 2 < len(usable):
            return
        now, was = now[usable], was[usable]
        if np.abs(now.mean(axis=0) / was.mean(axis=0) - 1).max() < LIGHTER:
            return
        gain = np.median(now / was, axis=0)
        if np.abs(gain - 1).max() < LIGHTER or gain.min() < DIM or gain.max() > GLARE:
            return
        better = np.abs(now - was * gain).max(axis=1) < STEP
        if np.count_nonzero(better) > np.count_nonzero(np.abs(now - was).max(axis=1) < STEP):
            self._ground *= gain
            self._other *= gain

    def _begin_anew(self, small: Picture, where: Mask, at: float) -> None:
        if where.any():
            cv2.copyTo(small.astype(np.float32), where.view(np.uint8), self._other)
            np.copyto(self._seconds, ONCE, where=where)
            np.copyto(self._held, False, where=where)
            np.copyto(self.since, at, where=where)

    def _learn(self) -> None:
        where = ~self._known & ~self._held & (self._seconds >= LEARN)
        if where.any():
            cv2.copyTo(self._other, where.view(np.uint8), self._ground)
            self._known |= where
            np.copyto(self._seconds, 0.0, where=where)


def _levels(picture: NDArray[np.float32]) -> Picture:
    return np.asarray(cv2.convertScaleAbs(picture), np.uint8)


def _differs(one: Picture, other: Picture) -> Mask:
    """The pixels of which any colour differs by more than `STEP`."""
    blue, green, red = cv2.split(cv2.absdiff(one, other))
    return np.asarray(cv2.max(cv2.max(blue, green), red) > STEP)
