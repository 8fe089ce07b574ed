"""Components are looked at in time, and shops are visited once and then left in peace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core import component as words
from hub.core.component import Limits
from hub.core.refuse import Refused
from hub.service import component, limit, premises, registered, survey
from hub.service.component import Given
from hub.service.registered import Filters
from hub.store.component import Component, ComponentCheck, Survey
from hub.store.evidence import Line
from hub.store.market import Shop
from hub.store.people import Grant
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
SHOP, OTHER = "c-10", "c-30"
"""A shop of the eastern grid, and one of the western."""
IN_SHOP = Given("extinguisher", "shop", "门口左侧", shop=SHOP)
IN_AISLE = Given("hydrant", "fire", "通道口", x=2.0, y=20.0)


def listed(s: Session, who: str, filters: Filters | None = None, later: timedelta = 0 * DAY) -> list[Any]:
    s.flush()
    found = registered.listing(s, actor(s, who), filters or Filters(), NOON + later)["components"]
    assert isinstance(found, list)
    return found


def acts(s: Session) -> list[str]:
    s.flush()
    return list(s.scalars(select(Line.act).order_by(Line.id)))


def test_one_in_an_aisle_belongs_to_the_grid_of_the_nearest_shop(s: Session) -> None:
    made = component.add(s, actor(s, "shen"), IN_AISLE, NOON)
    assert (made.near, made.inside, made.condition) == (SHOP, False, "good")
    (row,) = listed(s, "qiu")
    assert (row["grid"], row["standing"]["id"], row["owner"]["zh"]) == ("east", "good", "消防部门")
    assert listed(s, "tao") == []


def test_it_goes_with_its_shop_into_another_grid(s: Session) -> None:
    component.add(s, actor(s, "shen"), IN_SHOP, NOON)
    shop = s.get_one(Shop, SHOP)
    shop.grid, shop.group = "west", "west-3"
    assert [row["grid"] for row in listed(s, "tao")] == ["west"]
    assert listed(s, "qiu") == []


@pytest.mark.parametrize("who", ["tao", "li", "lin", "han", "ji"])
def test_nobody_else_enters_one_there(s: Session, who: str) -> None:
    with pytest.raises(Refused, match="This is for"):
        component.add(s, actor(s, who), IN_SHOP, NOON)


def test_a_leader_does_not_move_one_into_another_leaders_grid(s: Session) -> None:
    made = component.add(s, actor(s, "shen"), IN_SHOP, NOON)
    s.flush()
    with pytest.raises(Refused, match="This is for"):
        component.change(s, actor(s, "shen"), made.id, Given("light", "shop", "里间", shop=OTHER), NOON)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (Given("drone", "shop", "门口", shop=SHOP), "Choose one of"),
        (Given("light", "somebody", "门口", shop=SHOP), "Choose one of"),
        (Given("light", "shop", "门口"), "point to its place"),
        (Given("light", "shop", "门口", x=500.0, y=1.0), "outside the market"),
        (Given("light", "shop", "门口", shop="c-99"), "no such shop"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(s: Session, given: Given, why: str) -> None:
    with pytest.raises(Refused, match=why):
        component.add(s, actor(s, "zhou"), given, NOON)


def test_after_ninety_days_an_entry_is_stale_and_comes_first(s: Session) -> None:
    zhou = actor(s, "zhou")
    old = component.add(s, zhou, IN_AISLE, NOON - 90 * DAY)
    fresh = component.add(s, zhou, IN_AISLE, NOON - 89 * DAY)
    rows = listed(s, "zhou")
    assert [(row["id"], row["standing"]["id"]) for row in rows] == [(old.id, "stale"), (fresh.id, "good")]
    assert [row["id"] for row in listed(s, "zhou", Filters(due=True))] == [old.id]
    page = registered.listing(s, zhou, Filters(), NOON)
    assert [(one["all"], one["stale"], one["faulty"]) for one in page["kinds"]] == [(2, 1, 0)]
    component.check(s, zhou, old.id, "good", "", NOON)
    assert listed(s, "zhou", Filters(due=True)) == []


def test_the_day_turns_at_the_markets_midnight(s: Session) -> None:
    made = component.add(s, actor(s, "zhou"), IN_AISLE, NOON)
    before = 90 * DAY - timedelta(hours=12, seconds=1)
    assert listed(s, "zhou", Filters(due=True), before) == []
    assert [row["id"] for row in listed(s, "zhou", Filters(due=True), before + timedelta(seconds=1))] == [
        made.id
    ]


def test_pages_hold_each_component_once(s: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registered, "MOST", 2)
    zhou = actor(s, "zhou")
    made = {component.add(s, zhou, IN_AISLE, NOON - number // 2 * DAY).id for number in range(5)}
    s.flush()
    found: list[str] = []
    more = True
    while more:
        filters = Filters(after=found[-1] if found else None)
        page = registered.listing(s, zhou, filters, NOON)
        found += [row["id"] for row in page["components"]]
        more = page["more"]
    assert len(found) == 5
    assert set(found) == made


def test_one_that_was_taken_away_is_gone_and_what_was_found_stays(s: Session) -> None:
    zhou = actor(s, "zhou")
    made = component.add(s, zhou, IN_AISLE, NOON)
    s.flush()
    component.check(s, zhou, made.id, "faulty", "水带缺失", NOON)
    component.remove(s, zhou, made.id, NOON)
    assert listed(s, "zhou") == []
    with pytest.raises(Refused, match="no such component"):
        component.check(s, zhou, made.id, "good", "", NOON)
    assert [row.condition for row in s.scalars(select(ComponentCheck))] == ["faulty"]
    assert acts(s)[-3:] == ["component.add", "component.check", "component.remove"]


# Visits


@pytest.fixture
def equipped(s: Session) -> list[str]:
    """Two components inside a shop, entered long ago; their ids."""
    zhou, begun = actor(s, "zhou"), NOON - 100 * DAY
    made = [
        component.add(s, zhou, IN_SHOP, begun),
        component.add(s, zhou, Given("shutter", "shop", "门", shop=SHOP), begun),
    ]
    s.flush()
    return [one.id for one in made]


def visit(s: Session, ids: list[str], later: timedelta = 0 * DAY, **conditions: str) -> Survey:
    found = {one: conditions.get(f"c{place}", "good") for place, one in enumerate(ids)}
    return survey.make(s, actor(s, "qiu"), SHOP, found, "", NOON + later)


def test_a_visit_looks_at_all_that_is_there_at_once(s: Session, equipped: list[str]) -> None:
    visit(s, equipped, c1="faulty")
    s.flush()
    rows = {row.id: row for row in s.scalars(select(Component))}
    assert [rows[one].condition for one in equipped] == ["good", "faulty"]
    assert {rows[one].verified_at for one in equipped} == {NOON}
    assert s.get_one(Shop, SHOP).verified_at == NOON
    assert all(row.survey for row in s.scalars(select(ComponentCheck)))


def test_what_is_left_out_is_named(s: Session, equipped: list[str]) -> None:
    with pytest.raises(Refused, match="shutter"):
        survey.make(s, actor(s, "qiu"), SHOP, {equipped[0]: "good"}, "", NOON)
    with pytest.raises(Refused, match="nothing else"):
        survey.make(s, actor(s, "qiu"), SHOP, dict.fromkeys([*equipped, "other"], "good"), "", NOON)


def test_no_second_visit_within_thirty_days(s: Session, equipped: list[str]) -> None:
    visit(s, equipped)
    s.flush()
    with pytest.raises(Refused, match="2026-12-22 or later"):
        visit(s, equipped, 29 * DAY)
    with pytest.raises(Refused, match="2026-12-22 or later"):
        component.check(s, actor(s, "qiu"), equipped[0], "good", "", NOON + 29 * DAY)
    assert premises.page(s, actor(s, "qiu"), SHOP, NOON)["free_from"] == "2026-12-22"
    visit(s, equipped, 30 * DAY)
    assert len(s.scalars(select(Survey)).all()) == 2


def test_what_is_wrong_may_be_told_and_seen_to_at_any_time(s: Session, equipped: list[str]) -> None:
    visit(s, equipped)
    s.flush()
    component.check(s, actor(s, "wu"), equipped[0], "missing", "", NOON + DAY)
    s.flush()
    visit(s, equipped, 2 * DAY)
    s.flush()
    with pytest.raises(Refused, match="or later"):
        visit(s, equipped, 3 * DAY)


def test_a_market_sets_its_own_gap(s: Session, equipped: list[str]) -> None:
    limit.put(s, actor(s, "zhou"), Limits(60, 7, 12), NOON)
    visit(s, equipped)
    s.flush()
    visit(s, equipped, 7 * DAY)
    assert limit.of(s, MARKET) == Limits(60, 7, 12)
    with pytest.raises(Refused, match="between 1 and"):
        limit.put(s, actor(s, "zhou"), Limits(0, 7, 12), NOON)
    with pytest.raises(Refused, match="This is for"):
        limit.put(s, actor(s, "shen"), Limits(), NOON)


def test_a_shop_keeper_sees_the_own_shop_and_no_other(s: Session, equipped: list[str]) -> None:
    s.get_one(Grant, "li-shop").node = f"{MARKET}/east/east-1/{SHOP}"
    s.flush()
    li = actor(s, "li")
    assert {row["id"] for row in listed(s, "li")} == set(equipped)
    assert premises.page(s, li, SHOP, NOON)["may"] is False
    with pytest.raises(Refused, match="This is for"):
        premises.page(s, li, "c-11", NOON)
    assert registered.history(s, li, equipped[0]) == []


@pytest.mark.parametrize(
    ("condition", "days", "standing"),
    [("good", 89, "good"), ("good", 90, "stale"), ("faulty", 200, "faulty"), ("missing", 0, "missing")],
)
def test_what_is_said_of_one_first(condition: str, days: int, standing: str) -> None:
    assert words.standing(condition, TODAY - days * DAY, TODAY, Limits()) == standing
