"""Ten-shop groups: neighbours who hang together, every shop in exactly one, and nobody moved without need."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.ground import Ground, Shop
from hub.core.planned import GroupRule, GroupsAsked
from hub.core.refuse import Refused
from hub.demo.ground import irregular, small
from hub.plan.groups import make
from hub.plan.nearby import Nearby
from hub.plan.partition import COUNT_PRICE
from hub.plan.runs import neighbours
from tests.hub.plan.lane import ground

if TYPE_CHECKING:
    from hub.core.planned import GroupsMade, Progress


def ask(market: Ground, **more: object) -> GroupsAsked:
    asked = GroupsAsked(market, {shop.id: "grid" for shop in market.shops})
    return replace(asked, **more)  # type: ignore[arg-type]


def again(market: Ground, made: GroupsMade, **more: object) -> GroupsAsked:
    held = {shop: group.id for group in made.groups for shop in group.shops}
    centres = {group.id: group.centre for group in made.groups}
    return ask(market, held=held, centre_of=centres, **more)


def lengths(market: Ground, grid_of: dict[str, str]) -> list[int]:
    """How many shops hang together, stretch by stretch, counted without the planner."""
    left, beside, found = set(grid_of), neighbours(market), []
    while left:
        stretch = ahead = {left.pop()}
        while ahead:
            ahead = {
                other for shop in ahead for other in beside[shop] & left if grid_of[other] == grid_of[shop]
            }
            left -= ahead
            stretch = stretch | ahead
        found.append(len(stretch))
    return found


def sums_of_sizes(most: int) -> set[int]:
    """All numbers of shops up to `most` that groups of 8 to 12 can make."""
    found = {0}
    for _ in range(most // 8):
        found |= {number + size for number in found for size in range(8, 13)}
    return found


def whole(asked: GroupsAsked, made: GroupsMade) -> None:
    """Every shop is in one group, of its own grid; each centre is one of its group; bounds are bounds."""
    members = [shop for group in made.groups for shop in group.shops]
    assert sorted(members) == sorted(asked.grid_of)
    assert all(asked.grid_of[shop] == group.grid for group in made.groups for shop in group.shops)
    assert all(group.centre in group.shops for group in made.groups)
    assert len({group.id for group in made.groups}) == len(made.groups)
    assert made.proof.bound <= made.proof.objective + 1e-6
    assert made.free_bound <= sum(group.walk_m for group in made.groups) + 1e-6


def test_sixty_shops_make_six_groups_of_ten_and_no_division_walks_less() -> None:
    asked = ask(small())
    made = make(asked)
    whole(asked, made)
    assert [len(group.shops) for group in made.groups] == [10] * 6
    assert (made.broken, made.oddities, made.moved) == (0, (), ())
    assert made.proof.gap < 1e-6
    assert made.proof.objective == pytest.approx(sum(group.walk_m for group in made.groups))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 14), st.integers(1, 14)), min_size=1, max_size=3))
def test_only_stretches_that_no_sizes_fit_have_an_odd_group(aisles: list[tuple[int, int]]) -> None:
    market = ground(*aisles)
    asked = ask(market)
    made = make(asked)
    whole(asked, made)
    possible = sums_of_sizes(len(market.shops))
    assert made.broken == 0
    assert len(made.oddities) == sum(length not in possible for length in lengths(market, asked.grid_of))
    assert {oddity.rule for oddity in made.oddities} <= {"size"}


def test_a_crooked_market_has_no_broken_group_and_its_odd_ones_are_those_that_must_be() -> None:
    market = irregular()
    west = {shop.id: "west" if shop.door[0] < 96 else "east" for shop in market.shops}
    asked = ask(market, grid_of=west)
    made = make(asked)
    whole(asked, made)
    assert made.broken == 0
    possible = sums_of_sizes(len(market.shops))
    assert len(made.oddities) == sum(length not in possible for length in lengths(market, west))
    assert sum(group.walk_m for group in made.groups) <= 1.06 * made.free_bound


def test_a_short_row_is_cut_as_somebody_who_tries_everything_would() -> None:
    market = ground((0, 11))
    rule = GroupRule(least=2, most=4, usual=3)
    made = make(ask(market, rule=rule))
    doors = [4.0 * number + 2.0 for number in range(11)]

    def best(start: int, groups: int) -> float:
        if groups == 0:
            return 0.0 if start == len(doors) else float("inf")
        return (
            min(
                min(
                    sum(abs(door - at) + 3.0 * (door != at) for door in doors[start:end])
                    for at in doors[start:end]
                )
                + best(end, groups - 1)
                for end in range(start + 2, min(start + 4, len(doors)) + 1)
            )
            if start < len(doors) - 1
            else float("inf")
        )

    assert len(made.groups) == 4
    assert made.proof.objective == pytest.approx(best(0, 4))


def every_cut(count: int) -> list[list[range]]:
    """All ways to cut a row into groups of any sizes."""
    cuts = []
    for inner in range(2 ** (count - 1)):
        ends = [at for at in range(1, count) if inner >> at - 1 & 1]
        cuts.append([range(start, end) for start, end in pairwise([0, *ends, count])])
    return cuts


def least_moved(groups: list[range], held: list[str]) -> int:
    """Shops that change their group's name when names are given out so that the fewest do."""
    olds = sorted(set(held))
    best = 0
    for names in permutations([*olds, *[""] * len(groups)], len(groups)):
        best = max(
            best, sum(held[at] == name for name, group in zip(names, groups, strict=True) for at in group)
        )
    return len(held) - best


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from("ab"), min_size=5, max_size=7), st.sampled_from([3.0, 20.0, 60.0]))
def test_a_new_cut_of_a_row_weighs_walks_and_moves_as_somebody_who_tries_everything_would(
    names: list[str], price: float
) -> None:
    market = ground((0, len(names)))
    held = {shop.id: name for shop, name in zip(market.shops, names, strict=True)}
    rule = GroupRule(least=2, most=4, usual=3, move_price=price)
    made = make(ask(market, rule=rule, held=held))
    wanted = min(max(len(set(names)), -(-len(names) // 4)), len(names) // 2)

    def cost(groups: list[range]) -> float:
        walks = sum(
            min(sum(4.0 * abs(a - b) + 3.0 * (a != b) for a in group) for b in group) for group in groups
        )
        return walks + price * least_moved(groups, names) + COUNT_PRICE * abs(len(groups) - wanted)

    fitting = [groups for groups in every_cut(len(names)) if all(2 <= len(group) <= 4 for group in groups)]
    assert made.proof.objective == pytest.approx(min(map(cost, fitting)))
    cut = [range(min(at), max(at) + 1) for at in places_of(made)]
    assert len(made.moved) == least_moved(cut, names)


def places_of(made: GroupsMade) -> list[list[int]]:
    """Places in the row, group by group."""
    return [[int(shop[-2:]) for shop in group.shops] for group in made.groups]


def test_seven_shops_alone_are_one_group_and_it_is_told_that_it_is_too_small() -> None:
    made = make(ask(ground((10, 10), (3, 4))))
    assert sorted(len(group.shops) for group in made.groups) == [7, 10, 10]
    assert [(oddity.rule, oddity.subject, oddity.count) for oddity in made.oddities] == [
        ("size", "a1-1", 7.0)
    ]


def test_shops_of_two_grids_are_never_in_one_group() -> None:
    market = ground((10, 10))
    grids = {shop.id: shop.id[0] for shop in market.shops}
    made = make(ask(market, grid_of=grids))
    assert sorted((group.grid, len(group.shops)) for group in made.groups) == [("n", 10), ("s", 10)]


def test_a_shop_in_no_grid_is_walked_past() -> None:
    market = ground((0, 17))
    grids = {shop.id: "grid" for shop in market.shops if shop.id != "s0-08"}
    made = make(ask(market, grid_of=grids, rule=GroupRule(10, 16, 16)))
    assert [len(group.shops) for group in made.groups] == [16]
    assert made.broken == 0


@pytest.mark.parametrize("stop_after", [0, 1, 3])
def test_who_is_told_to_stop_still_gives_every_shop_a_group(stop_after: int) -> None:
    told: list[Progress] = []

    def heard(progress: Progress) -> bool:
        told.append(progress)
        return len(told) <= stop_after

    asked = ask(ground((20, 20), (12, 14), (9, 9)))
    made = make(asked, heard)
    whole(asked, made)
    assert made.proof.stopped
    assert len(told) >= stop_after + 1
    assert made.broken == 0


def test_progress_says_how_much_is_done_and_what_is_best_so_far() -> None:
    told: list[Progress] = []

    def heard(progress: Progress) -> bool:
        told.append(progress)
        return True

    made = make(ask(ground((20, 20), (12, 14))), heard)
    shares = [progress.share for progress in told if progress.stage == "groups"]
    assert shares == [0.0, 0.5]
    assert told[-1].stage == "groups-bound"
    assert told[-1].best == pytest.approx(made.proof.objective)


def test_a_plan_made_again_moves_nobody_and_keeps_every_name() -> None:
    market = ground((22, 21), (13, 14))
    first = make(ask(market))
    second = make(again(market, first))
    assert second.moved == ()
    assert {group.id: set(group.shops) for group in first.groups} == {
        group.id: set(group.shops) for group in second.groups
    }


def test_after_six_closures_nobody_moves() -> None:
    market = ground((24, 24), (24, 24))
    first = make(ask(market))
    gone = [max(group.shops) for group in first.groups if len(group.shops) > 8][:6]
    asked = again(market, first)
    asked = replace(asked, grid_of={shop: "grid" for shop in asked.grid_of if shop not in gone})
    made = make(asked)
    whole(asked, made)
    assert made.moved == ()
    assert made.broken == 0


def test_a_group_that_became_too_small_takes_no_more_than_it_needs() -> None:
    market = ground((0, 20))
    rule = GroupRule(least=8, most=12, usual=10)
    first = make(ask(market, rule=rule))
    small_one = first.groups[0]
    gone = [shop for shop in small_one.shops if shop not in {small_one.shops[0], small_one.shops[-1]}][:3]
    asked = again(market, first)
    asked = replace(asked, grid_of={shop: "grid" for shop in asked.grid_of if shop not in gone})
    made = make(asked)
    whole(asked, made)
    assert len(made.moved) == 1
    assert made.oddities == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 47), st.booleans())
def test_one_opening_or_closure_touches_at_most_one_group(number: int, opens: bool) -> None:
    full = ground((12, 12), (12, 12))
    shop = full.shops[number].id
    before = {one.id: "grid" for one in full.shops if not (opens and one.id == shop)}
    first = make(ask(full, grid_of=before))
    after = {one.id: "grid" for one in full.shops if opens or one.id != shop}
    asked = replace(again(full, first), grid_of=after, only=frozenset({shop}))
    made = make(asked)
    whole(asked, made)
    old = {group.id: set(group.shops) for group in first.groups}
    new = {group.id: set(group.shops) for group in made.groups}
    assert sum(old.get(name) != members for name, members in new.items()) <= 1
    assert made.moved == ()
    assert made.broken == 0


def test_a_row_that_opens_gets_groups_of_its_own() -> None:
    market = ground((12, 12), (10, 10))
    asked = ask(market, grid_of={shop.id: "grid" for shop in market.shops if "0-" in shop.id})
    first = make(asked)
    fresh = frozenset(shop.id for shop in market.shops if "1-" in shop.id)
    made = make(again(market, first, only=fresh))
    assert sorted(len(group.shops) for group in made.groups if set(group.shops) & fresh) == [10, 10]
    assert {group.id for group in first.groups} < {group.id for group in made.groups}
    assert made.oddities == ()


def test_what_a_closure_tears_apart_stays_with_its_larger_part_and_the_rest_joins_neighbours() -> None:
    market = ground((0, 20))
    first = make(ask(market))
    torn = next(group for group in first.groups if "s0-00" in group.shops)
    gone = torn.shops[-3]
    left = ground((0, 20), without=frozenset({gone}))
    made = make(again(left, first, only=frozenset({gone})))
    whole(ask(left), made)
    assert made.broken == 0
    assert set(made.moved) == set(torn.shops[-2:])


def test_a_border_that_tears_a_group_lets_its_neighbours_move_until_sizes_are_right() -> None:
    market = ground((0, 40))
    west = {f"s0-{at:02d}" for at in range(20)}
    grids = {shop.id: "west" if shop.id in west else "east" for shop in market.shops}
    first = make(ask(market, grid_of=grids))
    over = frozenset(f"s0-{at:02d}" for at in range(20, 24))
    asked = replace(
        again(market, first, only=over),
        grid_of={shop: "west" if shop in over else grids[shop] for shop in grids},
    )
    made = make(asked)
    whole(asked, made)
    assert (made.oddities, made.broken) == ((), 0)
    assert {len(group.shops) for group in made.groups} <= set(range(8, 13))
    assert over <= set(made.moved)
    assert len(made.moved) <= 12


def test_an_elected_centre_stays_while_it_is_in_its_group_else_the_nearest_to_all_is() -> None:
    market = ground((0, 9))
    first = make(ask(market))
    name = first.groups[0].id
    assert first.groups[0].centre == "s0-04"
    elected = make(replace(again(market, first), centre_of={name: "s0-00"}))
    assert elected.groups[0].centre == "s0-00"
    assert elected.groups[0].walk_m > first.groups[0].walk_m
    gone = replace(again(market, first), centre_of={name: "s0-00"})
    made = make(replace(gone, grid_of={shop: "grid" for shop in gone.grid_of if shop != "s0-00"}))
    assert made.groups[0].centre in {"s0-04", "s0-05"}


def test_a_market_of_which_only_doors_are_known_gets_groups_all_the_same() -> None:
    market = small()
    doors = replace(
        market, streets=(), shops=tuple(replace(shop, ring=(), street=None) for shop in market.shops)
    )
    asked = ask(doors)
    made = make(asked)
    whole(asked, made)
    assert made.broken == 0
    assert {len(group.shops) for group in made.groups} <= set(range(8, 13))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 45))
def test_wherever_doors_are_every_shop_gets_a_group_that_hangs_together(seed: int, count: int) -> None:
    draw = Random(seed)
    doors = [(draw.uniform(0.0, 60.0), draw.uniform(0.0, 40.0)) for _ in range(count)]
    shops = tuple(Shop(f"s-{at:02d}", (), door) for at, door in enumerate(doors))
    asked = ask(Ground((0.0, 0.0, 60.0, 40.0), (), (), shops, ()))
    made = make(asked)
    whole(asked, made)
    assert made.broken == 0


def test_a_street_that_nothing_leads_to_is_far_but_its_shops_have_groups() -> None:
    market = ground((0, 9), (0, 9))
    apart = replace(market, streets=market.streets[1:])
    made = make(ask(apart))
    whole(ask(apart), made)
    assert sorted(len(group.shops) for group in made.groups) == [9, 9]
    metres = Nearby(apart, {"s0-00", "s1-00"}).metres(["s0-00", "s1-00"])
    assert metres[0, 1] == pytest.approx(1040.0)


def test_a_grid_of_one_shop_and_no_grid_at_all_are_answered() -> None:
    market = ground((0, 3))
    one = make(ask(market, grid_of={"s0-01": "grid"}))
    assert [(group.shops, group.centre, group.walk_m) for group in one.groups] == [(("s0-01",), "s0-01", 0.0)]
    assert make(ask(market, grid_of={})).groups == ()


def test_what_cannot_be_meant_is_refused_with_a_sentence() -> None:
    market = ground((0, 3))
    with pytest.raises(Refused, match="between the least and the most"):
        make(ask(market, rule=GroupRule(least=9, most=8)))
    with pytest.raises(Refused, match="not on the plan of the market: ghost"):
        make(ask(market, grid_of={"ghost": "grid"}))
