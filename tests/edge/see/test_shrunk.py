from __future__ import annotations

import numpy as np
import pytest

from edge.see.shrunk import factor, marked, shrunk


@pytest.mark.parametrize(
    ("height", "by"), [(60, 1), (239, 1), (240, 2), (432, 3), (576, 4), (720, 6), (1080, 8), (2160, 16)]
)
def test_a_picture_is_made_small_by_halves_and_thirds(height: int, by: int) -> None:
    assert factor(height) == by
    small = shrunk(np.zeros((height, 320, 3), np.uint8))
    assert small.shape == (height // by, 320 // by, 3)


def test_every_small_pixel_is_the_mean_of_its_square() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (432, 300, 3), np.uint8)
    means = picture.reshape(144, 3, 100, 3, 3).mean(axis=(1, 3))
    assert shrunk(picture) == pytest.approx(means, abs=1)


def test_whatever_a_box_touches_is_marked_and_nothing_beyond_the_picture() -> None:
    where = marked(np.array([[-10, 8, 9, 500]], np.float32), 4, (10, 10))
    assert where[2:, :3].all()
    assert np.count_nonzero(where) == 8 * 3
    assert not marked(np.zeros((0, 4), np.float32), 4, (10, 10)).any()
