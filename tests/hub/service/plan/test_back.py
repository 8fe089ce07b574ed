"""A plan does not undo what was decided since, and its new numbers are what it said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hub.core.versions import apart
from hub.service import placement
from hub.service.plan import apply, draw, hand, solved
from hub.service.plan.draw import Wish
from hub.service.plan.hand import Move
from hub.store.market import Grid, Shop, ShopGroup
from tests.hub.service.plan.test_life import DAY, TO_WEST, TODAY, approved, drafted, moved, refusal
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.store.plan import Plan


def elected(s: Session, group: str, shop: str, day: date) -> None:
    placement.seat_centre(s, group, shop, day)
    placement.project(s, MARKET, day)


def with_centre(s: Session, group: str, shop: str, day: date) -> Plan:
    """A draft that gives a group another centre, as a solver's does."""
    row = drafted(s, TO_WEST, day=day)
    drawing = hand.drawn(s, actor(s, "zhou"), row.id, [], NOON)
    wanted = replace(drawing.wanted, centres=drawing.wanted.centres | {group: shop})
    return hand.keep(s, actor(s, "zhou"), row.id, row.revision, replace(drawing, wanted=wanted), NOON)


def test_a_premises_that_came_into_a_group_since_is_not_left_behind_by_an_undo(s: Session) -> None:
    row = approved(s, drafted(s, TO_WEST))
    like = s.get_one(Shop, "c-20")
    columns = {column.name: getattr(like, column.name) for column in Shop.__table__.columns}
    s.add(Shop(**columns | {"id": "c-99", "begins": TODAY}))
    placement.settle(s, MARKET, TODAY)
    with refusal("plan.since"):
        apply.undo(s, actor(s, "jia"), row.id, "不行", NOON)
    assert apart(placement.seats(s, MARKET, TODAY)) == []


def test_a_plan_gives_a_group_its_centre(s: Session) -> None:
    approved(s, with_centre(s, "east-2", "c-21", TODAY))
    assert placement.centres(s, MARKET, TODAY)["east-2"] == "c-21"


def test_a_centre_that_was_elected_since_the_plan_was_drawn_stays_it(s: Session) -> None:
    approved(s, with_centre(s, "east-2", "c-21", TODAY + DAY))
    elected(s, "east-2", "c-22", TODAY)
    assert apply.due(s, NOON + DAY) == 1
    assert s.get_one(Shop, "c-22").grid == "west", "the plan holds"
    assert s.get_one(ShopGroup, "east-2").centre == "c-22"


def test_a_centre_that_was_elected_since_the_plan_was_applied_stays_it(s: Session) -> None:
    row = approved(s, drafted(s, Move(("c-10",), None, "new")))
    elected(s, "east-1", "c-11", TODAY + DAY)
    apply.undo(s, actor(s, "jia"), row.id, "不行", NOON + 2 * DAY)
    assert s.get_one(Shop, "c-10").group == "east-1"
    assert placement.centres(s, MARKET, TODAY + 2 * DAY)["east-1"] == "c-11"


def test_new_groups_get_the_numbers_that_the_change_list_shows(s: Session) -> None:
    row = drafted(s, Move(("c-10",), None, "new"), Move(("c-20",), None, "new"), Move(("c-31",), None, "new"))
    row = moved(s, row, Move(("c-32",), None, "new"))
    shown = {one["id"]: one["number"] for one in row.figures["groups"] if one["new"]}
    approved(s, row)
    assert {group: s.get_one(ShopGroup, group).number for group in shown} == shown
    assert sorted(shown.values()) == [5, 6, 7, 8]


def test_a_new_grid_is_not_called_as_one_that_has_ended(s: Session) -> None:
    words = {"name_zh": "第 7 网格", "name_en": "Grid 7", "tint": 0}
    s.add(Grid(id="old", market=MARKET, number=7, **words, begins=TODAY - DAY, ends=TODAY))
    row = draw.create(s, actor(s, "zhou"), Wish("grids", "四格", TODAY, {"grid": {"grids": 4}}), NOON)
    question = solved.begin(s, row.id, NOON)
    assert question is not None
    assert [one["en"] for one in question.new_grids.values()] == ["Grid 8", "Grid 9"]
    assert sorted(question.new_grids) == list(question.new_grids), "and their numbers are of that order"
