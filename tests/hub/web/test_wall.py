"""The wall as a tired guard meets it, in a real browser on the real app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.screen


def rows(page: Page) -> list[str]:
    return [
        str(row)
        for row in page.locator("[role=option][data-alert]").evaluate_all("r => r.map(e => e.dataset.alert)")
    ]


def test_a_quiet_wall_says_since_when_it_knows(sit: Callable[..., Page]) -> None:
    page = sit()
    expect(page.locator(".empty")).to_contain_text("没有未处理告警")
    expect(page.locator(".empty")).to_contain_text("收到机房消息")


def test_arrivals_wait_until_they_are_asked_for(alarm: Callable[..., str], sit: Callable[..., Page]) -> None:
    first = alarm("crowd")
    page = sit()
    expect(page.locator("[role=option][data-alert]")).to_have_count(1)
    page.mouse.move(300, 300)
    graver = alarm("intrusion", "c-3-2")
    expect(page.locator("[data-held]")).to_contain_text("新到 1 条")
    assert rows(page) == [first]
    page.keyboard.press("n")
    expect(page.locator("[role=option][data-alert]")).to_have_count(2)
    assert rows(page) == [graver, first]
    expect(page.locator("[role=option][aria-selected=true]")).to_have_attribute("data-alert", first)


def test_two_keys_dismiss_and_one_takes_it_back(alarm: Callable[..., str], sit: Callable[..., Page]) -> None:
    alarm("intrusion")
    page = sit()
    row = page.locator("[role=option][data-alert]")
    expect(row).to_contain_text("未确认")
    page.keyboard.press("d")
    page.keyboard.press("3")
    expect(row).to_contain_text("不成立 · 光影")
    page.keyboard.press("z")
    expect(row).not_to_contain_text("不成立")
    expect(page.locator(".acts .primary")).to_be_enabled()


def test_one_key_makes_a_case_and_one_opens_it(alarm: Callable[..., str], sit: Callable[..., Page]) -> None:
    alarm("intrusion")
    page = sit()
    page.locator(".pick").wait_for()
    page.keyboard.press("a")
    expect(page.locator(".said")).to_contain_text("已确认并立案")
    page.keyboard.press("o")
    expect(page.locator(".stages .now")).to_contain_text("受理")


def test_who_may_not_send_a_crew_asks_the_one_who_may(
    alarm: Callable[..., str], sit: Callable[..., Page]
) -> None:
    alarm("intrusion")
    page = sit("lin")
    page.locator(".pick").wait_for()
    page.keyboard.press("g")
    expect(page.locator(".ask")).to_contain_text("派哪一组")
    page.keyboard.press("1")
    expect(page.locator(".said")).to_contain_text("已在案件里请派 1 组")
    page.keyboard.press("o")
    expect(page.locator(".tl")).to_contain_text("请派 1 组")


def test_the_dispatcher_sends_a_crew_to_a_fire_with_two_keys(
    alarm: Callable[..., str], sit: Callable[..., Page]
) -> None:
    page = sit("qin")
    alarm("fire", trust="high")
    page.locator(".p0").wait_for()
    page.keyboard.press("g")
    page.locator(".ask").wait_for()
    page.keyboard.press("1")
    expect(page.locator(".said")).to_contain_text("已派 1 组")


def test_picking_an_alert_never_takes_it(alarm: Callable[..., str], sit: Callable[..., Page]) -> None:
    alarm("intrusion")
    alarm("crowd", "c-3-2")
    page = sit()
    expect(page.locator("[role=option][data-alert]")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("[role=option]", has_text="未确认").count() == 2
    page.keyboard.press("Enter")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("林晓 核看中")


def test_an_urgent_alert_owns_the_screen_until_it_is_taken(
    alarm: Callable[..., str], sit: Callable[..., Page]
) -> None:
    alarm("crowd", "c-3-2")
    page = sit()
    page.locator(".pick").wait_for()
    alarm("fire", trust="high")
    urgent = page.locator(".p0")
    expect(urgent.locator("header")).to_contain_text("P0 紧急 · 明火")
    expect(urgent.locator(".call").first).to_contain_text("先拨 119 火警")
    expect(urgent.locator(".say")).to_contain_text("运达市场 1 号巷 起火")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(urgent).to_be_visible()
    page.keyboard.press("F1")
    expect(urgent.locator(".call").first).to_contain_text("已拨")
    page.keyboard.press("a")
    expect(urgent.locator("header.taken")).to_be_visible()
    page.keyboard.press("Escape")
    expect(urgent).to_have_count(0)
    expect(page.locator("#queue-head")).to_be_visible()


def test_an_urgent_alert_is_told_on_the_desk_pages_too(
    alarm: Callable[..., str], sit: Callable[..., Page]
) -> None:
    page = sit()
    page.goto("/#/cases")
    page.locator("h1").wait_for()
    alarm("fire", trust="high")
    expect(page.locator(".urgent")).to_contain_text("有紧急告警没人接：明火")


def test_what_the_hub_refuses_is_said_where_it_was_pressed(
    alarm: Callable[..., str], sit: Callable[..., Page]
) -> None:
    alarm("intrusion")
    page = sit("he")
    page.locator(".pick").wait_for()
    page.keyboard.press("a")
    expect(page.locator(".said")).to_contain_text("没做成：")


def test_every_key_is_on_one_page_and_in_both_languages(sit: Callable[..., Page]) -> None:
    page = sit(lang="en")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_contain_text("note a call to 119")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_arrow_keys_walk_from_shop_to_shop(sit: Callable[..., Page]) -> None:
    page = sit()
    page.locator(".shop[tabindex='0']").focus()
    first = page.locator(".shop:focus").get_attribute("aria-label")
    assert first is not None
    assert "东格" in first
    page.keyboard.press("ArrowRight")
    expect(page.locator(".shop:focus")).to_have_count(1)
    expect(page.locator(".shop:focus")).not_to_have_attribute("aria-label", first)
