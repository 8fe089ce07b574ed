"""How often a page asks the hub for the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.bench.wall import monitor
from tests.hub.app.running import Running

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.screen


def test_a_wall_starts_once_also_when_its_sound_comes_on(browser: Browser, tmp_path: Path) -> None:
    asked: Counter[str] = Counter()
    with Running(tmp_path / "data") as hub, monitor(browser, hub) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.update([urlsplit(request.url).path]))
        with page.expect_request("**/api/feed"):
            page.goto("/")
        page.wait_for_timeout(2000)
        page.keyboard.press("Shift")
        page.wait_for_timeout(500)
    assert {path: asked[path] for path in ("/api/wall", "/api/market", "/api/feed")} == {
        "/api/wall": 1,
        "/api/market": 1,
        "/api/feed": 1,
    }
