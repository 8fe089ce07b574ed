from __future__ import annotations

import numpy as np
import pytest

from edge.see.colour import COLOURS, colours

RED, BLUE, GREEN = (30, 30, 200), (200, 60, 30), (40, 160, 40)
ONE, TWO = np.array([[10, 10, 50, 110], [60, 10, 100, 110]], np.float32)


def hall(*coats: tuple[int, int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A grey hall with people in coats of these colours over dark trousers, and some grain."""
    picture = np.full((120, 40 + 50 * len(coats), 3), 128, np.uint8)
    for number, coat in enumerate(coats):
        left = 10 + 50 * number
        picture[10:60, left : left + 40] = coat
        picture[60:110, left : left + 40] = 40
    grain = np.random.default_rng(5).integers(-6, 7, picture.shape)
    return np.asarray(np.clip(picture + grain, 0, 255), np.uint8)


def test_the_same_coat_is_known_again_and_another_is_not() -> None:
    red, blue = colours(hall(RED, BLUE), np.stack([ONE, TWO]))
    (again,) = colours(hall(GREEN, RED), TWO[None])
    assert red @ again > 0.9
    assert blue @ again < 0.75


def test_a_step_aside_changes_little() -> None:
    here, aside = (colours(hall(RED), box[None])[0] for box in (ONE, ONE + np.float32(4)))
    assert here @ aside > 0.9


def test_who_is_half_out_of_the_picture_has_colours_too() -> None:
    found = colours(hall(RED), np.array([[-30, -20, 20, 100], [80, 90, 300, 400]], np.float32))
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_nobody_has_none() -> None:
    assert colours(hall(RED), np.zeros((0, 4), np.float32)).shape == (0, COLOURS)
