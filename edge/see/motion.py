"""Where a picture moves, for less than a tenth of what decoding it costs.

The known recipe (small, contrast, blur, running average, threshold, contours), with a histogram and a table
where others sort pixels for percentiles, and nothing done at full size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from numpy.typing import NDArray

HEIGHT = 100
"""Rows of the small picture in which motion is sought."""
DARKEST, BRIGHTEST = 0.04, 0.96
"""Shares of the histogram that become black and white."""
FLAT = 64.0
"""Grey levels between the two below which a picture is fog or night, whose noise must not be stretched."""
GLANCE = 5
"""Pictures between two looks at the histogram: the light of a market does not change within a second."""
EASE = 0.3
"""Share of each look that counts: a person in white must not darken the whole picture at once."""
KEEP = 0.02
"""Share of each picture that becomes background: half of a change is learned in 35 pictures."""
STEP = 30
"""Grey levels by which a pixel must differ from the background."""
SPECK = 20
"""Largest box, in pixels of the small picture, that is taken for grain."""
FLOOD = 0.8
"""Share of moving pixels above which the light changed, and nothing moved."""
LEVELS = np.arange(256, dtype=np.float32)
SQUARE = np.ones((3, 3), np.uint8)
NONE = np.zeros((0, 4), np.int32)


class Motion:
    """Remembers the background of one camera; give it every analysed picture in order."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()
        self._light = _Light()
        self._background: NDArray[np.float32] | None = None

    def boxes(self, picture: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Boxes around what differs from the background.

        Args:
            picture: luma uint8 [h, w], or BGR [h, w, 3], of which grey is made when it is small. A picture
                of another shape than the one before begins anew.

        Returns:
            int32 [n, 4] left, top, right, bottom in pixels of `picture`, right and bottom exclusive. The
            first picture and one in which the light changed have none.
        """
        small = _small(picture)
        if picture.shape != self._shape or self._background is None:
            self._shape = picture.shape
            return self._begin(small)
        even = self._even(small)
        difference = cv2.absdiff(even, cv2.convertScaleAbs(self._background))
        moved = cv2.threshold(difference, STEP, 255, cv2.THRESH_BINARY)[1]
        if cv2.countNonZero(moved) > FLOOD * moved.size:
            return self._begin(small)
        cv2.accumulateWeighted(even, self._background, KEEP)
        return _around(moved, picture.shape)

    def _begin(self, small: MatLike) -> NDArray[np.int32]:
        self._light = _Light()
        self._background = self._even(small).astype(np.float32)
        return NONE

    def _even(self, small: MatLike) -> MatLike:
        """The small picture with full contrast and less grain."""
        return cv2.GaussianBlur(cv2.LUT(small, self._light.table(small)), (3, 3), 1.0)


class _Light:
    """The contrast of one camera, followed slowly."""

    def __init__(self) -> None:
        self._pictures = 0
        self._limits: tuple[float, float] | None = None
        self._table: NDArray[np.uint8] = LEVELS.astype(np.uint8)

    def table(self, small: MatLike) -> NDArray[np.uint8]:
        """For each of the 256 grey levels the level that stands for it."""
        if self._pictures % GLANCE == 0:
            low, high = self._follow(small)
            self._table = np.clip((LEVELS - low) * (255 / max(high - low, FLAT)), 0, 255).astype(np.uint8)
        self._pictures += 1
        return self._table

    def _follow(self, small: MatLike) -> tuple[float, float]:
        counts = cv2.calcHist([small], [0], None, [256], [0, 256]).reshape(-1)
        low, high = np.searchsorted(np.cumsum(counts) / small.size, (DARKEST, BRIGHTEST))
        was_low, was_high = self._limits or (low, high)
        self._limits = (was_low + EASE * (low - was_low), was_high + EASE * (high - was_high))
        return self._limits


def _small(picture: NDArray[np.uint8]) -> MatLike:
    height, width = picture.shape[:2]
    size = (max(1, round(width * HEIGHT / height)), HEIGHT)
    # Its rows first: reading them one after the other halves the wait for memory.
    rows: NDArray[np.uint8] = picture[np.arange(HEIGHT) * height // HEIGHT]
    small = cv2.resize(rows, size, interpolation=cv2.INTER_NEAREST)
    return small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)  # noqa: PLR2004


def _around(moved: MatLike, shape: tuple[int, ...]) -> NDArray[np.int32]:
    """Boxes of the connected parts of a small mask, in pixels of the whole picture."""
    contours = cv2.findContours(cv2.dilate(moved, SQUARE), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    rects = [rect for rect in map(cv2.boundingRect, contours) if rect[2] * rect[3] > SPECK]
    across, down = shape[1] / moved.shape[1], shape[0] / moved.shape[0]
    corners = [
        (
            round(left * across),
            round(top * down),
            round((left + width) * across),
            round((top + height) * down),
        )
        for left, top, width, height in rects
    ]
    return np.array(corners, np.int32).reshape(-1, 4)
