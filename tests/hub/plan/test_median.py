"""Centres are chosen as an exhaustive search would choose them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.refuse import Refused
from hub.plan.median import Band, MedianAsked, choose
from tests.bench.pmed import BEST, FOLDER, read

if TYPE_CHECKING:
    from numpy.typing import NDArray


def town(seed: int, size: int) -> NDArray[np.float64]:
    """Metres by air between so many doors."""
    doors = np.random.default_rng(seed).uniform(0.0, 50.0, (size, 2))
    gaps = doors[:, None, :] - doors[None, :, :]
    metres: NDArray[np.float64] = np.hypot(gaps[..., 0], gaps[..., 1])
    return metres


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 14), st.integers(1, 3))
def test_no_other_choice_of_centres_walks_less(seed: int, size: int, count: int) -> None:
    walk = town(seed, size)
    made = choose(MedianAsked(walk, count))
    least = min(walk[:, list(sites)].min(axis=1).sum() for sites in combinations(range(size), count))
    assert made.proof.objective == pytest.approx(least)
    assert made.proof.gap < 1e-6
    assert len(made.sites) == count
    assert sum(walk[client, site] for client, site in enumerate(made.site_of)) == pytest.approx(least)


def test_who_knew_only_near_sites_learns_of_more_until_the_answer_is_proved() -> None:
    walk = town(5, 40)
    walk[:30, 10:] += 500.0
    made = choose(MedianAsked(walk, 4))
    least = min(walk[:, list(sites)].min(axis=1).sum() for sites in combinations(range(40), 4))
    assert made.proof.objective == pytest.approx(least)


def test_a_frequent_walker_pulls_the_centre() -> None:
    walk = np.array([[0.0, 10.0], [10.0, 0.0], [10.0, 0.0]])
    assert choose(MedianAsked(walk, 1)).sites == (1,)
    assert choose(MedianAsked(walk, 1, weight=np.array([3.0, 1.0, 1.0]))).sites == (0,)


def test_every_centre_serves_within_the_band() -> None:
    walk = town(2, 12)
    walk[:, 10:] += 200.0
    walk[10:, :] += 200.0
    band = Band(np.ones(12), 5.0, 7.0)
    made = choose(MedianAsked(walk, 2, bands=(band,)))
    assert {made.site_of.count(site) for site in made.sites} <= {5, 6, 7}
    assert made.proof.objective >= choose(MedianAsked(walk, 2)).proof.objective


def test_a_bundle_is_cut_only_where_that_is_worth_its_price() -> None:
    walk = np.abs(np.arange(6.0)[:, None] - np.arange(6.0)[None, :])
    band = Band(np.ones(6), 2.0, 4.0)
    cut = MedianAsked(walk, 2, bands=(band,), bundles=((0, 1, 2, 3),), bundle_price=0.5)
    kept = MedianAsked(walk, 2, bands=(band,), bundles=((0, 1, 2, 3),), bundle_price=5.0)
    assert len({choose(cut).site_of[at] for at in range(4)}) == 2
    assert choose(cut).proof.objective == pytest.approx(4.5)
    assert len({choose(kept).site_of[at] for at in range(4)}) == 1
    assert choose(kept).proof.objective == pytest.approx(5.0)


def test_what_a_centre_serves_hangs_together() -> None:
    line = np.array([0.0, 1.0, 2.0, 3.0])
    walk = np.abs(line[:, None] - line[None, :])
    walk[0, 3] = walk[3, 0] = 0.5
    band = Band(np.ones(4), 2.0, 2.0)
    beside = ((1,), (0, 2), (1, 3), (2,))
    free, hung = MedianAsked(walk, 2, bands=(band,)), MedianAsked(walk, 2, bands=(band,), neighbours=beside)
    assert choose(free).site_of[0] == choose(free).site_of[3]
    assert choose(hung).site_of[0] == choose(hung).site_of[1] != choose(hung).site_of[2]


def test_more_centres_than_sites_or_bands_that_nobody_can_keep_are_refused_with_a_sentence() -> None:
    with pytest.raises(Refused, match="4 centres cannot be chosen from 3 sites"):
        choose(MedianAsked(np.zeros((3, 3)), 4))
    with pytest.raises(Refused, match="no choice keeps the bands"):
        choose(MedianAsked(np.zeros((3, 3)), 2, bands=(Band(np.ones(3), 2.0, 3.0),)))


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_public_questions_are_answered_as_published_and_proved(number: int) -> None:
    if not FOLDER.is_dir():
        pytest.skip("no ../shared/bench beside the project")
    made = choose(read(FOLDER / f"pmed{number}.txt"))
    assert made.proof.objective == pytest.approx(BEST[number])
    assert made.proof.gap < 1e-6
