"""Motion as it is usually written: the yardstick of `tests.bench.motion`.

The recipe that open recorders share (grey plane, a hundred rows, contrast by percentiles, blur, running
average, threshold, contours), each step by the function that one would take for it, at each picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEIGHT = 100
DARKEST, BRIGHTEST = 4, 96
"""Percentiles that become black and white."""
FOLLOW = 0.07
"""Share of each picture in the two, so that nobody in white darkens the whole."""
FLAT = 64.0
"""Least grey levels between the two."""
KEEP = 0.02
STEP = 30
SPECK = 20
FLOOD = 0.8
SIGMA, RADIUS = 1.0, 1


class PlainMotion:
    """Remembers the background of one camera; give it the grey plane of every picture in order."""

    def __init__(self) -> None:
        self._background: NDArray[np.float32] | None = None
        self._limits: NDArray[np.float64] | None = None

    def boxes(self, luma: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Boxes [n, 4] left, top, right, bottom in pixels of `luma` [h, w]."""
        high, wide = luma.shape
        size = (round(wide * HEIGHT / high), HEIGHT)
        small = cv2.resize(luma, size, interpolation=cv2.INTER_NEAREST)
        even = gaussian_filter(self._stretched(np.asarray(small, np.uint8)), sigma=SIGMA, radius=RADIUS)
        if self._background is None:
            self._background = even.astype(np.float32)
        difference = cv2.absdiff(even, cv2.convertScaleAbs(self._background))
        moved = cv2.threshold(difference, STEP, 255, cv2.THRESH_BINARY)[1]
        if np.count_nonzero(moved) > FLOOD * moved.size:
            self._background = even.astype(np.float32)
            return np.zeros((0, 4), np.int32)
        cv2.accumulateWeighted(even, self._background, KEEP)
        grown = cv2.dilate(moved, np.ones((3, 3), np.uint8))
        contours = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
        rects = [rect for rect in map(cv2.boundingRect, contours) if rect[2] * rect[3] > SPECK]
        scale = np.array([wide / size[0], high / HEIGHT] * 2)
        corners = [(x, y, x + w, y + h) for x, y, w, h in rects]
        return np.asarray(np.round(np.array(corners, float).reshape(-1, 4) * scale), np.int32)

    def _stretched(self, small: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Full contrast between its darkest and its brightest."""
        now = np.array([np.percentile(small, DARKEST), np.percentile(small, BRIGHTEST)])
        self._limits = now if self._limits is None else self._limits + FOLLOW * (now - self._limits)
        low, high = self._limits
        grey = (small.astype(np.float32) - low) * (255 / max(high - low, FLAT))
        return np.asarray(np.clip(grey, 0, 255), np.uint8)
