"""What moves from picture to picture, whatever it is: for views in which no detector knows what it sees.

What differs from a background also differs when only the light has changed, for as long as that is being
learned. Here a picture is compared with the one before: a light that goes on is seen once, a car in each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from numpy.typing import NDArray

HEIGHT = 100
"""Rows of the small picture that is compared."""
STEP = 14
"""Grey levels by which a pixel must differ from the picture before."""
FLOOD = 0.5
"""Share of changed pixels above which the light or the camera has changed, and nothing moved."""
BRIDGE = np.ones((21, 21), np.uint8)
"""A smooth roof shows its front and its rear only: what is nearer than this belongs together."""
SPECK = 40
"""Largest box, in pixels of the small picture, that is taken for grain."""
NONE = np.zeros((0, 4), np.float32)


class Moving:
    """Remembers the last pictures of one camera; give it every analysed picture in order."""

    def __init__(self) -> None:
        self._before: MatLike | None = None
        self._changed: MatLike | None = None

    def boxes(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Boxes around what moved in the last two steps.

        Args:
            picture: BGR uint8 [h, w, 3], of one size.

        Returns:
            float32 [n, 4] left, top, right, bottom in its pixels.
        """
        small = _small(picture)
        before, self._before = self._before, small
        if before is None:
            return NONE
        changed = cv2.threshold(cv2.absdiff(small, before), STEP, 255, cv2.THRESH_BINARY)[1]
        if cv2.countNonZero(changed) > FLOOD * changed.size:
            self._changed = None
            return NONE
        either = changed if self._changed is None else cv2.bitwise_or(changed, self._changed)
        self._changed = changed
        return _around(cv2.morphologyEx(either, cv2.MORPH_CLOSE, BRIDGE), picture.shape)


def _small(picture: NDArray[np.uint8]) -> MatLike:
    high, wide = picture.shape[:2]
    size = (max(1, round(wide * HEIGHT / high)), HEIGHT)
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    return cv2.GaussianBlur(grey, (3, 3), 0.8)


def _around(mask: MatLike, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Boxes of the connected parts of a small mask, in pixels of the whole picture."""
    contours = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    rects = [rect for rect in map(cv2.boundingRect, contours) if rect[2] * rect[3] > SPECK]
    found = np.array(rects, np.float32).reshape(-1, 4)
    found[:, 2:] += found[:, :2]
    across, down = shape[1] / mask.shape[1], shape[0] / mask.shape[0]
    return np.asarray(found * (across, down, across, down), np.float32)
