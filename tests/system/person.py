"""Somebody at a screen: signs in, looks, and presses what is printed there."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

    from tests.desk import Desks
    from tests.system.night import Night

SHOTS = Path(os.environ["TEST_SHOTS"]) if "TEST_SHOTS" in os.environ else None
"""An existing folder where to keep what was seen, for whoever wants to look."""

TV, DESK, PHONE = (1920, 1080), (1366, 768), (390, 844)


@contextmanager
def at_screen(
    desks: Desks,
    market: Night,
    user: str,
    path: str = "/",
    *,
    size: tuple[int, int] = DESK,
    lang: Literal["zh", "en"] = "zh",
    theme: Literal["light", "dark"] = "dark",
) -> Iterator[Page]:
    """A signed-in page; a page error fails the test."""
    desk = desks.take(market.url)
    broken: list[str] = []
    try:
        page = desk.page(size)
        page.emulate_media(reduced_motion="reduce")
        prefer(page, lang, theme)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto("/")
        page.locator("#user").fill(user)
        page.locator("#password").fill(market.logins[user])
        page.keyboard.press("Enter")
        page.locator("#password").wait_for(state="detached")
        if path != "/":
            page.goto(f"/#{path}")
        yield page
    finally:
        desks.give(desk)
    assert not broken, broken


def prefer(context: BrowserContext | Page, lang: str, theme: str) -> None:
    """Language and theme as this person left them."""
    context.add_init_script(f"localStorage.lang = '{lang}'; localStorage.theme = '{theme}'")


def asked(page: Page, path: str) -> Any:
    """What the hub answers this person."""
    answer = page.request.get(path)
    assert answer.ok, f"{path}: {answer.status} {answer.text()[:300]}"
    return answer.json()
