"""The market's page: its ground by grid, group and trade, on any day, by mouse and by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.store.market import Shop
from tests.hub.web.test_imports_page import choose
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

GROUND = ".frame-of-plan svg.plan"


@pytest.fixture
def ground(sit: Callable[..., Page], store: sessionmaker[Session]) -> Page:
    """The manager before the plan of the ground, on which one shop is closed."""
    with store.begin() as session:
        session.get_one(Shop, "c-10").open = False
    return sit("zhou", path="/#/market", ready=GROUND)


def test_the_plan_says_who_is_in_which_grid_and_who_is_closed(ground: Page) -> None:
    expect(ground.locator(".balance tbody tr")).to_have_count(2)
    expect(ground.locator(".balance tbody tr").first).to_contain_text("东格")
    expect(ground.locator(".foot")).to_contain_text("停业 1")
    ground.keyboard.press("3")
    expect(ground.locator(".foot")).to_contain_text("营业 11")
    ground.keyboard.press("2")
    expect(ground.locator(".groupline")).to_have_count(4)


def test_every_shop_is_reached_by_keys_alone(ground: Page) -> None:
    ground.keyboard.press("f")
    shop = ground.locator("[data-shop]:focus")
    expect(shop).to_have_count(1)
    first = shop.get_attribute("aria-label")
    ground.keyboard.press("ArrowRight")
    expect(shop).not_to_have_attribute("aria-label", first or "")
    ground.keyboard.press("Space")
    expect(ground.locator(".here")).to_contain_text("组")
    ground.keyboard.press("Escape")
    expect(ground.locator(".here")).to_have_count(0)


def test_another_day_is_said_loudly_and_today_is_one_press_away(ground: Page) -> None:
    ground.locator(".day .btn").nth(1).click()
    expect(ground.locator(".other")).to_contain_text("还没到")
    ground.get_by_role("button", name="今天").click()
    expect(ground.locator(".other")).to_have_count(0)


def test_shops_come_in_from_a_file_beside_the_plan(ground: Page, store: sessionmaker[Session]) -> None:
    ground.get_by_role("link", name="导入导出").click()
    ground.locator(".drop").wait_for()
    choose(ground, ["编号,商铺名称,网格,门口横坐标,门口纵坐标", "k-1,岗亭,east,2.5,30", "k-2,,east,2.5,36"])
    expect(ground.locator("main tbody tr")).to_have_count(1)
    ground.get_by_role("button", name="只导入没问题的 1 行").click()
    expect(ground.get_by_role("status").last).to_contain_text("已导入：新增 1")
    with store() as session:
        assert session.get_one(Shop, "k-1").name_zh == "岗亭"
        assert session.get(Shop, "k-2") is None


def test_the_drawn_plan_goes_out_and_comes_in_again_as_it_was(ground: Page) -> None:
    ground.get_by_role("link", name="导入导出").click()
    ground.get_by_role("button", name="平面图").click()
    with ground.expect_download() as given:
        ground.get_by_role("button", name="下载 GeoJSON").click()
    ground.locator("input[type=file]").set_input_files(given.value.path())
    expect(ground.locator(".sum")).to_contain_text("不变")
    expect(ground.locator("main")).to_contain_text("共 17 行")


@pytest.mark.long
@in_every_look
def test_the_plan_at_its_real_sizes(how: Look, sit: Callable[..., Page]) -> None:
    size, lang, theme = how
    page = sit("zhou", size=size, lang=lang, theme=theme, path="/#/market", ready=GROUND)
    look(page, f"market-grids-{named(how)}")
    for key, what in (("2", "groups"), ("3", "open")):
        page.keyboard.press(key)
        page.locator(f"input[value={what.removesuffix('s')}]:checked").wait_for()
        look(page, f"market-{what}-{named(how)}")
    page.goto("/#/market/import")
    page.locator(".drop").wait_for()
    look(page, f"market-import-{named(how)}")
