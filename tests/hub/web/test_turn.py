"""A camera that can be turned, turned on the live wall by whoever has it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.core import lease
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

TURNS = re.compile(r"/turning|/Turn-")
"""What is asked of the hub for turning, and the file of the pages that asks."""


@pytest.fixture(autouse=True)
def mounted(store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cameras that can be turned; a page's clock goes on while the hub's stands, so a lease lasts."""
    for name in ("EACH", "MOST"):
        monkeypatch.setattr(lease, name, timedelta(hours=1))
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


def test_a_display_asks_for_no_turning_and_so_whoever_signed_in_there_is_signed_out_in_time(
    sit: Callable[..., Page],
) -> None:
    """Each asking would be an act of theirs; and with nobody signed in it would open the pad."""
    page = sit("zhou", path="/#/displays", ready="main form")
    page.get_by_label("大屏叫什么").fill("值班室大屏")
    page.get_by_role("button", name="设为大屏").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if TURNS.search(request.url) else None)
    large(page)
    page.locator(".grid.one figure").wait_for()
    assert page.evaluate("fetch('/api/session').then((answer) => answer.status)") == 200
    assert asked == []
    expect(page.get_by_role("dialog")).to_have_count(0)
