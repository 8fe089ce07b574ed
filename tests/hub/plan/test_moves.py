"""Moves by hand are told at once which rules they break, and only those."""

from __future__ import annotations

from dataclasses import replace

from hub.core.planned import Broken, EditAsked, GridRule
from hub.demo.ground import small
from hub.plan.moves import make
from tests.hub.plan.yard import yard

EVEN = GridRule(shops_band=0.3, work_band=0.3)
HALVES = {shop.id: "west" if shop.id[2] in "12" else "east" for shop in yard().shops}
"""West and east of the cross aisle: 8 and 12 shops."""


def broken(asked: EditAsked) -> dict[str, Broken]:
    found = make(asked, lambda _: True).broken
    assert len({(one.rule, one.subject) for one in found}) == len(found)
    return {f"{one.rule} {one.subject}": one for one in found}


def test_a_cut_along_the_cross_aisle_breaks_nothing() -> None:
    groups = {shop: f"{grid}-{shop[0]}" for shop, grid in HALVES.items()}
    assert broken(EditAsked(yard(), HALVES, groups, EVEN)) == {}


def test_one_shop_given_away_cuts_its_run_and_stands_apart() -> None:
    found = broken(EditAsked(yard(), HALVES | {"as5": "west"}, {}, EVEN))
    assert found["run.cut a-2"] == Broken("run.cut", "a-2", 2.0, ("as5",))
    assert found["grid.apart west"] == Broken("grid.apart", "west", 2.0, ("as5",))
    assert set(found) == {"run.cut a-2", "grid.apart west"}


def test_a_grid_with_too_much_work_is_told_with_how_much() -> None:
    ground = yard()
    busy = replace(ground, shops=tuple(replace(s, work=3.0 if s.id == "an1" else 1.0) for s in ground.shops))
    found = broken(EditAsked(busy, HALVES, {}, GridRule(shops_band=0.3, work_band=0.05)))
    assert found["grid.work west"].value == 10 / 11 - 1
    assert found["grid.work east"].value == 12 / 11 - 1


def test_closed_shops_weigh_nothing() -> None:
    ground = yard()
    shut = replace(
        ground, shops=tuple(replace(s, open=HALVES[s.id] == "west" or s.id[0] == "a") for s in ground.shops)
    )
    found = broken(EditAsked(shut, HALVES, {}, GridRule(shops_band=0.1, work_band=0.1)))
    assert found["grid.shops west"].value == 8 / 7 - 1


def test_a_group_that_the_wall_divides_is_told_with_the_shops_that_stand_apart() -> None:
    groups = {"as3": "g", "as4": "g", "as5": "g", "bn4": "g"}
    assert broken(EditAsked(yard(), HALVES, groups, EVEN)) == {
        "group.apart g": Broken("group.apart", "g", 2.0, ("bn4",))
    }


def test_a_grid_in_two_places_is_told() -> None:
    ground = small()
    runs_of = {shop.id: shop.street for shop in ground.shops}
    north, south = ground.shops[0].street, ground.shops[-1].street
    grid_of = {shop: "ends" if street in {north, south} else "middle" for shop, street in runs_of.items()}
    found = broken(EditAsked(ground, grid_of, {}, GridRule(2.0, 2.0)))
    assert found["grid.apart ends"].value == 2.0
    assert set(found) == {"grid.apart ends"}


def test_without_streets_the_load_is_still_told() -> None:
    bare = replace(yard(), streets=())
    found = broken(EditAsked(bare, HALVES, {}, GridRule(0.1, 0.1)))
    assert set(found) == {"grid.work east", "grid.work west", "grid.shops east", "grid.shops west"}
