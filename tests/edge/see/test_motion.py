from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.see.motion import Motion

Picture = NDArray[np.uint8]


def hall(seed: int = 1) -> Picture:
    """A still hall: soft shades between dark and bright."""
    rough = np.random.default_rng(seed).integers(40, 200, (9, 12), dtype=np.uint8)
    return np.kron(rough, np.ones((64, 64), np.uint8))


def with_person(ground: Picture, left: int, top: int = 200) -> Picture:
    picture = ground.copy()
    behind = ground[top : top + 160, left : left + 50]
    picture[top : top + 160, left : left + 50] = np.where(behind > 127, 20, 235)
    return picture


def truth(path: Path) -> NDArray[Any]:
    """Rows of frame from 1, id, left, top, width, height, …"""
    return np.loadtxt(path, delimiter=",")


def test_the_first_picture_moves_nowhere() -> None:
    assert Motion().boxes(hall()).shape == (0, 4)


def test_a_still_hall_moves_nowhere() -> None:
    motion = Motion()
    assert not any(len(motion.boxes(hall())) for _ in range(20))


@pytest.mark.parametrize("colour", [False, True])
def test_who_walks_in_gets_a_box_of_his_own_size(colour: bool) -> None:
    motion = Motion()
    pictures = [hall(), with_person(hall(), 100), with_person(hall(), 160)]
    boxes = [motion.boxes(np.dstack([p] * 3) if colour else p) for p in pictures]
    assert boxes[2].dtype == np.int32
    ((left, top, right, bottom),) = boxes[2].tolist()
    assert (left, top, right, bottom) == pytest.approx((160, 200, 210, 360), abs=15)


def test_two_people_apart_get_two_boxes() -> None:
    motion = Motion()
    motion.boxes(hall())
    assert len(motion.boxes(with_person(with_person(hall(), 100), 500))) == 2


def test_grain_of_a_night_camera_is_no_motion() -> None:
    motion, random = Motion(), np.random.default_rng(5)
    dark = np.full((576, 768), 20, np.uint8)
    for _ in range(30):
        grain = random.normal(0, 3, dark.shape)
        assert not len(motion.boxes(np.clip(dark + grain, 0, 255).astype(np.uint8)))


def test_lights_switched_on_are_no_motion_and_the_next_walker_is() -> None:
    motion = Motion()
    dark = (hall() // 4).astype(np.uint8)
    for _ in range(10):
        motion.boxes(dark)
    assert not any(len(motion.boxes(255 - hall())) for _ in range(20))
    assert len(motion.boxes(with_person(255 - hall(), 300))) == 1


def test_a_crate_put_down_becomes_part_of_the_hall() -> None:
    motion = Motion()
    motion.boxes(hall())
    counts = [len(motion.boxes(with_person(hall(), 300))) for _ in range(150)]
    assert counts[0] == 1
    assert counts[-1] == 0


def test_a_camera_that_changes_its_size_begins_anew() -> None:
    motion = Motion()
    motion.boxes(hall())
    assert not len(motion.boxes(with_person(hall(), 100)[:480, :640]))
    assert len(motion.boxes(hall()[:480, :640])) == 1


def test_real_walkers_lie_in_moving_boxes_and_most_of_the_square_does_not(vtest: Path, footage: Path) -> None:
    motion, rows = Motion(), truth(footage / "opencv_vtest.gt.txt")
    covered: list[bool] = []
    shares = []
    with av.open(str(vtest)) as clip:
        for number, frame in enumerate(clip.decode(video=0)):
            if number == 300:
                break
            boxes = motion.boxes(np.asarray(frame.to_ndarray(format="gray"), np.uint8))
            if number < 60:
                continue
            shares.append(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1).sum() / (768 * 576))
            for left, top, width, height in rows[rows[:, 0] == number + 1, 2:6]:
                point = np.array([left + width / 2, top + height / 2])
                covered.append(bool(((boxes[:, :2] <= point) & (point <= boxes[:, 2:])).all(axis=1).any()))
    assert np.mean(covered) > 0.97
    assert np.mean(shares) < 0.2
