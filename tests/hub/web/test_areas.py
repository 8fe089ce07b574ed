"""The tree above the market, at the administrator's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.store.market import Area, Market
from tests.hub.town import MARKET
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen


def make(page: Page, kind: str, zh: str, en: str, parent: str = "") -> None:
    page.get_by_label("类别").select_option(label=kind)
    if parent:
        page.get_by_label("属于哪个区").select_option(label=parent)
    page.get_by_label("名称（中文）").fill(zh)
    page.get_by_label("名称（英文）").fill(en)
    page.get_by_role("button", name="新建", exact=True).click()
    expect(page.locator("form").get_by_role("status")).to_contain_text(f"已新建 {zh}")


def test_an_administrator_makes_a_district_and_a_street_and_puts_the_market_there(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("ji", path="/#/areas", ready=".office form")
    expect(page.locator("main")).to_contain_text("还没有归属街道或区")
    make(page, "区", "清河区", "Qinghe District")
    make(page, "街道", "运达街道", "Yunda Street", "清河区")
    expect(page.locator(".tree li")).to_have_count(2)
    street = page.locator(".tree .below")
    street.get_by_role("button", name="把本市场放到这里").click()
    expect(street.locator(".ask")).to_contain_text("马上生效")
    street.locator(".ask .primary").click()
    expect(page.locator(".here")).to_contain_text("现在归：清河区 › 运达街道")
    with store() as s:
        row = s.get_one(Area, s.get_one(Market, MARKET).area)
        assert (row.kind, row.name_en) == ("street", "Yunda Street")
    make(page, "街道", "空街道", "Empty Street")
    empty = page.locator(".tree li", has_text="空街道")
    empty.get_by_role("button", name="删除").click()
    expect(empty).to_have_count(0)


def test_who_may_not_has_no_such_page(sit: Callable[..., Page]) -> None:
    page = sit("zhou", path="/#/people", ready=".tabs")
    assert page.get_by_role("link", name="街道与区").count() == 0
    page.goto("/#/areas")
    expect(page.get_by_role("alert").first).to_contain_text("系统管理员")


@pytest.mark.long
@in_every_look
def test_the_tree_at_its_real_sizes(
    how: Look, sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    size, lang, theme = how
    with store.begin() as s:
        for one, kind, parent, zh, en in (
            ("top", "district", None, "清河区", "Qinghe District"),
            ("one", "street", "top", "运达街道", "Yunda Street"),
            ("two", "street", "top", "信达街道", "Xinda Street"),
            ("alone", "street", None, "东街道", "East Street"),
        ):
            s.add(Area(id=one, kind=kind, parent=parent, name_zh=zh, name_en=en))
            s.flush()
        s.get_one(Market, MARKET).area = "one"
    page = sit("ji", size=size, lang=lang, theme=theme, path="/#/areas", ready=".tree li")
    page.locator(".tree li .btn").first.click()
    page.locator(".ask").wait_for()
    look(page, f"areas-{named(how)}")
