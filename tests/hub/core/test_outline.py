"""A polygon that somebody draws has an inside, or a sentence says why not."""

from __future__ import annotations

import pytest

from hub.core.outline import crosses, fault

SQUARE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
BOW = ((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9))
TOUCHING = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.0), (0.0, 1.0))
"""A corner that stands on another side."""


@pytest.mark.parametrize("start", range(4))
def test_a_bow_crosses_itself_from_whatever_corner_it_is_drawn(start: int) -> None:
    assert crosses([*BOW[start:], *BOW[:start]])
    assert not crosses([*SQUARE[start:], *SQUARE[:start]])


def test_a_corner_upon_another_side_is_a_crossing_too() -> None:
    assert crosses(TOUCHING)


def test_a_hollow_outline_is_none() -> None:
    assert not crosses(((0, 0), (1, 0), (1, 1), (0.5, 0.2), (0, 1)))


def test_what_is_wrong_is_said_in_both_languages() -> None:
    two = fault(SQUARE[:2])
    bow = fault(BOW)
    assert two is not None
    assert bow is not None
    assert (two.en, two.zh) == ("it needs at least 3 corners", "至少要 3 个角点")
    assert "crosses itself" in bow.en
    assert "交叉" in bow.zh
    assert fault(SQUARE) is None
