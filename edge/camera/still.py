"""Stills: a picture as JPEG, no larger than it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_BYTES = 512 * 1024
_QUALITIES = (85, 70, 55, 40)
_LEAST_SIDE = 16


def jpeg(picture: NDArray[np.uint8], most: int = MOST_BYTES, widest: int | None = None) -> bytes:
    """JPEG of `picture` (BGR [h, w, 3]) in at most `most` bytes, made at most `widest` pixels wide.

    Coarser and then smaller until it fits; a thumbnail for an event is `jpeg(picture, 32_768, 320)`.

    Raises:
        ValueError: nothing of it fits into `most` bytes.
    """
    height, width = picture.shape[:2]
    share = min(1.0, (widest or width) / width)
    while min(width, height) * share >= _LEAST_SIDE:
        size = (round(width * share), round(height * share))
        scaled = picture if share == 1.0 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        for quality in _QUALITIES:
            done, data = cv2.imencode(".jpg", scaled, (cv2.IMWRITE_JPEG_QUALITY, quality))
            if done and data.size <= most:
                return data.tobytes()
        share *= 0.7
    raise ValueError(f"a picture of {width}x{height} does not fit into {most} bytes")
