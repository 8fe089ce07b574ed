"""What is wrong with the drawing, each with its place, beside the files that bring it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.store.market import Market, Shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen


def test_a_shop_that_lies_over_another_is_shown_where_it_is_and_the_place_on_earth_is_kept(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as session:
        session.get_one(Shop, "c-10").ring = session.get_one(Shop, "c-11").ring
    page = sit("zhou", path="/#/market/import", ready=".faults ol button")
    wrong = page.locator(".faults ol button", has_text="c-10").first
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".faults .mark.chosen")).to_have_count(1)
    for label, degrees in (("原点经度", "113.2"), ("原点纬度", "23.1")):
        page.get_by_label(label).fill(degrees)
    page.locator(".faults form button").click()
    expect(page.locator(".faults [role=status]")).to_contain_text("已存")
    with store() as session:
        market = session.query(Market).one()
        assert (market.lon, market.lat) == (113.2, 23.1)
