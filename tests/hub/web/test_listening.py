"""How often a page asks the hub for the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.screen


def test_a_wall_starts_once_also_when_its_sound_comes_on(sit: Callable[..., Page]) -> None:
    asked: Counter[str] = Counter()
    page = sit()
    page.on("request", lambda request: asked.update([urlsplit(request.url).path]))
    with page.expect_request("**/api/feed"):
        page.reload()
    page.wait_for_timeout(2000)
    page.keyboard.press("Shift")
    page.wait_for_timeout(500)
    assert {path: asked[path] for path in ("/api/wall", "/api/market", "/api/feed")} == {
        "/api/wall": 1,
        "/api/market": 1,
        "/api/feed": 1,
    }
