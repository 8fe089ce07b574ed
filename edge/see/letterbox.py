"""Fit pictures of any size into the one kept buffer that a network reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Letterbox:
    """A buffer uint8 [height, width, 3]; a picture goes to its top left, what is left over stays `fill`."""

    def __init__(self, width: int, height: int, fill: int, *, stretch: bool) -> None:
        self.buffer = np.full((height, width, 3), fill, np.uint8)
        self._fill = fill
        self._stretch = stretch
        self._inner = (width, height)

    def put(self, picture: NDArray[np.uint8]) -> tuple[float, float]:
        """Scale a picture BGR [h, w, 3] into the buffer.

        Returns:
            How many pixels of the buffer one pixel of the picture takes, across and down.
        """
        high, wide = picture.shape[:2]
        width, height = self._fit(wide, high)
        if (width, height) != self._inner:
            self.buffer[:] = self._fill
            self._inner = (width, height)
        cv2.resize(picture, (width, height), dst=self.buffer[:height, :width])
        return width / wide, height / high

    def _fit(self, wide: int, high: int) -> tuple[int, int]:
        height, width = self.buffer.shape[:2]
        if self._stretch:
            return width, height
        scale = min(width / wide, height / high)
        return max(1, int(wide * scale)), max(1, int(high * scale))
