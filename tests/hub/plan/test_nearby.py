"""Who is beside whom: next door, across the aisle, past a closed shop, and never through a wall."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.ground import Ground, Shop
from hub.plan.nearby import Nearby
from tests.hub.plan.lane import FRONT, ground


def test_next_door_and_across_the_aisle_are_beside_a_shop() -> None:
    market = ground((4, 4))
    nearby = Nearby(market, {shop.id for shop in market.shops})
    assert nearby.beside["s0-01"] == {"s0-00", "s0-02", "n0-01"}


def test_shops_in_no_grid_are_walked_past_however_many_they_are() -> None:
    market = ground((0, 6))
    nearby = Nearby(market, {"s0-00", "s0-03", "s0-05"})
    assert nearby.beside == {
        "s0-00": {"s0-03"},
        "s0-03": {"s0-00", "s0-05"},
        "s0-05": {"s0-03"},
    }
    assert nearby.pieces(["s0-05", "s0-00", "s0-03"]) == [("s0-05", "s0-00", "s0-03")]
    assert nearby.pieces(["s0-05", "s0-00"]) == [("s0-05",), ("s0-00",)]


def test_where_only_doors_are_known_the_next_ones_are_beside_but_none_behind_another() -> None:
    doors = [(0.0, 0.0), (4.0, 0.0), (8.0, 0.0), (4.0, 3.0), (90.0, 0.0)]
    shops = tuple(Shop(f"s-{at}", (), door) for at, door in enumerate(doors))
    nearby = Nearby(Ground((0.0, 0.0, 90.0, 10.0), (), (), shops, ()), {shop.id for shop in shops})
    assert nearby.beside["s-1"] == {"s-0", "s-2", "s-3"}
    assert "s-2" not in nearby.beside["s-0"]
    assert nearby.beside["s-4"] == frozenset()
    assert nearby.metres(["s-0", "s-4"])[0, 1] == pytest.approx(90.0)
    assert nearby.sides(["s-0"]) == []
    assert nearby.run_of()["s-0"] == "s-0"


def test_back_to_back_is_not_beside_where_streets_are_known_though_outlines_are_not() -> None:
    market = ground((3, 3))
    behind = tuple(Shop(f"b-{at}", (), (FRONT * (at + 0.5), -6.5), street="back") for at in range(3))
    lane = replace(market.streets[1], id="back", line=((-6.0, -8.0), (12.0, -8.0)))
    bare = tuple(replace(shop, ring=()) for shop in market.shops)
    yard = replace(market, streets=(*market.streets, lane), shops=(*bare, *behind))
    nearby = Nearby(yard, {shop.id for shop in yard.shops})
    assert nearby.beside["n0-01"] == {"n0-00", "n0-02", "s0-01"}
    assert nearby.beside["b-1"] == {"b-0", "b-2"}
