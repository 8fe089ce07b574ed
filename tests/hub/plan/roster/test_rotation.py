"""The rotation of ten-shop groups: every open day one shop that is there, even over months, with a buddy."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.refuse import Refused
from hub.core.rotation import GroupAsked, RotationAsked, RotationMade, ShopAsked, Turn
from hub.plan.roster.rotation import make
from tests.bench.workrooms import days, free


def group(shops: int = 10, **more: object) -> GroupAsked:
    return replace(GroupAsked("group", tuple(ShopAsked(f"s{at}", before=0) for at in range(shops))), **more)  # type: ignore[arg-type]


def ask(*groups: GroupAsked, count: int = 28, **more: object) -> RotationAsked:
    span = days(count)
    return replace(RotationAsked(span, groups, free(span), seconds=600.0), **more)  # type: ignore[arg-type]


def turns(made: RotationMade) -> dict[date, Turn]:
    return {turn.day: turn for turn in made.groups[0].turns}


def rules(made: RotationMade) -> list[str]:
    return [oddity.rule for oddity in made.groups[0].oddities]


def right(asked: RotationAsked, made: RotationMade) -> None:
    """Every open day with anybody there has one turn; nobody away has one that was not fixed."""
    for one, answer in zip(asked.groups, made.groups, strict=True):
        shops = {shop.shop: shop for shop in one.shops}
        fixed = {turn.day: turn.shop for turn in one.fixed if turn.shop in shops}
        given_ = {turn.day: turn for turn in answer.turns}
        assert len(given_) == len(answer.turns)
        for day in asked.days:
            there = [shop for shop in one.shops if day not in shop.away]
            if day in fixed:
                assert given_[day].shop == fixed[day]
            elif day in one.closed or not there:
                assert day not in given_
            else:
                assert day not in shops[given_[day].shop].away
        for turn in answer.turns:
            others = [shop for shop in one.shops if shop.shop != turn.shop and turn.day not in shop.away]
            assert (turn.buddy is None) == (not others)
            assert turn.buddy is None or turn.buddy in {shop.shop for shop in others}
        said = {(oddity.rule, oddity.day) for oddity in answer.oddities}
        for shop in shops:
            own = [turn.day for turn in answer.turns if turn.shop == shop]
            for before, after in pairwise(own):
                assert (after - before).days >= asked.apart or ("near", after) in said


def test_ten_shops_take_four_weeks_in_turns_that_are_even_and_apart() -> None:
    asked = ask(group())
    made = make(asked)
    right(asked, made)
    assert sorted(Counter(turn.shop for turn in made.groups[0].turns).values()) == [2, 2, *[3] * 8]
    assert (made.spread, made.groups[0].free_spread, made.groups[0].proved) == (1, 1, True)
    assert rules(made) == []


@st.composite
def drawn(draw: st.DrawFn) -> RotationAsked:
    """Some groups of one to twelve shops with closed days, leave, history and fixed turns."""
    span, random = days(draw(st.integers(5, 28))), Random(draw(st.integers(0, 10_000)))
    share = draw(st.sampled_from([0.0, 0.12, 0.4, 0.9]))
    groups = []
    for number in range(draw(st.integers(1, 2))):
        shops = tuple(
            ShopAsked(
                f"s{at}",
                frozenset(day for day in span if random.random() < share),
                random.choice([None, 0, 1, 2, 9]),
                random.choice([None, 0, 1]),
                last=random.choice([None, span[0] - timedelta(days=2)]),
            )
            for at in range(draw(st.integers(1, 12)))
        )
        fixed = tuple(Turn(day, f"s{random.randint(0, 12)}") for day in random.sample(span, 2))
        closed = frozenset(random.sample(span, 1))
        groups.append(GroupAsked(f"group-{number}", shops, closed, fixed))
    return RotationAsked(span, tuple(groups), free(span), frozenset(span[:2]), seconds=600.0)


@given(drawn())
@settings(max_examples=10, deadline=None)
def test_any_group_gets_a_rotation_that_keeps_what_is_fixed_and_says_what_it_cannot(
    asked: RotationAsked,
) -> None:
    right(asked, make(asked))


@pytest.mark.long
@given(drawn())
@settings(max_examples=150, deadline=None)
def test_many_groups_get_rotations(asked: RotationAsked) -> None:
    made = make(asked)
    right(asked, made)
    assert made.proof.bound <= made.proof.objective + 1e-6


def test_over_six_months_history_makes_all_even() -> None:
    draw, had, weekends = Random(5), [0] * 9, [0] * 9
    last: list[date | None] = [None] * 9
    for month in range(6):
        span = days(28, days(1)[0] + timedelta(days=28 * month))
        shops = tuple(
            ShopAsked(
                f"s{at}",
                frozenset(day for day in span if draw.random() < 0.15),
                had[at],
                weekends[at],
                last=last[at],
            )
            for at in range(9)
        )
        made = make(RotationAsked(span, (GroupAsked("group", shops),), free(span), seconds=600.0))
        for turn in made.groups[0].turns:
            at = int(turn.shop[1:])
            had[at], last[at] = had[at] + 1, turn.day
            weekends[at] += turn.day in free(span)
        assert made.spread <= 1
    assert max(had) - min(had) <= 1
    assert max(weekends) - min(weekends) <= 1


def test_who_is_new_begins_like_the_others_and_who_was_away_catches_up_a_little() -> None:
    veterans = [ShopAsked(f"s{at}", before=20) for at in range(8)]
    asked = ask(GroupAsked("group", (*veterans, ShopAsked("new"))))
    counts = Counter(turn.shop for turn in make(asked).groups[0].turns)
    assert counts["new"] in (3, 4)
    back = GroupAsked("group", (*veterans, ShopAsked("back", before=2)))
    counts = Counter(turn.shop for turn in make(ask(back)).groups[0].turns)
    assert counts["back"] in (4, 5)


def test_a_public_holiday_goes_to_who_had_fewer_of_them() -> None:
    span = days(28)
    feasts = frozenset(span[10:13])
    shops = tuple(ShopAsked(f"s{at}", before=0, free_before=0, feasts_before=int(at < 7)) for at in range(10))
    made = make(ask(GroupAsked("group", shops), feasts=feasts, free=free(span) | feasts))
    on = {turn.shop for turn in made.groups[0].turns if turn.day in feasts}
    assert on == {"s7", "s8", "s9"}


def test_a_day_on_which_everybody_is_away_has_no_turn_and_says_so() -> None:
    gone = frozenset({days(28)[3]})
    shops = tuple(ShopAsked(f"s{at}", gone, 0) for at in range(10))
    made = make(ask(GroupAsked("group", shops)))
    (oddity,) = made.groups[0].oddities
    assert (oddity.rule, oddity.day) == ("nobody", days(28)[3])
    assert oddity.words.zh == "12月3日全组都不在，没人轮值，请市场办顶一天"
    assert days(28)[3] not in turns(made)


def test_closed_days_need_nobody() -> None:
    closed = frozenset(days(28)[:7])
    made = make(ask(group(closed=closed)))
    assert not closed & turns(made).keys()
    assert (len(turns(made)), rules(made)) == (21, [])


def test_the_buddy_is_the_next_neighbour_who_is_there_and_both_sides_are_asked() -> None:
    gone = frozenset(days(28))
    shops = tuple(ShopAsked(f"s{at}", gone if at in (0, 3) else frozenset(), 0) for at in range(6))
    made = make(ask(GroupAsked("group", shops)))
    buddies: dict[str, Counter[str | None]] = {}
    for turn in made.groups[0].turns:
        buddies.setdefault(turn.shop, Counter()).update([turn.buddy])
    assert set(buddies["s1"]) == {"s2"}
    assert set(buddies["s2"]) == {"s1"}
    assert set(buddies["s5"]) == {"s4"}
    alone = make(ask(group(shops=1)))
    assert all(turn.buddy is None for turn in turns(alone).values())
    assert "alone" in rules(alone)


def test_published_and_swapped_turns_stay_with_their_buddy() -> None:
    one, two, three = days(3)
    fixed = (Turn(one, "s4", "s9"), Turn(two, "s4"), Turn(three, "left"))
    made = make(ask(group(fixed=fixed)))
    assert turns(made)[one] == Turn(one, "s4", "s9")
    assert turns(made)[two].shop == "s4"
    assert {(oddity.rule, oddity.day) for oddity in made.groups[0].oddities} == {
        ("near", two),
        ("gone", three),
    }


def test_a_fixed_turn_of_one_who_is_away_then_is_said() -> None:
    day = days(1)[0]
    one = group(fixed=(Turn(day, "s0"),))
    shops = (replace(one.shops[0], away=frozenset({day})), *one.shops[1:])
    made = make(ask(replace(one, shops=shops)))
    assert [(oddity.rule, oddity.shop) for oddity in made.groups[0].oddities] == [("away", "s0")]


def test_three_shops_cannot_be_five_days_apart_and_are_told_so() -> None:
    made = make(ask(group(shops=3), count=6))
    assert set(rules(made)) == {"near"}
    assert sorted(Counter(turn.shop for turn in turns(made).values()).values()) == [2, 2, 2]


def test_who_says_stop_still_gets_a_turn_for_every_day() -> None:
    asked = ask(group(), replace(group(), group="other"))
    made = make(asked, lambda _: False)
    assert [len(one.turns) for one in made.groups] == [28, 28]
    assert [one.proved for one in made.groups] == [True, False]
    assert made.proof.stopped


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ((group(), group()), "rotation-twice"),
        ((group(fixed=(Turn(days(1)[0], "s1"), Turn(days(1)[0], "s2"))),), "rotation-fixed"),
    ],
)
def test_what_can_be_no_rotation_is_refused(groups: tuple[GroupAsked, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        make(ask(*groups))
    assert refused.value.code == code
