"""An office without a drawing has a list of doors: a plan is drawn from it that can be walked on."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.checked import RULES, CheckAsked
from hub.core.drawn import DrawAsked, Stall
from hub.demo.ground import irregular, reference, small
from hub.plan import check
from hub.plan.drawn import make
from hub.plan.runs import runs
from hub.plan.walking import Walking

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.drawn import DrawMade
    from hub.core.ground import Ground, Ring, Shop

MARKETS = pytest.mark.parametrize("market", [small, irregular, reference])


def stall(shop: Shop, *, measured: bool) -> Stall:
    """A line of the spreadsheet: the door, and width and depth where somebody measured."""
    a, b, c, _ = shop.ring
    return Stall(shop.id, shop.door, *((math.dist(a, b), math.dist(b, c)) if measured else (None, None)))


def drawn(ground: Ground, *, measured: bool) -> tuple[Ground, DrawMade]:
    stalls = tuple(stall(shop, measured=measured) for shop in ground.shops)
    made = make(DrawAsked(stalls, (), ground.bounds, derive=True))
    shops = tuple(
        replace(shop, ring=made.rings[shop.id], street=made.street_of.get(shop.id), hall=None)
        for shop in ground.shops
    )
    return replace(ground, halls=(), streets=made.streets, shops=shops, gates=()), made


def middle(ring: Ring) -> tuple[float, float]:
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


@MARKETS
@pytest.mark.parametrize("measured", [True, False])
def test_stalls_stand_behind_their_doors_and_nothing_bars_the_plan(
    market: Callable[[], Ground], measured: bool
) -> None:
    ground = market()
    found, made = drawn(ground, measured=measured)
    truth = {shop.id: middle(shop.ring) for shop in ground.shops}
    for shop in found.shops:
        (x, y), (dx, dy) = middle(shop.ring), shop.door
        tx, ty = truth[shop.id]
        assert (x - dx) * (tx - dx) + (y - dy) * (ty - dy) > 0
    counts = check.make(CheckAsked(found)).counts
    assert not {rule for rule in counts if RULES[rule].bars}
    assert counts.keys() <= {"gap", "way", "no_gate"}
    if measured:
        assert counts.keys() == {"no_gate"}
    assert set(made.guessed) <= {shop.id for shop in ground.shops if shop.hall is None}


@MARKETS
def test_every_stall_can_be_walked_to_from_every_other(market: Callable[[], Ground]) -> None:
    found, _ = drawn(market(), measured=False)
    names = [shop.id for shop in found.shops]
    assert np.isfinite(Walking(found).between(names[:1], names)).all()


def test_shops_that_share_an_aisle_share_it_on_the_derived_plan_and_back_to_back_is_far() -> None:
    ground = reference()
    found, _ = drawn(ground, measured=True)
    aisles = [shop.id for shop in ground.shops if (shop.street or "").startswith("h1a")]
    known = {shop.id: shop.street for shop in ground.shops}
    told = {shop.id: shop.street for shop in found.shops}
    for one, other in pairwise(aisles):
        assert (told[one] == told[other]) == (known[one] == known[other])
    doors = {shop.id: shop.door for shop in ground.shops}
    backs = [
        (one, other)
        for one in aisles
        for other in aisles
        if 8 < doors[other][1] - doors[one][1] < 10 and abs(doors[one][0] - doors[other][0]) < 1
    ]
    assert len(backs) > 50
    ways = Walking(found).pairs([one for one, _ in backs], [other for _, other in backs])
    assert ways.min() > 12


@pytest.mark.parametrize(("market", "share"), [(small, 1.0), (irregular, 1.0), (reference, 0.8)])
def test_measured_stalls_tell_the_cross_aisles_so_that_runs_are_as_on_the_drawn_plan(
    market: Callable[[], Ground], share: float
) -> None:
    ground = market()
    found, _ = drawn(ground, measured=True)
    known = {frozenset(run.shops) for run in runs(ground)}
    told = {frozenset(run.shops) for run in runs(found)}
    assert len(known & told) >= share * len(known)


def test_a_missing_stall_in_one_row_is_no_cross_aisle() -> None:
    ground = small()
    stalls = [stall(shop, measured=True) for shop in ground.shops if shop.street == "h1a1"]
    made = make(DrawAsked(tuple(stalls), (), ground.bounds, derive=True))
    holed = make(DrawAsked(tuple(stalls[:2] + stalls[3:]), (), ground.bounds, derive=True))
    assert len(holed.streets) == len(made.streets)


def test_new_stalls_stand_beside_the_streets_that_are_there() -> None:
    ground = small()
    stalls = tuple(stall(shop, measured=True) for shop in ground.shops)
    made = make(DrawAsked(stalls, ground.streets, ground.bounds, derive=True))
    assert made.streets == ()
    assert made.street_of == {shop.id: shop.street for shop in ground.shops}
    for shop in ground.shops:
        assert set(made.rings[shop.id]) == set(shop.ring) or all(
            min(math.dist(corner, other) for other in shop.ring) < 0.02 for corner in made.rings[shop.id]
        )


def test_what_the_office_says_of_the_side_is_taken_over_any_guess() -> None:
    made = make(DrawAsked((Stall("a", (5.0, 5.0), faces=90.0), Stall("b", (50.0, 5.0))), (), (0, 0, 60, 60)))
    assert middle(made.rings["a"]) == (2.5, 5.0)
    assert middle(made.rings["b"]) == (50.0, 2.5)
    assert made.guessed == ("b",)


def test_a_single_row_is_guessed_and_said_so() -> None:
    stalls = tuple(Stall(f"s{n}", (4.0 * n, 10.0)) for n in range(10))
    made = make(DrawAsked(stalls, (), (0, 0, 60, 60), derive=True))
    assert made.guessed == tuple(one.id for one in stalls)
    (street,) = made.streets
    assert {made.street_of[one.id] for one in stalls} == {street.id}
    assert street.line[0][1] == 12.0


def test_no_stall_is_no_plan() -> None:
    assert make(DrawAsked((), (), (0, 0, 1, 1), derive=True)).rings == {}


@given(
    st.lists(st.tuples(st.floats(0, 80), st.floats(0, 80)), min_size=1, max_size=30),
    st.booleans(),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_whatever_the_doors_every_stall_gets_an_outline(
    doors: list[tuple[float, float]], derive: bool
) -> None:
    stalls = tuple(Stall(str(number), door) for number, door in enumerate(doors))
    made = make(DrawAsked(stalls, () if derive else small().streets, (0, 0, 80, 80), derive=derive))
    assert made.rings.keys() == {one.id for one in stalls}
    assert all(math.isfinite(value) for ring in made.rings.values() for point in ring for value in point)
    assert set(made.street_of.values()) <= {street.id for street in (*made.streets, *small().streets)}
