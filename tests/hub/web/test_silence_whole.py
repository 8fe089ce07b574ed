"""A hub of its own whose broker, and then whose process, is stopped dead: an open wall says so by itself."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.bench.wall import monitor
from tests.hub.app.running import Running
from tests.hub.app.test_serve import broker_of
from tests.hub.web.conftest import WHOLE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.screen, pytest.mark.long, pytest.mark.timeout(400)]

P0_MS = 120_000
"""Half a minute of silence; of a broker that hangs, the link knows only when its keep-alive has run out."""


def stopped(page: Page, pid: int, header: str) -> None:
    """`pid` is stopped until the wall has said `header`, then goes on until the wall has nothing to say."""
    os.kill(pid, signal.SIGSTOP)
    try:
        expect(page.locator(".silent header")).to_contain_text(header, timeout=P0_MS)
    finally:
        os.kill(pid, signal.SIGCONT)
    expect(page.locator(".silent")).to_have_count(0, timeout=P0_MS)
    expect(page.locator(".old")).to_have_count(0, timeout=P0_MS)


def test_a_stopped_broker_and_a_stopped_hub_are_told_and_end_by_themselves(
    browser: Browser, tmp_path: Path
) -> None:
    with Running(tmp_path / "data") as hub, monitor(browser, hub) as context:
        page = context.new_page()
        page.goto("/")
        page.locator(WHOLE).wait_for()
        stopped(page, hub.child.pid, "机房失联")
        stopped(page, broker_of(tmp_path / "data"), "机房收不到设备消息")
