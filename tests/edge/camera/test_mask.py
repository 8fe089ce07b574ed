"""What nobody may see is painted over, whole and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from edge.camera.mask import Mask, covered

SQUARE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))


def test_the_neighbours_window_is_black_and_the_yard_untouched() -> None:
    picture = np.full((100, 200, 3), 200, dtype=np.uint8)
    Mask([SQUARE]).burn(picture)
    assert not picture[25:75, 50:150].any()
    assert (picture[:22] == 200).all()
    assert (picture[:, :47] == 200).all()
    assert (picture[:, 153:] == 200).all()


def test_without_masks_nothing_is_painted() -> None:
    picture = np.full((10, 10, 3), 7, dtype=np.uint8)
    mask = Mask()
    mask.burn(picture)
    assert not mask
    assert (picture == 7).all()


def test_a_polygon_that_crosses_itself_covers_both_its_halves() -> None:
    bow_tie = ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0))
    where = covered((bow_tie,), 100, 100)
    assert where[50, 10]
    assert where[50, 90]
    assert not where[5, 50]


def test_where_masks_overlap_both_hold() -> None:
    other = tuple((x + 0.2, y + 0.2) for x, y in SQUARE)
    both = covered((SQUARE, other), 100, 100)
    assert both[60, 60]
    assert (both == (covered((SQUARE,), 100, 100) | covered((other,), 100, 100))).all()


def test_a_sliver_that_meets_no_pixels_middle_is_painted_all_along() -> None:
    sliver = ((0.101, 0.2501), (0.9, 0.2502), (0.9, 0.2503))
    assert covered((sliver,), 100, 100)[25, 10:90].all()


def test_the_pictures_edge_can_be_masked() -> None:
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert covered((whole,), 64, 48).all()


def test_colour_is_painted_as_well_as_light() -> None:
    luma = np.full((48, 64), 200, dtype=np.uint8)
    blue, red = np.full((24, 32), 90, dtype=np.uint8), np.full((24, 32), 90, dtype=np.uint8)
    Mask([SQUARE]).burn_planes(luma, blue, red)
    assert (luma[12:36, 16:48] == 16).all()
    for plane in (blue, red):
        assert (plane[6:18, 8:24] == 128).all()
        assert plane[0, 0] == 90


@pytest.mark.parametrize(
    ("polygon", "sentence"),
    [
        ([(0.1, 0.1), (0.2, 0.2)], "needs 3 to 256 corners, this one has 2"),
        ([(0.1, 0.1), (0.2, 0.2), (1.1, 0.3)], "shares 0..1 of the picture"),
        ([(0.1, 0.1), (0.2, 0.2), (float("nan"), 0.3)], "shares 0..1 of the picture"),
    ],
)
def test_a_mask_that_makes_no_sense_is_refused_with_a_sentence(
    polygon: list[tuple[float, float]], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Mask([polygon])
