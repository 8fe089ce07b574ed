"""Runs end at streets and cross aisles; neighbours are those whom one meets next on foot."""

from __future__ import annotations

from hub.core.ground import Ground, Shop
from hub.plan.runs import neighbours, runs
from tests.hub.plan.yard import box, stall, way, yard


def test_a_cross_aisle_cuts_an_aisle_into_two_runs_of_both_sides() -> None:
    made = {run.id: set(run.shops) for run in runs(yard())}
    assert made == {
        f"{aisle}-{number}": {f"{aisle}{side}{shop}" for side in "ns" for shop in shops}
        for aisle in "ab"
        for number, shops in ((1, (1, 2)), (2, (3, 4, 5)))
    }


def test_every_shop_is_in_exactly_one_run() -> None:
    ground = yard()
    shops = [shop for run in runs(ground) for shop in run.shops]
    assert sorted(shops) == sorted(shop.id for shop in ground.shops)


def test_the_shops_of_a_run_stand_in_the_order_in_which_one_walks_by() -> None:
    far = next(run for run in runs(yard()) if run.id == "a-2")
    assert [shop[-1] for shop in far.shops] == ["3", "3", "4", "4", "5", "5"]


def test_two_halls_on_one_street_are_two_runs_and_only_the_own_cross_aisle_cuts() -> None:
    ground = yard()
    south = way("south", "street", (0.0, 30.5), (27.0, 30.5), width=8.0, hall=None)
    fronts = [
        stall(f"{hall}{number}", left, top, "south", faces, hall)
        for hall, top, faces in (("hall", 22.5, True), ("other", 34.5, False))
        for number, left in enumerate((4.0, 8.0, 15.0, 19.0), 1)
    ]
    both = Ground(ground.bounds, ground.halls, (*ground.streets, south), tuple(fronts), ground.gates)
    assert sorted(len(run.shops) for run in runs(both) if run.street == "south") == [2, 2, 4]


def test_neighbours_are_beside_and_across_but_never_behind_the_wall() -> None:
    beside = neighbours(yard())
    assert beside["as4"] == {"as3", "as5", "an4"}
    assert "bn4" not in beside["as4"]


def test_a_cross_aisle_is_no_gap() -> None:
    assert "as3" in neighbours(yard())["as2"]


def test_a_street_is_a_gap_and_too_wide_to_face_each_other() -> None:
    street = way("wide", "street", (0.0, 0.0), (40.0, 0.0), width=8.0)
    shops = (
        stall("near", 4.0, -8.0, "wide", south=True),
        stall("across", 4.0, 4.0, "wide", south=False),
        stall("past", 14.0, -8.0, "wide", south=True),
    )
    beside = neighbours(Ground((0.0, 0.0, 40.0, 8.0), (), (street,), shops, ()))
    assert beside == {"near": frozenset(), "across": frozenset(), "past": frozenset()}


def test_round_a_corner_one_is_beside() -> None:
    aisle = way("aisle", "aisle", (0.0, 0.0), (20.0, 0.0))
    branch = way("branch", "aisle", (20.0, 0.0), (20.0, 20.0))
    shops = (
        stall("last", 14.0, 1.5, "aisle", south=False),
        Shop("first", box(21.5, 1.5, 4.0, 4.0), (21.5, 3.5), "branch", "hall"),
    )
    assert "first" in neighbours(Ground((0.0, 0.0, 24.0, 20.0), (), (aisle, branch), shops, ()))["last"]
