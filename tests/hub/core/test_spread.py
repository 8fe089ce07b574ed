from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.spread import LATE, SECONDS, SIZES, Spread


def test_a_value_counts_below_every_bound_that_it_does_not_pass() -> None:
    spread = Spread((0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 7.0):
        spread.note(value)
    assert spread.below() == [("0.1", 2.0), ("1", 3.0), ("+Inf", 4.0)]
    assert (spread.count, spread.sum) == (4, 7.65)


def test_equal_values_are_counted_at_once() -> None:
    spread = Spread((1.0,))
    spread.note(0.5, times=200)
    assert (spread.count, spread.sum) == (200, 100.0)


@given(st.lists(st.floats(0, 1e6)))
def test_none_is_lost_and_the_counts_never_fall(values: list[float]) -> None:
    spread = Spread()
    for value in values:
        spread.note(value)
    counts = [count for _, count in spread.below()]
    assert counts == sorted(counts)
    assert counts[-1] == spread.count == len(values)


def test_bounds_rise() -> None:
    assert all(bounds == tuple(sorted(set(bounds))) for bounds in (LATE, SECONDS, SIZES))
