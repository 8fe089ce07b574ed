"""A camera that can be turned, turned on the live wall by whoever has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.service import turning
from hub.service.turning import Wish
from hub.store.order import Command
from hub.store.turning import Turning
from tests.hub.town import MARKET, actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.conftest import Served

pytestmark = pytest.mark.screen


@pytest.fixture(autouse=True)
def mounted(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        for camera in ("c-3-1", "c-3-2", "c-3-3"):
            s.add(Turning(camera=camera, market=MARKET, presets=["gate", "lane"]))


def large(page: Page) -> None:
    page.locator("svg.plan").wait_for()
    page.keyboard.press("v")
    page.locator(".whole").first.click()


def test_whoever_presses_has_the_camera_and_lets_it_go(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit()
    large(page)
    panel = page.get_by_role("group", name="转动摄像机")
    expect(panel.get_by_role("status")).to_have_text("按一下即开始操作")
    panel.get_by_role("button", name="lane").click()
    expect(panel.get_by_role("status")).to_contain_text("您在操作")
    expect(panel.locator("button.primary")).to_have_text("lane")
    panel.get_by_role("button", name="向右").click()
    panel.get_by_role("button", name="归位").click()
    expect(panel.get_by_role("status")).to_have_text("按一下即开始操作")
    with store() as s:
        ops = list(s.scalars(select(Command.op).order_by(Command.counter)))
    assert ops == ["ptz.goto", "ptz.move", "ptz.end"]


def test_who_ranks_no_higher_is_told_who_has_it(
    served: Served, sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        for camera in ("c-3-1", "c-3-2", "c-3-3"):
            turning.steer(s, actor(s, "zhou"), camera, Wish("goto", "lane"), served.parts.clock.now())
    page = sit()
    large(page)
    panel = page.get_by_role("group", name="转动摄像机")
    expect(panel.get_by_role("status")).to_contain_text("周启明 在操作")
    panel.get_by_role("button", name="gate").click()
    expect(panel.get_by_role("status")).to_contain_text("该摄像机正由他人操作")
