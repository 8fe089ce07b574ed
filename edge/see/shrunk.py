"""A picture made small by whole numbers, every pixel the mean of a square of the large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from numpy.typing import NDArray

ROWS = 120
"""The small picture has no fewer rows than this and, but for tiny pictures, fewer than twice as many."""


STEPS = tuple(sorted(step << halves for halves in range(8) for step in (1, 3)))
"""By so many a picture is made smaller: by halves, which are quick, and at most once by three."""


def factor(height: int) -> int:
    """How many pixels of a picture `height` tall make one of the small one, each way."""
    return max((step for step in STEPS if step * ROWS <= height), default=1)


def shrunk(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture BGR uint8 [h, w, 3] made smaller `factor` times each way; what is left over is cut off."""
    by = factor(picture.shape[0])
    high, wide = picture.shape[0] // by, picture.shape[1] // by
    small: MatLike = picture[: high * by, : wide * by]
    # Halving has a quick way of its own: twice by two costs a third of once by four.
    while by > 1:
        step = 2 if by % 2 == 0 else by
        by //= step
        small = cv2.resize(small, (wide * by, high * by), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def marked(boxes: NDArray[np.float32], by: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which pixels of a small picture [h, w] lie in any of `boxes` [n, 4], in pixels of the large one."""
    where = np.zeros(shape, np.bool_)
    for left, top, right, bottom in np.asarray(boxes, np.float32).reshape(-1, 4) / by:
        where[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1] = True
    return where
