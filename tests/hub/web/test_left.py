"""Whoever leaves a screen is signed out there; a wall that is looked at goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.screen


def watched(page: Page) -> None:
    """Let the page begin to watch; its own time goes on by what that takes and no more."""
    page.clock.fast_forward("00:03")
    assert eventually(lambda: page.evaluate("localStorage.heard !== undefined"))


def test_an_open_page_that_nobody_uses_for_a_quarter_of_an_hour_signs_out_and_says_so(
    sit: Callable[..., Page],
) -> None:
    page = sit("ji", path="/#/people", ready="main tbody tr", clock=True)
    watched(page)
    page.clock.fast_forward("14:00")
    page.mouse.move(20, 20)
    page.clock.fast_forward("14:00")
    assert page.locator("#user").count() == 0
    page.clock.fast_forward("02:00")
    page.get_by_role("alert").filter(has_text="15 分钟没人操作").wait_for()
    expect(page.locator("#user")).to_be_visible()
    assert page.evaluate("fetch('/api/people').then((answer) => answer.status)") == 401


def test_an_open_wall_keeps_the_session_of_the_tabs_beside_it(sit: Callable[..., Page]) -> None:
    wall = sit("lin", clock=True)
    watched(wall)
    cases = wall.context.new_page()
    cases.clock.install()
    cases.goto("/#/cases")
    cases.locator("h1").wait_for()
    ended: list[str] = []
    cases.on("request", lambda request: ended.append(request.url) if request.method == "DELETE" else None)
    for _ in range(3):
        wall.clock.fast_forward("10:00")
        cases.clock.fast_forward("10:00")
    assert cases.evaluate("fetch('/api/wall').then((answer) => answer.status)") == 200
    assert ended == []


def test_a_wall_goes_on(sit: Callable[..., Page]) -> None:
    page = sit("lin", clock=True)
    watched(page)
    for _ in range(4):
        page.clock.fast_forward("10:00")
    page.locator(".wall").wait_for()
    assert page.evaluate("fetch('/api/wall').then((answer) => answer.status)") == 200
