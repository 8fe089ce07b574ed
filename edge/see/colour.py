"""What colours somebody wears, above and below: enough to tell apart two who cross, for a few seconds.

They are compared while a track lives, in memory, and are neither written nor sent; a day later, or on another
camera, they say nothing of who it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ACROSS, DOWN = 8, 12
"""Points that are looked at in each half of a box."""
SIDES = (0.2, 0.8)
"""Shares of a box's width between which they lie: beyond is what stands behind."""
HALVES = ((0.12, 0.5), (0.5, 0.9))
"""Shares of its height, without head and feet."""
BINS = 64
"""Four levels of light and of each of two colours."""
GREY, STEP = 104, 12
"""Where colours begin to be told apart in Lab of 8 bits, whose 128 is grey, and how finely."""
COLOURS = len(HALVES) * BINS
SHOWN = np.concatenate([np.linspace(*half, DOWN) for half in HALVES])


def colours(picture: NDArray[np.uint8], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Colours [n, COLOURS] of what stands in each of [n, 4] boxes of a picture BGR uint8 [h, w, 3].

    Each is a unit vector, so that the product of two is what they share, 0..1 (Bhattacharyya).
    """
    if not len(boxes):
        return np.zeros((0, COLOURS), np.float32)
    left, top, right, bottom = (boxes[:, [number]] for number in range(4))
    x = _within(left + (right - left) * np.linspace(*SIDES, ACROSS), picture.shape[1])
    y = _within(top + (bottom - top) * SHOWN, picture.shape[0])
    points = picture[y[:, :, None], x[:, None, :]]
    lab = cv2.cvtColor(points.reshape(-1, ACROSS, 3), cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.intp)
    hue = np.clip((lab[:, 1:] - GREY) // STEP, 0, 3)
    place = (lab[:, 0] >> 6) * 16 + hue[:, 0] * 4 + hue[:, 1]
    part = np.arange(len(place)) // (DOWN * ACROSS) * BINS
    counts = np.bincount(part + place, minlength=len(boxes) * COLOURS).reshape(-1, COLOURS)
    return np.asarray(np.sqrt(counts / (len(SHOWN) * ACROSS)), np.float32)


def _within(places: NDArray[np.floating], size: int) -> NDArray[np.intp]:
    return np.asarray(np.clip(places, 0, size - 1), np.intp)
