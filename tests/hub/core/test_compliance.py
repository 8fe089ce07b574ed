"""How a round was walked is told from its visits alone, whoever sent them and whenever they arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.compliance import Due, Seen, by_air, fast, gaps, judge, rising

EIGHT = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
PLACES = {"gate": (0.0, 0.0), "stairs": (60.0, 0.0), "store": (60.0, 80.0), "roof": (0.0, 80.0)}
AIR = by_air(PLACES)


def minute(number: float) -> datetime:
    return EIGHT + timedelta(minutes=number)


def plan(dwell: float = 0.0) -> list[Due]:
    """Four points, a quarter of an hour for each after the other."""
    return [
        Due(name, minute(15 * number), minute(15 * number + 15), dwell) for number, name in enumerate(PLACES)
    ]


def seen(*told: tuple[str, float]) -> list[Seen]:
    return [Seen(f"v{number}", name, minute(at)) for number, (name, at) in enumerate(told)]


def test_a_round_walked_as_planned_keeps_everything() -> None:
    visits = seen(("gate", 5), ("stairs", 20), ("store", 35), ("roof", 50))
    found = judge(plan(60), visits, minute(90), AIR)
    assert found.kept == tuple(PLACES)
    assert (found.share, found.order, found.missed, found.late, found.early) == (1.0, 1.0, (), {}, {})
    assert (found.short, found.fast) == ((), ())


def test_late_early_and_missed_are_told_apart_with_how_far() -> None:
    visits = seen(("stairs", 10), ("gate", 18), ("roof", 60))
    found = judge(plan(), visits, minute(90), AIR)
    assert found.late == {"gate": 180.0}
    assert found.early == {"stairs": 300.0}
    assert found.missed == ("store",)
    assert found.kept == ("roof",)
    assert found.share == 0.25


def test_what_is_not_over_is_neither_kept_nor_missed() -> None:
    found = judge(plan(), seen(("gate", 5), ("store", 7)), minute(20), AIR)
    assert found.waiting == ("stairs", "store", "roof")
    assert found.missed == ()
    assert found.share == 1.0


def test_before_anything_is_due_there_is_no_share_at_all() -> None:
    found = judge(plan(), [], EIGHT, AIR)
    assert found.share is None
    assert found.order is None


def test_a_point_that_was_visited_in_time_once_is_kept_whatever_else() -> None:
    found = judge(plan(), seen(("stairs", 2), ("stairs", 20), ("stairs", 44)), minute(90), AIR)
    assert found.kept == ("stairs",)
    assert found.late == found.early == {}


def test_both_ends_of_a_window_belong_to_it() -> None:
    assert judge(plan(), seen(("gate", 0), ("stairs", 30)), minute(90), AIR).kept == ("gate", "stairs")


def test_visits_that_arrive_in_disorder_are_judged_by_when_they_happened() -> None:
    visits = seen(("gate", 5), ("stairs", 20), ("store", 35), ("roof", 50))
    assert judge(plan(), visits[::-1], minute(90), AIR) == judge(plan(), visits, minute(90), AIR)


def test_the_order_counts_the_most_points_that_keep_it() -> None:
    found = judge(plan(), seen(("gate", 1), ("roof", 5), ("stairs", 9), ("store", 13)), minute(90), AIR)
    assert (found.in_order, found.visited) == (3, 4)
    assert found.order == 0.75


def test_a_visit_to_a_point_of_another_round_changes_no_share() -> None:
    visits = seen(("gate", 5), ("stairs", 20), ("store", 35), ("roof", 50))
    more = [*visits, Seen("x", "cellar", minute(22))]
    assert judge(plan(), more, minute(90), AIR).share == 1.0


def test_whoever_reads_two_points_faster_than_feet_carry_is_flagged() -> None:
    # 100 m from the gate to the store; 40 s are a walk, 39 s are not.
    slow, quick = seen(("gate", 0), ("store", 40 / 60)), seen(("gate", 0), ("store", 39 / 60))
    assert fast(slow, AIR) == ()
    (step,) = fast(quick, AIR)
    assert (step.first, step.then, step.metres) == ("v0", "v1", 100.0)
    assert step.speed == pytest.approx(100 / 39)


def test_two_places_at_once_are_infinitely_fast() -> None:
    (step,) = fast(seen(("gate", 3), ("roof", 3)), AIR)
    assert step.speed == inf


def test_a_point_that_nobody_knows_the_place_of_accuses_nobody() -> None:
    assert fast(seen(("gate", 3), ("cellar", 3)), AIR) == ()


def test_whoever_left_too_soon_did_not_look_round() -> None:
    # 60 m to the stairs take 24 s at the very least: of 80 s no more than 56 were spent at the gate.
    found = judge(plan(60), seen(("gate", 5), ("stairs", 5 + 80 / 60)), minute(90), AIR)
    assert found.short == ("gate",)
    assert judge(plan(55), seen(("gate", 5), ("stairs", 5 + 80 / 60)), minute(90), AIR).short == ()


def test_read_on_coming_and_on_leaving_is_one_stay() -> None:
    visits = seen(("gate", 5), ("gate", 6), ("stairs", 6.5))
    assert judge(plan(60), visits, minute(90), AIR).short == ()


def test_where_somebody_came_again_the_longest_stay_counts() -> None:
    visits = seen(("gate", 5), ("stairs", 5.5), ("gate", 6), ("stairs", 16))
    assert judge(plan(60), visits, minute(90), AIR).short == ()


def test_the_largest_gap_begins_and_ends_with_the_span() -> None:
    found = gaps(["gate", "stairs"], seen(("gate", 10), ("gate", 30)), EIGHT, minute(45))
    assert (found["gate"].since, found["gate"].until) == (minute(10), minute(30))
    assert found["stairs"].seconds == 45 * 60


def test_a_gap_does_not_hear_of_what_was_before_the_span() -> None:
    found = gaps(["gate"], seen(("gate", -5), ("gate", 50)), EIGHT, minute(45))
    assert found["gate"].seconds == 45 * 60


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(0, 9), max_size=8))
def test_the_order_is_as_long_as_the_longest_that_can_be_picked_by_hand(numbers: list[int]) -> None:
    picked = [
        size
        for size in range(len(numbers) + 1)
        for one in combinations(numbers, size)
        if all(a < b for a, b in pairwise(one))
    ]
    assert rising(numbers) == max(picked)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.tuples(st.sampled_from([*PLACES, "cellar"]), st.integers(-20, 100)), max_size=12),
    st.integers(0, 120),
)
def test_every_point_is_in_exactly_one_state(told: list[tuple[str, int]], now: int) -> None:
    found = judge(plan(), seen(*told), minute(now), AIR)
    states = [*found.kept, *found.late, *found.early, *found.missed, *found.waiting]
    assert sorted(states) == sorted(PLACES)
    assert found.due == len(states) - len(found.waiting)
    assert 0 <= found.in_order <= found.visited <= len(PLACES)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(1, 44), max_size=9))
def test_a_further_visit_never_makes_a_gap_longer(times: list[int]) -> None:
    visits = seen(*(("gate", at) for at in times))
    fewer = gaps(["gate"], visits[:-1], EIGHT, minute(45))["gate"].seconds
    assert gaps(["gate"], visits, EIGHT, minute(45))["gate"].seconds <= fewer
