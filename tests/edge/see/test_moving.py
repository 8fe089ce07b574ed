from __future__ import annotations

import numpy as np
import pytest

from edge.see.moving import Moving

ROAD = np.full((432, 768, 3), 70, np.uint8)


def with_car(x: int, y: int = 150) -> np.ndarray:
    """A light, smooth block 100 wide and 180 tall with its corner at x, y."""
    picture = ROAD.copy()
    picture[y : y + 180, x : x + 100] = 210
    return picture


def test_what_moves_has_one_box_around_it_in_every_picture() -> None:
    moving = Moving()
    moving.boxes(with_car(200))
    for step in range(1, 10):
        (box,) = moving.boxes(with_car(200 + 25 * step))
        left, right = 200 + 25 * step - 50, 300 + 25 * step
        assert box == pytest.approx([left, 150, right, 330], abs=26)


def test_what_stands_does_not_move_and_what_has_stopped_is_over_after_two_pictures() -> None:
    moving = Moving()
    for step in range(4):
        moving.boxes(with_car(200 + 25 * step))
    seen = [len(moving.boxes(with_car(275))) for _ in range(4)]
    assert seen == [1, 0, 0, 0]


def test_a_light_that_goes_on_is_seen_once_however_long_it_shines() -> None:
    lit = ROAD.copy()
    lit[:, :350] = 130
    moving = Moving()
    seen = [len(moving.boxes(picture)) for picture in [ROAD] * 3 + [lit] * 10]
    assert sum(seen) <= 2


def test_another_light_over_the_whole_picture_is_no_motion() -> None:
    moving = Moving()
    seen = [len(moving.boxes(ROAD + np.uint8(40 * (step % 2)))) for step in range(6)]
    assert sum(seen) == 0


def test_the_grain_of_a_camera_is_no_motion() -> None:
    random, moving = np.random.default_rng(1), Moving()
    noisy = [np.clip(ROAD + random.normal(0, 6, ROAD.shape), 0, 255).astype(np.uint8) for _ in range(6)]
    assert sum(len(moving.boxes(picture)) for picture in noisy) == 0
