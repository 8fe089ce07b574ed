"""What no division can fall below is below every division that can be found, and not far below."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.planned import GroupRule
from hub.plan.free import FreeAsked, bound
from hub.plan.median import Band, MedianAsked, choose

RULE = GroupRule(least=3, most=6, usual=4)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(9, 40))
def test_the_best_division_of_all_is_not_below_the_bound(seed: int, shops: int) -> None:
    doors = np.random.default_rng(seed).uniform(0.0, 60.0, (shops, 2))
    metres = np.hypot(*np.moveaxis(doors[:, None] - doors[None], -1, 0))
    groups = round(shops / RULE.usual)
    best = choose(MedianAsked(metres, groups, bands=(Band(np.ones(shops), RULE.least, RULE.most),)))
    least = bound(FreeAsked(metres, groups, 0, RULE), 30.0)
    assert 0.9 * best.proof.bound <= least <= best.proof.objective + 1e-6


def test_odd_sizes_and_no_time_make_it_weaker_but_no_less_true() -> None:
    doors = np.arange(21.0) * 4.0
    metres = np.abs(doors[:, None] - doors[None])
    strict, odd, quick = (
        bound(FreeAsked(metres, 3, number, RULE), seconds)
        for number, seconds in ((3, 30.0), (9, 30.0), (9, 0.0))
    )
    assert strict == pytest.approx(3 * 48.0)
    assert quick == pytest.approx(18 * 4.0)
    assert quick <= odd <= strict


def test_a_shop_for_every_group_walks_nothing() -> None:
    assert bound(FreeAsked(np.ones((2, 2)) - np.eye(2), 2, 4, RULE), 30.0) == 0.0
