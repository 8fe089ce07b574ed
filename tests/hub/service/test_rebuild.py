"""Premises over time: shops open and close, one is divided, several are joined; the past stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.versions import Seat
from hub.service import business, evidence, market, placement, rebuild
from hub.service.plan import apply, decide
from hub.service.rebuild import Made
from hub.store.base import sessions
from hub.store.business import Tenancy
from hub.store.evidence import Line
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from hub.store.staff import Proposal
from tests.hub.service.plan.test_life import TO_WEST, approved, drafted
from tests.hub.service.plan.test_two import at_once
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

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


def test_whoever_has_a_right_at_both_shops_has_it_once_at_what_is_made_of_them(s: Session) -> None:
    for number, shop in enumerate(("c-10", "c-11")):
        s.add(Grant(id=f"own-{number}", person="li", role="shop", node=f"{MARKET}/east/east-1/{shop}"))
    s.flush()
    rebuild.join(s, actor(s, "zhou"), ["c-10", "c-11"], WHOLE, LATER)
    left = s.query(Grant).where(Grant.person == "li", Grant.node.like("%/c-%")).all()
    assert [one.node for one in left] == [f"{MARKET}/east/east-1/c-joined"]


def test_a_right_that_waits_for_approval_is_given_at_the_first_part(s: Session) -> None:
    for name, decided in (("waits", None), ("decided", NOON)):
        node = f"{MARKET}/east/east-1/c-10"
        asked = {"person": "li", "role": "shop", "proposed_by": "ji", "proposed_at": NOON}
        s.add(Proposal(id=name, market=MARKET, node=node, decided_at=decided, **asked))
    s.flush()
    rebuild.divide(s, actor(s, "zhou"), "c-10", PARTS, LATER)
    assert s.get_one(Proposal, "waits").node == f"{MARKET}/east/east-1/c-10a"
    assert s.get_one(Proposal, "decided").node == f"{MARKET}/east/east-1/c-10", "what was decided stays"


@pytest.mark.parametrize("act", ["divide", "join"])
def test_open_pages_hear_that_rights_have_moved(store: sessionmaker[Session], act: str) -> None:
    with store.begin() as s:
        if act == "divide":
            rebuild.divide(s, actor(s, "zhou"), "c-10", PARTS, NOON)
        else:
            rebuild.join(s, actor(s, "zhou"), ["c-10", "c-11"], WHOLE, NOON)
    with store() as s:
        assert s.query(Line).order_by(Line.id.desc()).limit(1).one().act in evidence.RIGHTS


def test_a_tenant_who_was_to_leave_later_leaves_with_the_premises(s: Session) -> None:
    zhou = actor(s, "zhou")
    firm = business.add(s, zhou, Pair("老刘百货", "Liu's"), NOON)
    business.let(s, zhou, firm.id, "c-10", TODAY, NOON)
    s.flush()
    business.leave(s, zhou, firm.id, "c-10", TODAY + 30 * DAY, NOON)
    rebuild.divide(s, zhou, "c-10", PARTS, LATER)
    assert s.query(Tenancy).where(Tenancy.shop == "c-10").one().ends == LATER.date()
    assert firm.primary_shop is None


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


def test_of_two_who_divide_or_join_the_same_shop_one_does(database: Engine) -> None:
    def divides(s: Session) -> None:
        rebuild.divide(s, actor(s, "zhou"), "c-10", PARTS, NOON)

    def joins(s: Session) -> None:
        rebuild.join(s, actor(s, "zhou"), ["c-10", "c-11"], WHOLE, NOON)

    assert at_once(database, divides, joins) == ["", "shop.ended"]


def test_of_two_who_divide_a_shop_and_let_it_one_does_or_the_tenant_leaves(database: Engine) -> None:
    with sessions(database).begin() as s:
        firm = business.add(s, actor(s, "zhou"), Pair("老刘百货", "Liu's"), NOON).id

    def divides(s: Session) -> None:
        rebuild.divide(s, actor(s, "zhou"), "c-10", PARTS, NOON)

    def lets(s: Session) -> None:
        business.let(s, actor(s, "zhou"), firm, "c-10", TODAY, NOON)

    assert at_once(database, divides, lets) in (["", ""], ["", "shop.ended"])
    with sessions(database)() as s:
        assert s.query(Tenancy).where(Tenancy.shop == "c-10").all() == []
