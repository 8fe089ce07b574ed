"""What prices prove holds for every plan that there is."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.plan.dual import Relaxed, ascend, worth
from hub.plan.median import Band
from hub.plan.pieces import least_pieces

HALLS = np.array([0, 2, 4])
"""Three halls of two stretches each."""
PRICE = np.array([30.0, 30.0, 0.0])
"""The last two stand in no hall that it would be a pity to cut."""


def town(seed: int) -> Relaxed:
    chance = np.random.default_rng(seed)
    doors = chance.uniform(0.0, 50.0, (6, 2))
    gaps = doors[:, None] - doors[None]
    weight = chance.integers(1, 5, 6).astype(float)
    band = Band(weight, 0.6 * weight.sum() / 2, 1.4 * weight.sum() / 2)
    work = [float(weight[:2].sum()), float(weight[2:4].sum())]
    pieces = least_pieces(work, float(weight[4:].sum()), 2, band)
    return Relaxed(np.hypot(gaps[..., 0], gaps[..., 1]) * weight[:, None], 2, band, HALLS, PRICE, pieces)


def plans(asked: Relaxed) -> list[tuple[float, tuple[int, ...]]]:
    """Every plan within the band with its metres: the site of each stretch."""
    found = []
    for sites in combinations(range(6), 2):
        for site_of in product(sites, repeat=6):
            of = np.array(site_of)
            work = [float(asked.band.weight[of == site].sum()) for site in sites]
            if all(asked.band.least <= one <= asked.band.most for one in work):
                cut = sum(
                    price * (len(set(site_of[first : first + 2])) - 1)
                    for first, price in zip(HALLS.tolist(), PRICE.tolist(), strict=True)
                )
                found.append((float(asked.walk[range(6), of].sum()) + cut, site_of))
    return found


def holds(seed: int) -> None:
    asked = town(seed)
    all_plans = plans(asked)
    if not all_plans:
        return
    best, _ = min(all_plans)
    bound = ascend(asked, 10.0, lambda _: True)
    assert bound.metres <= best + 1e-6
    limit = best * 1.05
    kept = worth(asked, bound, limit + 1e-6)
    for metres, site_of in all_plans:
        if metres <= limit:
            assert kept[range(6), site_of].all()


@pytest.mark.parametrize("seed", [3, 4])
def test_no_plan_costs_less_than_the_bound_and_what_is_left_out_is_in_no_good_plan(seed: int) -> None:
    assert plans(town(seed))
    holds(seed)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_what_prices_prove_holds_in_every_town(seed: int) -> None:
    holds(seed)


def test_prices_come_near_to_the_best_plan() -> None:
    asked = town(3)
    best, _ = min(plans(asked))
    assert ascend(asked, 10.0, lambda _: True).metres >= 0.85 * best


def test_who_says_stop_has_the_bound_so_far() -> None:
    asked = town(3)
    first = ascend(asked, 10.0, lambda _: False)
    assert np.isfinite(first.metres)
    assert first.metres <= ascend(asked, 10.0, lambda _: True).metres


@pytest.mark.parametrize(
    ("work", "loose", "grids", "pieces"),
    [
        ([10.0, 10.0], 0.0, 2, 2),
        ([20.0], 0.0, 2, 2),
        ([12.0, 8.0], 0.0, 2, 3),
        ([10.0], 10.0, 2, 1),
        ([10.0, 10.0, 10.0], 0.0, 2, 4),
    ],
)
def test_halls_are_cut_no_more_often_than_work_asks_for(
    work: list[float], loose: float, grids: int, pieces: int
) -> None:
    whole = sum(work) + loose
    band = Band(np.array([whole]), 0.95 * whole / grids, 1.05 * whole / grids)
    assert least_pieces(work, loose, grids, band) == pieces
