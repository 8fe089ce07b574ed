"""The page of the market's plan stands, whatever became of one grid."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.service import market
from hub.store.market import Grid
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

TODAY = NOON.date()
LONG_AGO = TODAY - timedelta(days=900)


@pytest.mark.parametrize(
    ("begins", "ends"), [(LONG_AGO, TODAY), (TODAY + timedelta(days=1), None)], ids=["ended", "to come"]
)
def test_shops_of_a_grid_that_does_not_hold_are_shown_where_they_are(
    s: Session, begins: date, ends: date | None
) -> None:
    west = s.get_one(Grid, "west")
    west.begins, west.ends = begins, ends
    s.flush()
    shown = market.plan(s, MARKET, TODAY)
    grids = [shown["grids"][index]["id"] for index in shown["shops"]["grid"]]
    assert grids == ["east"] * 6 + ["west"] * 6
