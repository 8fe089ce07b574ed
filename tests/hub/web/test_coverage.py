"""Coverage on the market's page: what is seen, a camera turned, where none may look, the filing sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.store.camera import Camera
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

SEEN, SHEET = ".seenarea", ".filing tbody tr"
TURN = "g.held > g:nth-of-type(1) .hit"


@pytest.fixture
def cover(sit: Callable[..., Page]) -> Page:
    """The manager before what cameras see."""
    page = sit("zhou", path="/#/market/coverage", ready="aside .truth")
    page.locator(SEEN).first.wait_for(state="attached")
    return page


def held(page: Page) -> Page:
    """With a camera in hand."""
    page.locator(".find input").fill("c-3-2")
    page.locator("aside button.hit").click()
    page.locator("path[data-tried]").wait_for(state="attached")
    return page


def test_the_truth_stands_beside_the_claim_and_blind_spots_have_places(cover: Page) -> None:
    expect(cover.locator(".truth .n")).to_have_count(2)
    expect(cover.locator(SEEN)).to_have_count(3)
    expect(cover.locator("aside")).to_contain_text("无摄像机")
    cover.keyboard.press("4")
    expect(cover.locator(".claim").last).to_be_attached()
    cover.get_by_label("标准").select_option("dori")
    expect(cover.locator("aside")).to_contain_text("62.5 px/m")


def test_a_camera_is_turned_by_keys_its_view_redrawn_and_saved(
    cover: Page, store: sessionmaker[Session]
) -> None:
    page = held(cover)
    before = page.locator("path[data-tried]").get_attribute("d")
    page.keyboard.press("ArrowRight")
    expect(page.locator("path[data-tried]")).not_to_have_attribute("d", before or "")
    expect(page.get_by_label("朝向")).to_have_value("95")
    page.keyboard.press("z")
    expect(page.get_by_label("朝向")).to_have_value("90")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已存")
    with store() as session:
        assert session.get_one(Camera, "c-3-2").bearing == 89


def test_a_camera_is_turned_with_the_mouse(cover: Page) -> None:
    page = held(cover)
    box = page.locator(TURN).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    seen = page.locator("svg.plan").get_attribute("viewBox")
    page.mouse.move(box["x"] - 200, box["y"] - 90, steps=3)
    page.mouse.up()
    expect(page.get_by_label("朝向")).not_to_have_value("90")
    assert page.locator("svg.plan").get_attribute("viewBox") == seen
    page.keyboard.press("Escape")
    expect(page.locator("path[data-tried]")).to_have_count(0)


def test_the_next_cameras_are_marked_by_place_and_direction(cover: Page) -> None:
    cover.keyboard.press("x")
    expect(cover.locator(".mount").first).to_be_attached()
    expect(cover.locator("aside")).to_contain_text("朝")


def test_a_shop_becomes_a_place_where_no_camera_may_look(cover: Page) -> None:
    cover.keyboard.press("f")
    cover.locator("[data-shop]:focus").press("Space")
    cover.get_by_label("是什么").select_option("toilet")
    cover.get_by_role("button", name="这里不许拍").click()
    expect(cover.locator("path.zone")).to_have_count(1)
    cover.get_by_role("button", name="不再是").click()
    cover.get_by_role("button", name="一起去掉").click()
    expect(cover.locator("path.zone")).to_have_count(0)


def test_the_sheet_says_what_is_missing_and_is_filed_when_nothing_is(sit: Callable[..., Page]) -> None:
    page = sit("zhou", path="/#/market/filing", ready=SHEET)
    expect(page.locator(SHEET)).to_have_count(3)
    done = page.get_by_role("button", name="已递交")
    expect(done).to_be_disabled()
    for camera in range(3):
        page.locator(f"{SHEET} .link").nth(camera).click()
        for label, words in (("运营单位", "市场公司"), ("法律依据", "条例第七条"), ("用途", "治安防范")):
            page.get_by_label(label).fill(words)
        page.get_by_label("提示标识").check()
        page.get_by_role("button", name="存好").click()
        expect(page.locator("dialog")).to_have_count(0)
    page.get_by_label("回执编号").fill("2026-17")
    done.click()
    expect(page.locator(".tools")).to_contain_text("回执 2026-17")
    expect(page.locator(SHEET).first).to_contain_text("没变")


@pytest.mark.long
@in_every_look
def test_coverage_and_the_sheet_at_their_real_sizes(how: Look, sit: Callable[..., Page]) -> None:
    size, lang, theme = how
    page = sit("zhou", size=size, lang=lang, theme=theme, path="/#/market/coverage", ready="aside .truth")
    page.locator(SEEN).first.wait_for(state="attached")
    look(page, f"market-coverage-{named(how)}")
    page.goto("/#/market/filing")
    page.locator(SHEET).first.wait_for()
    look(page, f"market-filing-{named(how)}")
