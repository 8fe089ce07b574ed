"""A roster held against its rules without a solver: what hand edits break is said at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.glossary import Pair
from hub.core.roster import RULES, Cell, GuardAsked, GuardsAsked
from hub.core.roster_check import checked
from hub.core.roster_offer import explained, offers
from hub.core.roster_row import BREAKS, SAYS
from hub.core.roster_share import Share, nights
from hub.core.shift import SHIFTS, Need, ShiftKind

FIRST = date(2026, 11, 1)
LETTER = {"n": "night", "d": "day", "e": "evening"}


def days(count: int) -> tuple[date, ...]:
    return tuple(FIRST + timedelta(days=number) for number in range(count))


def cells(person: str, letters: str, first: date = FIRST) -> tuple[Cell, ...]:
    return tuple(
        Cell(person, first + timedelta(days=number), LETTER[letter])
        for number, letter in enumerate(letters)
        if letter in LETTER
    )


def asked(count: int, *guards: GuardAsked) -> GuardsAsked:
    return GuardsAsked(days(count), guards or (GuardAsked("li"),), needs=())


def breaks(letters: str, **guard: object) -> list[tuple[str, int]]:
    li = replace(GuardAsked("li"), **guard)  # type: ignore[arg-type]
    made = checked(asked(len(letters), li), cells("li", letters))
    return [(one.rule, one.day.day) for one in made.broken]


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ("en", [("rest_h", 2)]),
        ("ed", [("rest_h", 2)]),
        ("dn", [("rest_h", 2)]),
        ("nd", []),
        ("d.n", []),
        ("dddddd.", []),
        ("ddddddd", [("most_in_7", 7)]),
        ("nnnn..", []),
        ("nnnnn..", [("nights_running", 5)]),
        ("nn..d", []),
        ("nn.d", [("off_after_nights", 4)]),
        ("nn.n", [("off_after_nights", 4)]),
        ("nne", [("off_after_nights", 3)]),
        ("n.n", []),
    ],
)
def test_each_hard_rule_is_said_on_the_day_that_breaks_it(letters: str, said: list[tuple[str, int]]) -> None:
    assert breaks(letters) == said


def test_nobody_works_on_leave_nor_lent_nor_with_a_lapsed_certificate() -> None:
    second = FIRST + timedelta(days=1)
    assert breaks("dd", leave=frozenset({second})) == [("leave", 2)]
    assert breaks("dd", lent=frozenset({FIRST})) == [("lent", 1)]
    assert breaks("dd", here=frozenset({FIRST})) == [("lent", 2)]
    assert breaks("ddd", lapses=second) == [("lapsed", 2), ("lapsed", 3)]


def test_two_shifts_on_a_day_are_one_too_many() -> None:
    twice = [Cell("li", FIRST, "day"), Cell("li", FIRST, "night")]
    assert [one.rule for one in checked(asked(1), twice).broken] == ["one_a_day"]


def test_what_was_before_the_roster_counts() -> None:
    before = cells("li", "nnnn", FIRST - timedelta(days=4))
    assert breaks("n.", before=before) == [("nights_running", 1)]
    assert breaks("d.", before=before) == [("off_after_nights", 1)]
    assert breaks("n.", before=cells("li", "e", FIRST - timedelta(days=1))) == [("rest_h", 1)]


@pytest.mark.parametrize(
    ("letters", "elsewhere", "said"),
    [
        (".e.", "..n", [("rest_h", 3)]),
        ("..n", ".e.", [("rest_h", 3)]),
        ("d..", "n..", [("one_a_day", 1)]),
        ("..e", "...n", [("rest_h", 4)]),
        (".nnn", "....nn", [("nights_running", 6)]),
        (".nn", "....d", [("off_after_nights", 5)]),
        ("dddd", "....ddd", [("most_in_7", 7)]),
        (".", ".en.nnnnn", []),
        ("d", "..en", []),
    ],
)
def test_other_rosters_of_the_month_and_the_next_count_for_rest_and_only_for_that(
    letters: str, elsewhere: str, said: list[tuple[str, int]]
) -> None:
    other = cells("li", elsewhere)
    assert breaks(letters, elsewhere=other) == said
    li = GuardAsked("li")
    count = len(letters)
    with_, without = (
        checked(asked(count, replace(li, elsewhere=one)), cells("li", letters)) for one in (other, ())
    )
    assert replace(with_, broken=()) == replace(without, broken=())


def test_a_broken_rule_is_a_sentence_with_the_name_the_day_and_the_figure() -> None:
    li = GuardAsked("7", name=Pair("罗小满", "Luo Xiaoman"))
    (one,) = checked(asked(2, li), cells("7", "en")).broken
    assert one.words.zh == "罗小满 11月2日：班前只休息 0 小时，不足 11 小时"
    assert one.words.en == "Luo Xiaoman, 2 Nov: has 0 h of rest before, not 11"


def test_a_hole_between_shifts_is_bare_even_where_no_shift_lacks_anybody() -> None:
    short = ShiftKind("late", time(17), time(0), night=False, zh="晚班", en="Late")
    shifts = (SHIFTS[0], SHIFTS[1], short)
    people = tuple(GuardAsked(name) for name in "abc")
    every = GuardsAsked(days(1), people, shifts, tuple(Need(one.id, 1, 1) for one in shifts))
    every = replace(every, rule=replace(every.rule, leader_at_night=False))
    made = checked(every, [Cell(name, FIRST, one.id) for name, one in zip("abc", shifts, strict=True)])
    assert made.gaps == ()
    assert [(one.begins, one.ends) for one in made.bare] == [(16 * 60, 17 * 60)]


def test_a_gap_says_who_is_on_leave_and_how_many_each_rule_keeps_from_it() -> None:
    people = (
        GuardAsked("a", name=Pair("傅长庚", "Fu Changgeng"), leave=frozenset(days(3)[1:])),
        GuardAsked("b", name=Pair("江临", "Jiang Lin")),
        GuardAsked("c", name=Pair("白砚秋", "Bai Yanqiu")),
    )
    every = GuardsAsked(days(3), people, needs=(Need("night", 1, 1),))
    every = replace(every, rule=replace(every.rule, leader_at_night=False))
    made = explained(every, (*cells("b", ".e."), *cells("c", "n.n")))
    (gap,) = made.gaps
    assert (gap.day, gap.shift, gap.missing) == (days(3)[1], "night", 1)
    said = [words.zh for words in gap.why]
    assert said[0] == "11月2日 夜班缺 1 人：最少 1 人，现有 0 人"
    assert "傅长庚请假（11月2日至11月3日）" in said
    assert "1 人当天已有别的班" in said
    assert "能顶：白砚秋" in said
    assert "could take it: Bai Yanqiu" in [words.en for words in gap.why]


def test_who_could_take_a_night_is_told_with_rest_before_and_after() -> None:
    people = tuple(GuardAsked(name) for name in ("bai", "jiang", "luo"))
    every = replace(asked(5, *people), needs=(Need("night", 1, 1),))
    made = [*cells("bai", "n..d."), *cells("jiang", ".d..."), *cells("luo", "....d")]
    offered = {one.person: one for one in offers(every, made, days(5)[2], "night")}
    bai, jiang = offered["bai"], offered["jiang"]
    assert (bai.rest_before_h, bai.rest_after_h, bai.broken) == (40.0, 24.0, ())
    assert (bai.nights, bai.nights_then, bai.agree) == (1, 2, ("person",))
    assert [(one.rule, one.value) for one in jiang.broken] == [("rest_h", 8.0)]
    assert offered["luo"].rest_before_h is None
    assert list(offered)[-1] == "jiang"


def test_who_had_more_nights_before_has_fewer_now_and_leave_takes_its_part() -> None:
    people = (GuardAsked("a", nights=2), GuardAsked("b"), GuardAsked("c", leave=frozenset(days(10)[:5])))
    every = GuardsAsked(days(10), people, needs=(Need("night", 1, 1),))
    assert nights(every) == (Share(2, 3), Share(4, 5), Share(2, 3))
    assert [Share(4, 5).off(has) for has in (2, 3, 4, 5, 6, 8)] == [3, 1, 0, 0, 1, 6]


def test_every_hard_rule_has_a_name_and_a_sentence() -> None:
    assert list(BREAKS) == list(SAYS)
    assert BREAKS.keys() <= RULES.keys()


def slowly(guard: GuardAsked, made: list[Cell], every: GuardsAsked) -> set[str]:
    """The hard rules once more, from a list of hours in which one works."""
    kinds, rule, said = {shift.id: shift for shift in every.shifts}, every.rule, set()
    had = sorted(
        ((cell.day, kinds[cell.shift]) for cell in made if cell.person == guard.person),
        key=lambda one: one[0],
    )
    worked: dict[datetime, date] = {}
    for day, kind in had:
        for hour in range(round(kind.hours)):
            worked[datetime.combine(day, kind.begins) + timedelta(hours=hour)] = day
    hours = sorted(worked)
    for one, other in pairwise(hours):
        rest = (other - one) / timedelta(hours=1) - 1
        if worked[one] != worked[other] and rest < rule.rest_h:
            said.add("rest_h")
    line = "".join(
        next(("n" if kind.night else "d" for on, kind in had if on == day), ".") for day in every.days
    )
    if any(7 - line[at : at + 7].count(".") > rule.most_in_7 for at in range(len(line) - 6)):
        said.add("most_in_7")
    if "n" * (rule.nights_running + 1) in line:
        said.add("nights_running")
    for at in range(2, len(line)):
        tired = line[at - 2 : at] == "nn" and line[at] != "n"
        if tired and line[at : at + 2].strip("."):
            said.add("off_after_nights")
    if any(day in guard.leave for day, _ in had):
        said.add("leave")
    return said


@given(st.text("nde..", min_size=12, max_size=12), st.sets(st.integers(0, 11), max_size=2))
@settings(max_examples=60, deadline=None)
def test_the_check_finds_what_a_slow_one_finds_hour_by_hour(letters: str, leave: set[int]) -> None:
    li = GuardAsked("li", leave=frozenset(days(12)[number] for number in leave))
    every = asked(12, li)
    made = cells("li", letters)
    found = {one.rule for one in checked(every, made).broken}
    assert found <= BREAKS.keys()
    assert found == slowly(li, list(made), every)
