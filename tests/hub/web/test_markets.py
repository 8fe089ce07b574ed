"""Who has several markets says which one a window is about; who has one is never asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.store.market import Area, Market
from hub.store.people import Grant, Person
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

CHOOSER = "main ul .market"


@pytest.fixture
def two(store: sessionmaker[Session]) -> None:
    """Jia answers for a street with two markets; Xin has something in the other one only."""
    with store.begin() as s:
        s.add(Area(id="east-street", kind="street", parent=None, name_zh="东街道", name_en="East Street"))
        s.flush()
        s.add(
            Market(
                id="xinda",
                name_zh="信达市场",
                name_en="Xinda Market",
                x0=0,
                y0=0,
                x1=9,
                y1=9,
                zone="Asia/Shanghai",
                area="east-street",
            )
        )
        s.get_one(Market, MARKET).area = "east-street"
        s.get_one(Grant, "jia-district").node = "@east-street"
        xin = s.get_one(Person, "xin")
        xin.login, xin.password_hash = "xin", "hash of xin"
        s.get_one(Grant, "xin-volunteer").node = "xinda"
        s.add(Grant(id="xin-monitor", person="xin", role="monitor", node="xinda"))


@pytest.mark.usefixtures("two")
def test_an_officer_chooses_by_one_key_and_the_window_stays_with_it(sit: Callable[..., Page]) -> None:
    page = sit("jia", ready=CHOOSER)
    expect(page.locator(CHOOSER)).to_have_count(2)
    expect(page.locator(CHOOSER).first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(CHOOSER).last).to_be_focused()
    with page.expect_response("**/api/wall") as wall:
        page.keyboard.press("1")
    assert wall.value.request.headers["x-market"] == "xinda"
    expect(page.locator(".top")).to_contain_text("信达市场")
    page.reload()
    expect(page.locator(".top")).to_contain_text("信达市场")
    other = page.context.new_page()
    other.goto("/")
    other.locator(CHOOSER).first.wait_for()
    other.close()
    page.locator(".who").first.click()
    page.get_by_role("button", name="换市场").click()
    page.locator(CHOOSER).first.wait_for()
    page.keyboard.press("2")
    expect(page.locator(".top")).to_contain_text("运达市场")


@pytest.mark.usefixtures("two")
def test_who_has_one_market_is_not_asked_even_where_it_is_not_their_own(sit: Callable[..., Page]) -> None:
    page = sit("xin", ready=".top")
    expect(page.locator(".top")).to_contain_text("信达市场")
    expect(page.locator(CHOOSER)).to_have_count(0)
    page.locator(".who").first.click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    expect(page.get_by_role("button", name="换市场")).to_have_count(0)


@pytest.mark.usefixtures("two")
def test_a_market_that_somebody_lost_is_not_entered_again(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("jia", ready=CHOOSER)
    page.keyboard.press("1")
    expect(page.locator(".top")).to_contain_text("信达市场")
    with store.begin() as s:
        s.get_one(Grant, "jia-district").node = MARKET
    page.reload()
    expect(page.locator(".top")).to_contain_text("运达市场")
