"""Premises over time: shops open and close, one is divided, several are joined; the past stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.versions import Seat
from hub.service import business, market, placement, rebuild
from hub.service.plan import apply, decide
from hub.service.rebuild import Made
from hub.store.business import Tenancy
from hub.store.evidence import Line
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from tests.hub.service.plan.test_life import TO_WEST, approved, drafted
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = timedelta(days=1)
TODAY = NOON.date()
LATER = NOON + DAY
PARTS = tuple(
    Made(
        f"c-10{name}",
        f"C-0{name}",
        f"C-0{name}",
        ((x, 10), (x + 2.5, 10), (x + 2.5, 18), (x, 18)),
        (x + 1, 18),
    )
    for name, x in (("a", 0.0), ("b", 2.5))
)
WHOLE = Made("c-joined", "C-大", "C-big", ((0, 10), (10, 10), (10, 18), (0, 18)), (5, 18))


def refusal(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


def test_a_divided_shop_leaves_its_place_to_its_parts(s: Session) -> None:
    rebuild.divide(s, actor(s, "zhou"), "c-10", PARTS, LATER)
    before, after = (placement.seats(s, MARKET, day) for day in (TODAY, LATER.date()))
    assert "c-10a" not in before
    assert "c-10" not in after
    assert after["c-10a"] == after["c-10b"] == before["c-10"] == Seat("east", "east-1")
    assert s.get_one(ShopGroup, "east-1").centre == "c-10a", "the first part coordinates on"
    assert placement.centres(s, MARKET, TODAY)["east-1"] == "c-10"
    with refusal("shop.ended"):
        rebuild.trade(s, actor(s, "zhou"), "c-10", LATER, is_open=True)


def test_the_plan_of_yesterday_still_shows_what_stood_there(s: Session) -> None:
    rebuild.divide(s, actor(s, "zhou"), "c-10", PARTS, LATER)
    before, after = (market.plan(s, MARKET, day)["shops"]["id"] for day in (TODAY, LATER.date()))
    assert set(before) - set(after) == {"c-10"}
    assert set(after) - set(before) == {"c-10a", "c-10b"}


def test_joined_shops_are_one_in_the_place_of_the_first(s: Session) -> None:
    rebuild.join(s, actor(s, "zhou"), ["c-10", "c-11"], WHOLE, LATER)
    assert placement.seats(s, MARKET, LATER.date())["c-joined"] == Seat("east", "east-1")
    assert s.get_one(Shop, "c-11").ends == LATER.date()


def test_a_group_whose_last_shops_are_joined_into_another_is_no_more(s: Session) -> None:
    zhou = actor(s, "zhou")
    part = Made("c-2x", "x", "x", ((0, 10), (16, 10), (16, 18), (0, 18)), (15, 18))
    rebuild.join(s, zhou, ["c-10", "c-20", "c-21", "c-22"], part, LATER)
    assert s.get_one(ShopGroup, "east-2").ends == LATER.date()
    assert "east-2" not in placement.centres(s, MARKET, LATER.date())
    assert placement.centres(s, MARKET, TODAY)["east-2"] == "c-20"


def test_who_traded_there_leaves_with_the_premises(s: Session) -> None:
    zhou = actor(s, "zhou")
    firm = business.add(s, zhou, Pair("老刘百货", "Liu's"), NOON)
    for shop in ("c-10", "c-30"):
        business.let(s, zhou, firm.id, shop, TODAY, NOON)
    assert firm.primary_shop == "c-10"
    rebuild.divide(s, zhou, "c-10", PARTS, LATER)
    ended = s.query(Tenancy).where(Tenancy.shop == "c-10").one()
    assert ended.ends == LATER.date()
    assert firm.primary_shop == "c-30", "its other shop is the primary one now"


def test_a_right_at_the_shop_goes_to_the_first_part(s: Session) -> None:
    s.add(Grant(id="own", person="li", role="shop", node=f"{MARKET}/east/east-1/c-10"))
    s.flush()
    rebuild.divide(s, actor(s, "zhou"), "c-10", PARTS, LATER)
    assert s.get_one(Grant, "own").node == f"{MARKET}/east/east-1/c-10a"


def test_nothing_larger_than_the_old_nor_outside_nor_twice_is_made(s: Session) -> None:
    zhou = actor(s, "zhou")
    with refusal("shop.larger"):
        rebuild.divide(s, zhou, "c-10", (PARTS[0], WHOLE), NOON)
    with refusal("shop.there"):
        rebuild.divide(s, zhou, "c-10", (PARTS[0], PARTS[0]), NOON)
    outside = Made("c-far", "远", "Far", ((90, 10), (91, 10), (91, 18)), (90, 18))
    with refusal("shop.outside"):
        rebuild.divide(s, zhou, "c-10", (PARTS[0], outside), NOON)
    with refusal("shop.parts"):
        rebuild.divide(s, zhou, "c-10", PARTS[:1], NOON)


def test_a_shop_that_a_plan_under_way_moves_waits(s: Session) -> None:
    row = drafted(s, TO_WEST, day=TODAY + 2 * DAY)
    decide.submit(s, actor(s, "zhou"), row.id, NOON)
    part = Made("c-2x", "x", "x", ((15, 10), (16, 10), (16, 18)), (15, 18))
    with refusal("shop.moving"):
        rebuild.join(s, actor(s, "zhou"), ["c-20", "c-21"], part, NOON)


def test_a_plan_is_not_undone_over_premises_that_are_no_more(s: Session) -> None:
    row = approved(s, drafted(s, TO_WEST))
    part = Made("c-2x", "x", "x", ((15, 10), (16, 10), (16, 18)), (15, 18))
    rebuild.join(s, actor(s, "zhou"), ["c-20", "c-21"], part, LATER)

    with refusal("plan.since"):
        apply.undo(s, actor(s, "jia"), row.id, "收回", LATER)


def test_a_closed_shop_stays_in_its_grid_and_group(s: Session) -> None:
    rebuild.trade(s, actor(s, "zhou"), "c-10", NOON, is_open=False)
    rebuild.trade(s, actor(s, "zhou"), "c-10", NOON, is_open=False)
    assert placement.seats(s, MARKET, TODAY)["c-10"] == Seat("east", "east-1")
    assert [line.act for line in s.query(Line) if line.act.startswith("shop.")] == ["shop.close"]


def test_a_guard_builds_nothing(s: Session) -> None:
    with refusal("right.denied"):
        rebuild.divide(s, actor(s, "qiu"), "c-10", PARTS, NOON)
