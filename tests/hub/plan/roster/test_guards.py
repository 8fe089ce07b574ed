"""Guards' rosters: nobody too much, every shift staffed or explained, all a fair share, proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings

from hub.core import asks
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.roster import (
    Cell,
    GuardsAsked,
    GuardsMade,
    RosterCheckAsked,
    SickAsked,
)
from hub.core.roster_check import checked
from hub.core.rotation import GroupAsked, RotationAsked, ShopAsked
from hub.core.shift import Need
from hub.plan.roster import check
from hub.plan.roster.guards import make
from tests.bench.workrooms import days, workroom
from tests.hub.plan.roster.staff import drawn, small
from tests.hub.solved import Here

if TYPE_CHECKING:
    from hub.core.planned import Progress


def right(asked: GuardsAsked, made: GuardsMade) -> None:
    """The answer is what it says: price, bound, and no hard rule broken that was not given broken."""
    again = checked(asked, made.cells)
    assert again.price == made.checked.price == made.proof.objective
    assert made.proof.bound <= made.proof.objective + 1e-6
    fixed = {(one.rule, one.person, one.day) for one in checked(asked, asked.fixed).broken}
    assert {(one.rule, one.person, one.day) for one in again.broken} <= fixed
    assert set(asked.fixed) <= set(made.cells)


def test_a_week_of_six_guards_is_staffed_minute_by_minute_and_proved() -> None:
    asked = small()
    made = make(asked)
    right(asked, made)
    assert (made.checked.gaps, made.checked.bare, made.proof.stopped) == ((), (), False)
    assert made.checked.nights_spread <= 1
    assert made.baseline.price > made.checked.price


@given(drawn())
@settings(max_examples=4, deadline=None)
def test_any_workroom_gets_a_roster_that_keeps_the_rules_and_says_its_gaps(asked: GuardsAsked) -> None:
    made = make(asked)
    right(asked, made)
    assert all(gap.why for gap in made.checked.gaps)


@pytest.mark.long
@given(drawn())
@settings(max_examples=40, deadline=None)
def test_many_workrooms_keep_the_rules(asked: GuardsAsked) -> None:
    made = make(replace(asked, seconds=5.0))
    right(asked, made)
    for gap in made.checked.gaps:
        assert gap.why
        assert gap.missing or gap.leader


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_ten_guards_for_four_weeks_are_staffed_and_fair(seed: int) -> None:
    asked = workroom(seed, seconds=40.0)
    made = make(asked)
    right(asked, made)
    assert (made.checked.gaps, made.checked.bare) == ((), ())
    assert made.checked.nights_spread <= 3


def test_with_four_of_five_on_leave_the_gap_says_why_and_what_would_close_it() -> None:
    asked = replace(small(5, 4), needs=(Need("night", 2, 2),))
    first = asked.days[0]
    gone = frozenset({first})
    guards = tuple(
        replace(guard, name=Pair(f"第{at}", f"No {at}"), leave=gone if at < 4 else frozenset())
        for at, guard in enumerate(asked.guards)
    )
    asked = replace(asked, guards=guards)
    made = make(asked)
    (gap,) = made.checked.gaps
    assert (gap.day, gap.shift, gap.missing) == (first, "night", 1)
    said = [words.zh for words in gap.why]
    assert said[0].endswith("夜班缺 1 人：最少 2 人，现有 1 人")
    assert "第0请假（11月30日）" in said
    assert "第0不请假，这一班就排满" in said
    assert "从别的工作室借一人，这一班就排满" in said
    assert all(words.en for words in gap.why)


def test_a_hand_edit_that_leaves_a_gap_is_told_what_would_close_it() -> None:
    asked = replace(small(3, 2), needs=(Need("day", 1, 1),))
    (gap, *_) = check.make(RosterCheckAsked(asked, ())).gaps
    assert any("能顶" in words.zh for words in gap.why)


def test_what_a_person_has_fixed_or_kept_free_stays_even_where_it_breaks_a_rule() -> None:
    asked = small()
    one, two = asked.days[:2]
    fixed = (Cell("g0", one, "evening"), Cell("g0", two, "night"))
    asked = replace(asked, fixed=fixed, off=(("g1", one), ("g1", two)))
    made = make(asked)
    right(asked, made)
    assert not [cell for cell in made.cells if cell.person == "g1" and cell.day in (one, two)]
    assert [(broken.rule, broken.person) for broken in made.checked.broken] == [("rest_h", "g0")]


def test_a_solve_that_is_stopped_keeps_the_best_roster_that_was_found() -> None:
    asked = workroom(1, seconds=600.0)
    made = make(asked, lambda progress: progress.stage != "guards" or progress.best is None)
    assert made.proof.stopped
    assert not made.checked.gaps
    right(asked, made)
    assert made.proof.seconds < asked.seconds / 2


def test_progress_comes_with_best_and_bound() -> None:
    told: list[Progress] = []

    def heard(progress: Progress) -> bool:
        told.append(progress)
        return True

    made = make(small(), heard)
    prices = [one.best for one in told if one.stage == "guards" and one.best is not None]
    assert min(prices) == made.proof.objective
    assert any(one.bound is not None for one in told)


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (replace(small(), days=days(3)[::2]), "roster-days"),
        (replace(small(), days=()), "roster-days"),
        (replace(small(), guards=small().guards[:1] * 2), "roster-guards"),
        (replace(small(), guards=()), "roster-guards"),
        (replace(small(), needs=(Need("noon", 1, 1),)), "roster-shift"),
        (replace(small(), rule=replace(small().rule, most_in_7=0)), "roster-rule"),
        (
            replace(small(), fixed=(Cell("g0", days(1)[0], "day"), Cell("g0", days(1)[0], "night"))),
            "two-shifts",
        ),
    ],
)
def test_what_can_be_no_roster_is_refused_with_a_sentence(spoilt: GuardsAsked, code: str) -> None:
    with pytest.raises(Refused) as refused:
        make(spoilt)
    assert refused.value.code == code
    assert refused.value.zh


def test_all_four_questions_are_answered_through_json_as_a_child_does() -> None:
    asked = small(5, 3)
    made = Here().quick(asks.GUARDS, asked)
    right(asked, made)
    sick = Here().quick(asks.SICK, SickAsked(asked, made.cells, "g0", asked.days[1:2]))
    assert sick.proved
    assert Here().quick(asks.ROSTER_CHECK, RosterCheckAsked(asked, sick.cells)).broken == ()
    shops = tuple(ShopAsked(f"s{number}") for number in range(8))
    turns = Here().quick(asks.ROTATION, RotationAsked(asked.days, (GroupAsked("one", shops),)))
    assert len(turns.groups[0].turns) == 3


def test_a_question_read_back_is_the_same() -> None:
    asked = workroom(2)
    assert msgspec.json.decode(msgspec.json.encode(asked), type=GuardsAsked) == asked


def test_nobody_is_put_on_duty_against_what_another_roster_has_of_them() -> None:
    asked = replace(small(3, 2), needs=(Need("evening", 1, 1),))
    first, last = asked.days
    one, two, three = asked.guards
    guards = (
        replace(one, elsewhere=(Cell("g0", first, "day"), Cell("g0", last + timedelta(days=1), "night"))),
        replace(two, elsewhere=(Cell("g1", last, "night"), Cell("g1", last + timedelta(days=1), "day"))),
        replace(three, leave=frozenset({first})),
    )
    made = make(replace(asked, guards=guards))
    assert [(gap.day, gap.shift) for gap in made.checked.gaps] == [(first, "evening")]
    assert (made.cells, made.checked.broken) == ((Cell("g2", last, "evening"),), ())
