from __future__ import annotations

import numpy as np

from edge.rule.zone import Zone


def test_a_zone_with_a_notch_leaves_the_notch_out() -> None:
    zone = Zone("u", [(0, 0), (1, 0), (1, 1), (0.6, 1), (0.6, 0.4), (0.4, 0.4), (0.4, 1), (0, 1)], (200, 100))
    points = np.array([[20, 50], [100, 20], [100, 80], [180, 80], [220, 50], [100, -5]], np.float32)
    assert zone.holds(points).tolist() == [True, True, False, True, False, False]


def test_the_same_zone_fits_any_size_of_picture() -> None:
    small, large = (
        Zone("z", [(0.25, 0.25), (0.75, 0.25), (0.5, 0.9)], size) for size in ((64, 48), (1920, 1080))
    )
    shares = np.random.default_rng(1).random((500, 2)).astype(np.float32)
    assert (small.holds(shares * (64, 48)) == large.holds(shares * (1920, 1080))).mean() > 0.99


def test_nobody_is_nowhere() -> None:
    assert Zone("z", [(0, 0), (1, 0), (1, 1)], (64, 48)).holds(np.zeros((0, 2), np.float32)).tolist() == []
