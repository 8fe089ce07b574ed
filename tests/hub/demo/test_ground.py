from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shapely import LineString, Point, Polygon, union_all

from hub.demo.ground import irregular, large, reference, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.ground import Ground

MARKETS = pytest.mark.parametrize(
    "market", [reference, small, irregular, large], ids=lambda one: one.__name__
)


@MARKETS
def test_every_door_is_on_its_shop_and_beside_the_street_that_it_opens_to(
    market: Callable[[], Ground],
) -> None:
    ground = market()
    lines = {street.id: (LineString(street.line), street.width) for street in ground.streets}
    assert len({shop.id for shop in ground.shops}) == len(ground.shops)
    for shop in ground.shops:
        door, (line, width) = Point(shop.door), lines[shop.street or ""]
        assert Polygon(shop.ring).boundary.distance(door) < 0.02
        assert line.distance(door) <= width / 2 + 0.05


@MARKETS
def test_every_street_hangs_together_with_the_others_and_with_a_gate(market: Callable[[], Ground]) -> None:
    ground = market()
    whole = union_all([LineString(street.line).buffer(0.02) for street in ground.streets])
    assert whole.geom_type == "Polygon"
    assert all(whole.distance(Point(gate.at)) < 0.02 for gate in ground.gates)


@MARKETS
def test_a_market_is_the_same_at_every_call_and_asks_about_one_of_work_a_shop(
    market: Callable[[], Ground],
) -> None:
    ground = market()
    assert ground == market()
    assert 1 <= sum(shop.work for shop in ground.shops) / len(ground.shops) < 1.25


def test_the_markets_have_the_sizes_that_planning_is_measured_by() -> None:
    assert [len(market().shops) for market in (reference, small, irregular, large)] == [1795, 60, 426, 5003]
    assert [len(market().halls) for market in (reference, small, irregular, large)] == [6, 1, 3, 16]


def test_the_irregular_market_has_dead_ends_stalls_in_the_open_and_a_hall_askew() -> None:
    ground = irregular()
    assert sum(shop.hall is None for shop in ground.shops) == 13
    assert len(next(hall for hall in ground.halls if hall.id == "h1").ring) == 6
    lines = [LineString(street.line) for street in ground.streets]
    ends = [Point(end) for line in lines for end in (line.coords[0], line.coords[-1])]
    gates = [Point(gate.at) for gate in ground.gates]
    loose = [
        end
        for end in ends
        if sum(line.distance(end) < 0.02 for line in lines) == 1
        and all(end.distance(gate) > 1 for gate in gates)
    ]
    assert len(loose) >= 4
