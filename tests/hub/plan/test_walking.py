"""Ways are counted on foot: along the middle of streets, round back walls, into dead ends and out again."""

from __future__ import annotations

from itertools import pairwise
from math import dist, inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.ground import Gate, Ground, Shop
from hub.core.refuse import Refused
from hub.plan.walking import Walking
from tests.hub.plan.yard import box, stall, way, yard


def test_stalls_back_to_back_are_near_by_air_and_far_on_foot() -> None:
    ground = yard()
    ways = Walking(ground).between(["as5", "bn5"])
    # To the middle of the aisle, 11.5 m to the cross aisle, 11 m along it, and back.
    assert ways[0, 1] == pytest.approx(1.5 + 11.5 + 11.0 + 11.5 + 1.5)
    assert ways[0, 0] == 0.0


def test_facing_stalls_are_an_aisle_apart() -> None:
    assert Walking(yard()).pairs(["an1"], ["as1"])[0] == pytest.approx(3.0)


def test_an_aisle_that_ends_at_the_wall_opens_to_the_street_before_it() -> None:
    walking = Walking(yard())
    # Down the street, 4 m of its breadth, then along the aisle to the middle of the front.
    assert walking.from_gates(["an1"])[0] == pytest.approx(10.0 + 4.0 + 2.0 + 1.5)


def test_a_shop_that_no_street_leads_to_is_infinitely_far() -> None:
    ground = yard()
    island = way("island", "aisle", (100.0, 10.0), (120.0, 10.0))
    far = stall("far", 104.0, 11.5, "island", south=False)
    ground = Ground(
        ground.bounds, ground.halls, (*ground.streets, island), (*ground.shops, far), ground.gates
    )
    walking = Walking(ground)
    assert walking.pairs(["an1"], ["far"])[0] == inf
    assert walking.from_gates(["far"])[0] == inf


def test_without_gates_nothing_is_reached_from_them() -> None:
    ground = yard()
    shut = Ground(ground.bounds, ground.halls, ground.streets, ground.shops, ())
    assert Walking(shut).from_gates(["an1", "bs5"]).tolist() == [inf, inf]


def test_a_shop_that_tells_no_street_opens_to_the_nearest() -> None:
    ground = yard()
    shops = tuple(Shop(shop.id, shop.ring, shop.door) for shop in ground.shops)
    plain = Ground(ground.bounds, ground.halls, ground.streets, shops, ground.gates)
    ids = [shop.id for shop in shops]
    assert np.allclose(Walking(plain).between(ids), Walking(ground).between(ids))


def test_a_ring_road_is_walked_the_shorter_way_round() -> None:
    ring = way("ring", "street", (0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0), (0.0, 0.0))
    shops = (
        Shop("first", box(1.0, -4.0, 2.0, 4.0), (2.0, 0.0), "ring"),
        Shop("last", box(-4.0, 1.0, 4.0, 2.0), (0.0, 2.0), "ring"),
    )
    ground = Ground((0.0, 0.0, 20.0, 20.0), (), (ring,), shops, (Gate("gate", (0.0, 0.0)),))
    assert Walking(ground).pairs(["first"], ["last"])[0] == pytest.approx(4.0)


def test_without_streets_planning_says_what_to_import() -> None:
    with pytest.raises(Refused, match="import the streets"):
        Walking(Ground((0.0, 0.0, 1.0, 1.0), (), (), (), ()))


def doors_graph(ground: Ground) -> nx.Graph:
    """The same ways, thought of otherwise: every door and crossing is a node of one big graph.

    Good for straight level and upright lines that cross each other.
    """
    graph = nx.Graph()
    for street in ground.streets:
        (left, top), (right, bottom) = street.line
        on = {(left, top), (right, bottom)}
        for other in ground.streets:
            (x, y), (x2, y2) = other.line
            if left == right and y == y2 and x <= left <= x2 and top <= y <= bottom:
                on.add((left, y))
            if top == bottom and x == x2 and left <= x <= right and y <= top <= y2:
                on.add((x, top))
        for shop in ground.shops:
            if shop.street == street.id:
                foot = (left, shop.door[1]) if left == right else (shop.door[0], top)
                on.add(foot)
                graph.add_edge(shop.id, foot, weight=dist(shop.door, foot))
        for one, next_one in pairwise(sorted(on)):
            graph.add_edge(one, next_one, weight=dist(one, next_one))
    return graph


@st.composite
def towns(draw: st.DrawFn) -> Ground:
    """Level and upright lines that all cross, stalls at any place of any level one."""
    rows = draw(st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True))
    columns = draw(st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True))
    level = [way(f"r{y}", "aisle", (-5.0, 20.0 * y), (205.0, 20.0 * y)) for y in rows]
    upright = [way(f"c{x}", "cross", (20.0 * x, -5.0), (20.0 * x, 205.0)) for x in columns]
    places = draw(
        st.lists(st.tuples(st.sampled_from(rows), st.integers(0, 190), st.booleans()), min_size=2, max_size=8)
    )
    shops = tuple(
        stall(f"s{number}", float(x), 20.0 * y + (-5.5 if south else 1.5), f"r{y}", south)
        for number, (y, x, south) in enumerate(places)
    )
    return Ground((0.0, 0.0, 200.0, 200.0), (), (*level, *upright), shops, ())


@settings(max_examples=30, deadline=None)
@given(towns())
def test_ways_agree_with_a_graph_in_which_every_door_is_a_node(ground: Ground) -> None:
    ids = [shop.id for shop in ground.shops]
    ways = Walking(ground).between(ids)
    told = dict(nx.all_pairs_dijkstra_path_length(doors_graph(ground)))
    for row, one in enumerate(ids):
        for column, other in enumerate(ids):
            assert ways[row, column] == pytest.approx(told[one][other], abs=0.01)
