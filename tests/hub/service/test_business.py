"""Businesses apart from their premises: two grids care for one with two stalls, and one answers first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import business, contact, premises, rebuild, survey
from hub.service.rebuild import Made
from hub.store.evidence import Line
from hub.store.people import Grant
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.store.business import Business

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
EAST, WEST = "c-10", "c-30"


@pytest.fixture
def trader(s: Session) -> Business:
    """A business with a stall in either grid."""
    zhou = actor(s, "zhou")
    row = business.add(s, zhou, Pair("锦程纺织", "Jincheng Textiles"), NOON)
    for shop in (EAST, WEST):
        business.let(s, zhou, row.id, shop, TODAY - 10 * DAY, NOON)
        s.flush()
    return row


def listed(
    s: Session, who: str, words: str = "", *, several: bool = False, later: timedelta = 0 * DAY
) -> list[Any]:
    s.flush()
    found = business.listing(s, actor(s, who), words, several, None, NOON + later)["businesses"]
    assert isinstance(found, list)
    return found


def test_both_grids_leaders_see_it_and_the_primary_ones_grid_stands_first(
    s: Session, trader: Business
) -> None:
    for who in ("shen", "qiu", "tao", "zhou"):
        (row,) = listed(s, who, several=True)
        assert [grid["id"] for grid in row["grids"]] == ["east", "west"]
    business.lead(s, actor(s, "zhou"), trader.id, WEST, NOON)
    assert [grid["id"] for grid in listed(s, "shen")[0]["grids"]] == ["west", "east"]


def test_either_grids_leader_visits_either_stall_and_finds_its_contact(s: Session, trader: Business) -> None:
    s.add(Grant(id="tao-leader", person="tao", role="leader", node=f"{MARKET}/west"))
    s.flush()
    shen, tao = actor(s, "shen"), actor(s, "tao")
    contact.put(s, shen, EAST, "李商", "owner", "0571 8765 4321", NOON)
    s.flush()
    assert contact.look(s, tao, EAST, "西格摊位漏水，找负责人", None, NOON)[0]["name"] == "李商"
    assert survey.make(s, tao, EAST, {}, "", NOON).by == "tao"
    assert premises.page(s, tao, EAST, NOON)["may"]
    with pytest.raises(Refused, match="This is for"):
        survey.make(s, tao, "c-11", {}, "", NOON)
    business.leave(s, actor(s, "zhou"), trader.id, WEST, TODAY, NOON)
    s.flush()
    with pytest.raises(Refused, match="This is for"):
        contact.look(s, tao, EAST, "还想再问一下", None, NOON)


def test_with_one_stall_left_one_grid_cares_for_it_and_that_stall_is_primary(
    s: Session, trader: Business
) -> None:
    business.leave(s, actor(s, "zhou"), trader.id, EAST, TODAY, NOON)
    s.flush()
    assert trader.primary_shop == WEST
    assert listed(s, "zhou", several=True) == []
    assert listed(s, "shen") == []
    (row,) = listed(s, "tao")
    assert [(one["shop"]["id"], one["now"]) for one in row["shops"]] == [(EAST, False), (WEST, True)]


def test_a_shop_is_let_to_one_business_at_a_time(s: Session, trader: Business) -> None:
    zhou = actor(s, "zhou")
    other = business.add(s, zhou, Pair("恒达五金", "Hengda Hardware"), NOON)
    with pytest.raises(Refused, match="Jincheng Textiles"):
        business.let(s, zhou, other.id, EAST, TODAY, NOON)
    business.leave(s, zhou, trader.id, EAST, TODAY + 5 * DAY, NOON)
    s.flush()
    with pytest.raises(Refused, match="is let to"):
        business.let(s, zhou, other.id, EAST, TODAY + 4 * DAY, NOON)
    business.let(s, zhou, other.id, EAST, TODAY + 5 * DAY, NOON)
    s.flush()
    tenants = premises.page(s, zhou, EAST, NOON)["tenancies"]
    assert [(one["business"]["name"]["zh"], one["ends"]) for one in tenants] == [
        ("恒达五金", None),
        ("锦程纺织", "2026-11-27"),
    ]


def test_a_tenancy_does_not_end_before_it_began_and_only_ones_own_ends(s: Session, trader: Business) -> None:
    zhou = actor(s, "zhou")
    with pytest.raises(Refused, match="later day"):
        business.leave(s, zhou, trader.id, EAST, TODAY - 10 * DAY, NOON)
    with pytest.raises(Refused, match="does not have this shop"):
        business.leave(s, zhou, trader.id, "c-11", TODAY, NOON)
    with pytest.raises(Refused, match="does not have this shop"):
        business.lead(s, zhou, trader.id, "c-11", NOON)


@pytest.mark.parametrize("who", ["shen", "wu", "li", "lin", "jia"])
def test_others_enter_none(s: Session, trader: Business, who: str) -> None:
    with pytest.raises(Refused, match="This is for"):
        business.let(s, actor(s, who), trader.id, "c-11", TODAY, NOON)


def test_one_without_a_shop_is_for_those_who_see_the_whole_market(s: Session) -> None:
    made = business.add(s, actor(s, "zhou"), Pair("新商行", "New Traders"), NOON)
    assert [row["id"] for row in listed(s, "zhou", "新商")] == [made.id]
    assert listed(s, "shen") == []
    assert listed(s, "zhou", "不存在") == []
    with pytest.raises(Refused, match="This is for"):
        business.one(s, actor(s, "shen"), made.id, NOON)
    assert s.scalars(select(Line.act).where(Line.act.startswith("business"))).all() == ["business.add"]


def test_premises_that_are_no_more_or_not_yet_there_are_not_let(s: Session, trader: Business) -> None:
    zhou = actor(s, "zhou")
    ring = ((5.0, 10.0), (7.0, 10.0), (7.0, 18.0), (5.0, 18.0))
    parts = [Made(f"c-11{one}", "x", "x", ring, (6.0, 18.0)) for one in ("a", "b")]
    rebuild.divide(s, zhou, "c-11", parts, NOON)
    for begins in (TODAY - DAY, TODAY + DAY):
        with pytest.raises(Refused, match="no more"):
            business.let(s, zhou, trader.id, "c-11", begins, NOON)
    with pytest.raises(Refused, match="since 2026-11-22"):
        business.let(s, zhou, trader.id, "c-11a", TODAY - DAY, NOON)
    business.let(s, zhou, trader.id, "c-11a", TODAY, NOON)


def test_whoever_gives_a_stall_up_on_a_later_day_is_cared_for_there_until_then(
    s: Session, trader: Business
) -> None:
    s.add(Grant(id="tao-leader", person="tao", role="leader", node=f"{MARKET}/west"))
    s.flush()
    business.leave(s, actor(s, "zhou"), trader.id, EAST, TODAY + 5 * DAY, NOON)
    assert trader.primary_shop == EAST
    (row,) = listed(s, "zhou", several=True)
    assert [grid["id"] for grid in row["grids"]] == ["east", "west"]
    assert premises.page(s, actor(s, "tao"), EAST, NOON + 4 * DAY)["may"]
    later = NOON + 5 * DAY
    with pytest.raises(Refused, match="This is for"):
        survey.make(s, actor(s, "tao"), EAST, {}, "", later)
    (row,) = listed(s, "zhou", later=5 * DAY)
    assert [(one["shop"]["id"], one["primary"]) for one in row["shops"]] == [(EAST, False), (WEST, True)]


def test_nobody_cares_for_a_stall_before_its_business_has_come(s: Session) -> None:
    s.add(Grant(id="tao-leader", person="tao", role="leader", node=f"{MARKET}/west"))
    zhou = actor(s, "zhou")
    row = business.add(s, zhou, Pair("锦程纺织", "Jincheng Textiles"), NOON)
    business.let(s, zhou, row.id, EAST, TODAY, NOON)
    business.let(s, zhou, row.id, WEST, TODAY + DAY, NOON)
    s.flush()
    with pytest.raises(Refused, match="This is for"):
        survey.make(s, actor(s, "tao"), EAST, {}, "", NOON)
    assert survey.make(s, actor(s, "tao"), EAST, {}, "", NOON + DAY).by == "tao"
