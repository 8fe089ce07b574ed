"""A sick call: the fewest cells change, and nobody is asked more than the rules allow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.refuse import Refused
from hub.core.roster import Cell, GuardAsked, GuardsAsked, GuardsMade, SickAsked
from hub.core.roster_check import checked
from hub.core.shift import Need
from hub.plan.roster import guards, sick
from tests.bench.workrooms import days, workroom
from tests.hub.plan.roster.staff import drawn

NEEDS = (Need("night", 1, 1), Need("day", 1, 1))


@cache
def room(people: int = 5, count: int = 6) -> tuple[GuardsAsked, GuardsMade]:
    """A small workroom with its roster."""
    staff = tuple(GuardAsked(f"g{number}", leader=True) for number in range(people))
    asked = GuardsAsked(days(count), staff, needs=NEEDS, seconds=600.0)
    return asked, guards.make(asked)


def call(person: str, *numbers: int) -> SickAsked:
    asked, made = room()
    return SickAsked(asked, made.cells, person, tuple(asked.days[number] for number in numbers))


def fewest(asked: SickAsked, gaps: int) -> int:
    """How few cells of others must change for so few gaps, by trying all ways to change up to two."""
    whole = sick.without(asked)
    kept = {
        (cell.person, cell.day): cell.shift
        for cell in asked.cells
        if cell.person != asked.person or cell.day not in asked.days
    }
    first = min(asked.days)
    places = [
        (guard.person, day)
        for guard in whole.guards
        if guard.person != asked.person
        for day in whole.days
        if day >= first
    ]
    for count in range(3):
        for chosen in combinations(places, count):
            for shifts in product((None, "night", "day"), repeat=count):
                tried = {**kept, **dict(zip(chosen, shifts, strict=True))}
                made = checked(whole, [Cell(*at, shift) for at, shift in tried.items() if shift])
                if len(made.gaps) <= gaps and not made.broken:
                    return count
    return 3


@pytest.mark.parametrize("person", ["g0", "g3"])
def test_no_change_of_fewer_cells_would_do(person: str) -> None:
    asked = call(person, 1)
    made = sick.make(asked)
    others = [change for change in made.changes if change.person != person]
    assert made.proved
    assert not made.checked.gaps
    assert not made.checked.broken
    assert min(len(others), 3) == fewest(asked, 0)


@pytest.mark.long
@pytest.mark.parametrize("person", ["g0", "g1", "g2", "g3", "g4"])
@pytest.mark.parametrize("day", [0, 2, 4])
def test_no_change_of_fewer_cells_would_do_on_any_day(person: str, day: int) -> None:
    test = call(person, day, day + 1)
    made = sick.make(test)
    others = [change for change in made.changes if change.person != person]
    assert min(len(others), 3) == fewest(test, len(made.checked.gaps))


def held(asked: GuardsAsked, at: int, first: int) -> None:
    """A roster by chance, and one of it calls in sick: no rule is broken anew, and earlier days stay."""
    made = guards.make(asked)
    person, gone = asked.guards[at].person, asked.days[first : first + 2]
    answer = sick.make(SickAsked(asked, made.cells, person, gone))
    before = {(one.rule, one.person, one.day) for one in made.checked.broken}
    assert {(one.rule, one.person, one.day) for one in answer.checked.broken} <= before
    assert not [cell for cell in answer.cells if cell.person == person and cell.day in gone]
    early = [{cell for cell in cells if cell.day < gone[0]} for cells in (made.cells, answer.cells)]
    assert early[0] == early[1]
    kept = [cell for cell in made.cells if not (cell.person == person and cell.day in gone)]
    lacking = checked(answer_asked := sick.without(SickAsked(asked, made.cells, person, gone)), kept)
    assert sum(gap.missing for gap in checked(answer_asked, answer.cells).gaps) <= sum(
        gap.missing for gap in lacking.gaps
    )


@given(drawn(), st.integers(0, 3), st.integers(0, 4))
@settings(max_examples=3, deadline=None)
def test_any_sick_call_breaks_no_rule_anew(asked: GuardsAsked, at: int, first: int) -> None:
    held(asked, at, first)


@pytest.mark.long
@given(drawn(), st.integers(0, 3), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_many_sick_calls_break_no_rule_anew(asked: GuardsAsked, at: int, first: int) -> None:
    held(asked, at, first)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_a_hand_edit_opens_exactly_the_gaps_that_counting_finds(data: st.DataObject) -> None:
    asked, made = room()
    person = data.draw(st.sampled_from([guard.person for guard in asked.guards]))
    day = data.draw(st.sampled_from(asked.days))
    shift = data.draw(st.sampled_from([None, "night", "day", "evening"]))
    edited = [cell for cell in made.cells if (cell.person, cell.day) != (person, day)]
    edited += [Cell(person, day, shift)] if shift else []
    there = Counter((cell.day, cell.shift) for cell in edited)
    gaps = {(gap.day, gap.shift) for gap in checked(asked, edited).gaps if gap.missing}
    assert gaps == {(on, need.shift) for on in asked.days for need in NEEDS if not there[on, need.shift]}


def test_days_before_stay_and_whoever_changes_is_asked() -> None:
    asked = call("g1", 3, 4)
    made = sick.make(asked)
    gone = set(asked.days)
    assert not [cell for cell in made.cells if cell.person == "g1" and cell.day in gone]
    assert {change.person for change in made.changes} - {"g1"} == set(made.agree)
    assert all(change.day >= asked.days[0] for change in made.changes)
    before = {cell for cell in asked.cells if cell.day < asked.days[0]}
    assert before == {cell for cell in made.cells if cell.day < asked.days[0]}
    old = {(cell.person, cell.day): cell.shift for cell in asked.cells}
    new = {(cell.person, cell.day): cell.shift for cell in made.cells}
    for change in made.changes:
        assert (old.get((change.person, change.day)), new.get((change.person, change.day))) == (
            change.before,
            change.after,
        )


def test_when_nobody_can_cover_the_gap_stays_and_says_why() -> None:
    staff = (GuardAsked("a", leader=True), GuardAsked("b", leave=frozenset(days(2))))
    asked = GuardsAsked(days(2), staff, needs=(Need("day", 1, 1),))
    cells = tuple(Cell("a", day, "day") for day in days(2))
    made = sick.make(SickAsked(asked, cells, "a", days(1)))
    (gap,) = made.checked.gaps
    assert gap.why
    assert made.proved


def test_a_rule_that_was_broken_by_hand_need_not_be_mended_with_a_sick_call() -> None:
    asked, made = room()
    late = asked.days[-2:]
    cells = (
        *(cell for cell in made.cells if not (cell.person == "g0" and cell.day in late)),
        Cell("g0", late[0], "day"),
        Cell("g0", late[1], "night"),
    )
    broken = checked(asked, cells).broken
    answer = sick.make(SickAsked(asked, cells, "g1", asked.days[:1]))
    assert ("rest_h", "g0") in {(one.rule, one.person) for one in broken}
    assert not [change for change in answer.changes if change.person == "g0" and change.day in late]


def test_a_workroom_of_ten_loses_one_for_three_days() -> None:
    asked = workroom(3, seconds=600.0)
    made = guards.make(asked, lambda progress: progress.stage != "guards" or progress.best is None)
    for person in ("guard-01", "guard-06"):
        answer = sick.make(SickAsked(asked, made.cells, person, asked.days[10:13]))
        assert answer.proved
        assert not answer.checked.gaps
        assert not answer.checked.broken
        assert len(answer.changes) < 15


@pytest.mark.parametrize("spoilt", [{"person": "nobody"}, {"days": ()}])
def test_somebody_of_the_roster_must_be_sick_on_one_of_its_days(spoilt: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        sick.make(replace(call("g0", 0), **spoilt))  # type: ignore[arg-type]
    assert refused.value.code == "nobody-sick"
