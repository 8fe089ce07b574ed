"""A plan is of the market as it was when it was drawn; where that is no more, it is not applied."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.service import placement
from hub.service.plan import apply, decide
from hub.service.plan.hand import Move
from hub.store.evidence import Line
from hub.store.market import Grid, Market, Shop
from hub.store.plan import Plan
from tests.hub.service.plan.test_life import DAY, TO_WEST, TODAY, approved, drafted, moved, refusal
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    import pytest
    from sqlalchemy.orm import Session

LAST = ("c-40", "c-41", "c-42")
"""All of the west's second group."""


def test_a_plan_into_a_group_that_has_ended_is_not_submitted(s: Session) -> None:
    late = drafted(s, Move(("c-30",), None, "west-4"))
    approved(s, drafted(s, Move(LAST, None, "west-3")))
    with refusal("plan.stale"):
        decide.submit(s, actor(s, "zhou"), late.id, NOON)


def test_nor_when_it_was_edited_since(s: Session) -> None:
    late = drafted(s, Move(("c-30",), None, "west-4"))
    approved(s, drafted(s, Move(LAST, None, "west-3")))
    moved(s, late, Move(("c-31",), None, "new"))
    with refusal("plan.stale"):
        decide.submit(s, actor(s, "zhou"), late.id, NOON)


def test_a_plan_into_a_grid_that_has_ended_is_not_submitted(s: Session) -> None:
    late = drafted(s, TO_WEST)
    approved(s, drafted(s, Move(("c-30", "c-31", "c-32", *LAST), "east", None)))
    assert s.get_one(Grid, "west").ends == TODAY
    with refusal("plan.stale"):
        decide.submit(s, actor(s, "zhou"), late.id, NOON)


def test_a_group_that_ends_before_its_day_makes_a_draft_of_the_plan_again(s: Session) -> None:
    row = approved(s, drafted(s, Move(("c-30",), None, "west-4"), day=TODAY + DAY))
    left = [placement.seats(s, MARKET, TODAY)[shop] for shop in LAST]
    for shop in LAST:
        s.get_one(Shop, shop).group = "west-3"
    placement.settle(s, MARKET, TODAY)
    placement.end_empty(s, left, placement.seats(s, MARKET, TODAY), TODAY)
    assert apply.due(s, NOON + DAY) == 1
    assert row.state == "draft"
    assert s.get_one(Shop, "c-30").group == "west-3"


def test_a_plan_that_cannot_be_applied_holds_up_no_other(
    s: Session, caplog: pytest.LogCaptureFixture
) -> None:
    s.add(Market(id="bei", name_zh="北市", name_en="North", x0=0, y0=0, x1=9, y1=9, zone="Asia/Shanghai"))
    s.flush()
    row = approved(s, drafted(s, TO_WEST, day=TODAY + DAY))
    columns = {column.name: getattr(row, column.name) for column in Plan.__table__.columns}
    lost = {"grid_centres": {"no-such-grid": "c-10"}}
    s.add(Plan(**columns | {"id": "0-first", "market": "bei", "effective": TODAY, "made": lost}))
    s.flush()
    assert apply.due(s, NOON + DAY) == 1
    assert row.state == "applied"
    assert s.get_one(Plan, "0-first", populate_existing=True).state == "approved"
    assert "plan 0-first could not be applied" in caplog.text
    assert [line.market for line in s.query(Line).where(Line.act == "plan.apply")] == [MARKET]


def test_a_plan_with_groups_of_its_own_is_not_stale_for_them(s: Session) -> None:
    row = approved(s, drafted(s, Move(("c-10",), None, "new")), NOON + timedelta(hours=1))
    assert row.state == "applied"
