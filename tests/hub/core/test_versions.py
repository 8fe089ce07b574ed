"""The life of a plan is one table, and what is broken is told in words."""

from __future__ import annotations

import pytest

from hub.core.breach import apart_on_foot, breaches, unbalanced
from hub.core.glossary import Pair
from hub.core.planned import Broken, GridRule, GroupRule
from hub.core.refuse import Refused
from hub.core.versions import MOVES, Act, Seat, State, apart, deviation, labelled, moved

SEATS = {f"a-{n}": Seat("east", "e-1") for n in range(8)} | {f"b-{n}": Seat("west", "w-1") for n in range(13)}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_what_is_not_in_the_table_is_refused(state: State, act: Act) -> None:
    if (state, act) in MOVES:
        assert moved(state, act) is MOVES[state, act]
        return
    with pytest.raises(Refused, match="look at it anew"):
        moved(state, act)


def test_a_plan_is_in_force_only_after_somebody_approved_it() -> None:
    ways = {(state, after) for (state, _), after in MOVES.items()}
    assert {state for state, after in ways if after is State.APPLIED} == {State.APPROVED}
    assert {state for state, after in ways if after is State.APPROVED} == {State.SUBMITTED}


def test_a_group_in_two_grids_cannot_be_submitted_and_a_large_one_is_told() -> None:
    torn = SEATS | {"a-0": Seat("west", "e-1")}
    assert apart(torn) == ["e-1"]
    told = {(one.rule, one.subject, one.hard) for one in breaches(torn, GroupRule(), {"e-1": "1"})}
    assert told == {("group.two_grids", "e-1", True), ("group.size", "w-1", False)}


def test_grids_out_of_balance_are_told_with_how_far() -> None:
    called = {"east": Pair("东格", "East"), "west": Pair("西格", "West")}
    told = unbalanced(SEATS, dict.fromkeys(SEATS, 1.0), GridRule(), called)
    assert [(one.rule, one.subject) for one in told] == [
        ("grid.shops", "east"),
        ("grid.shops", "west"),
        ("grid.work", "east"),
        ("grid.work", "west"),
    ]
    assert told[0].en == "East is 23.8% below the mean in shops; 12% is the rule."


def test_what_stands_apart_is_told_with_a_shop_to_look_at() -> None:
    found = [Broken("run.cut", "r-1", 2.0, ("c-9",)), Broken("grid.work", "east", 0.3)]
    (told,) = apart_on_foot(found, {})
    assert told.zh == "一段通道分属 2 个网格（如 c-9），边界应沿街巷或横道。"


def test_a_stretch_of_shops_is_told_in_few_words() -> None:
    assert labelled(["C-1"]) == "C-1"
    assert labelled(["C-1", "C-2"]) == "C-1、C-2"
    assert labelled(["C-1", "C-2", "C-3"]) == "C-1 … C-3"


def test_no_grid_deviates_from_nothing() -> None:
    assert deviation({}) is None
    assert deviation({"east": 90.0, "west": 110.0}) == pytest.approx(0.1)
