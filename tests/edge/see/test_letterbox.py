import numpy as np

from edge.see.letterbox import Letterbox


def flat(height: int, width: int, level: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((height, width, 3), level, np.uint8)


def test_a_wide_picture_fills_the_width_and_leaves_the_rest_dark() -> None:
    box = Letterbox(352, 288, 0, stretch=False)
    across, down = box.put(flat(432, 768, 200))
    assert (round(768 * across), round(432 * down)) == (352, 198)
    assert (box.buffer[:198] == 200).all()
    assert (box.buffer[198:] == 0).all()


def test_the_buffer_is_written_in_place() -> None:
    box = Letterbox(352, 288, 0, stretch=False)
    kept = box.buffer
    box.put(flat(576, 768, 50))
    assert box.buffer is kept
    assert kept[0, 0, 0] == 50


def test_nothing_of_a_larger_picture_is_left_when_a_smaller_one_follows() -> None:
    box = Letterbox(352, 288, 114, stretch=False)
    box.put(flat(288, 352, 255))
    box.put(flat(720, 1280, 1))
    assert set(np.unique(box.buffer)) == {1, 114}
    assert (box.buffer[198:] == 114).all()


def test_a_stretched_picture_fills_all_and_says_both_scales() -> None:
    box = Letterbox(300, 300, 0, stretch=True)
    assert box.put(flat(600, 1200, 9)) == (0.25, 0.5)
    assert (box.buffer == 9).all()


def test_a_sliver_of_a_picture_still_has_a_row() -> None:
    box = Letterbox(352, 288, 0, stretch=False)
    across, down = box.put(flat(1, 5000, 77))
    assert down == 1.0
    assert across < 1
    assert (box.buffer[0] == 77).all()
