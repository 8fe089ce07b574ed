"""A model that is sieved first has the same answer as one that is asked at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.plan.linear import Linear


def cover(seed: int) -> Linear:
    """Nine things, each to be in exactly one of the sets that are taken; every thing alone is a set."""
    draw = np.random.default_rng(seed)
    sets = [*({at} for at in range(9)), *(set(draw.choice(9, 3, replace=False).tolist()) for _ in range(30))]
    model = Linear()
    columns = model.columns(draw.uniform(1.0, 2.0, len(sets)) * [len(one) for one in sets], whole=True)
    for thing in range(9):
        own = columns[[thing in one for one in sets]]
        model.row(own, np.ones(len(own)), 1.0, 1.0)
    model.row(columns, np.ones(len(columns)), 0.0, 7.0)
    return model


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_sieving_loses_no_answer(seed: int) -> None:
    once, sieved = cover(seed).least(20.0), cover(seed).sieved(20.0)
    assert once is not None
    assert sieved is not None
    assert sieved.objective == pytest.approx(once.objective)
    assert sieved.bound <= sieved.objective + 1e-6


def test_what_cannot_be_has_no_answer() -> None:
    model = Linear()
    columns = model.columns(np.ones(2), whole=True)
    model.row(columns, np.ones(2), 3.0, 4.0)
    assert model.least(5.0) is None
    assert model.sieved(5.0) is None


def test_what_is_half_and_half_when_relaxed_is_found_whole() -> None:
    model = Linear()
    columns = model.columns(np.array([1.0, 1.0, 1.0]), whole=True)
    for pair in ([0, 1], [1, 2], [0, 2]):
        model.row(columns[pair], np.ones(2), 1.0, 2.0)
    relaxed, sieved = model.relaxed(5.0), model.sieved(5.0)
    assert relaxed is not None
    assert sieved is not None
    assert relaxed.solved.objective == pytest.approx(1.5)
    assert not relaxed.whole
    assert sieved.objective == pytest.approx(2.0)
