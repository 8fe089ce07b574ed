"""Pictures as JPEG: small enough for the wire, or good enough to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THUMB_BYTES = 32_768
"""Most that the wire carries within an event."""
THUMB_WIDTHS = (480, 320, 192)
QUALITIES = (80, 60, 40, 20)


def jpeg(picture: NDArray[np.uint8], quality: int = 85) -> bytes:
    """A picture BGR uint8 [h, w, 3] as JPEG of the same size, so that boxes in its pixels fit."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done, "OpenCV encodes any BGR picture"
    return data.tobytes()


def thumb(picture: NDArray[np.uint8], most: int = THUMB_BYTES) -> bytes | None:
    """The picture, at most 480 wide, in at most `most` bytes; None if that cannot be."""
    for width in THUMB_WIDTHS:
        small = _scaled(picture, width)
        for quality in QUALITIES:
            data = jpeg(small, quality)
            if len(data) <= most:
                return data
    return None


def _scaled(picture: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    high, wide = picture.shape[:2]
    if wide <= width:
        return picture
    size = (width, max(1, round(high * width / wide)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
