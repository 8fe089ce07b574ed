"""A still never outgrows what the wire carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from edge.camera.still import jpeg

if TYPE_CHECKING:
    from numpy.typing import NDArray


def noise(width: int, height: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def opened(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_a_plain_picture_is_sent_as_it_is() -> None:
    picture = np.full((240, 320, 3), 90, dtype=np.uint8)
    back = opened(jpeg(picture))
    assert back.shape == picture.shape
    assert abs(int(back[100, 100, 0]) - 90) <= 2


def test_the_busiest_picture_still_fits_a_thumbnail() -> None:
    data = jpeg(noise(768, 576), 32_768, 320)
    assert len(data) <= 32_768
    assert opened(data).shape[1] <= 320


def test_the_busiest_large_picture_still_fits_a_still() -> None:
    assert len(jpeg(noise(1920, 1080))) <= 512 * 1024


def test_what_cannot_fit_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="a picture of 320x240 does not fit into 100 bytes"):
        jpeg(noise(320, 240), 100)
