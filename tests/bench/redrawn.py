"""A camera turned by keys on the coverage page of the reference market: how soon its view is redrawn."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.wall import chromium, signed
from tests.hub.app.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

TURNS = 40
CAMERA = "c-3-1"
NOTING = """
pressed = 0; redrawn = [];
addEventListener("keydown", () => { pressed = performance.now(); }, { capture: true });
new MutationObserver((changes) => {
  if (pressed && changes.some(({ target }) => target.matches("[data-tried]")))
    requestAnimationFrame(() => { redrawn.push(performance.now() - pressed); pressed = 0; });
}).observe(document, { subtree: true, attributeFilter: ["d"] });
"""
"""Milliseconds from a key until the frame in which the polygon is another."""


def redrawn() -> dict[str, float]:
    """Median and 95th percentile; hub, its warm child and Chromium are real and share this machine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub, browser = stack.enter_context(Running(folder / "data")), stack.enter_context(chromium())
        page = stack.enter_context(signed(browser, hub, "manager")).new_page()
        page.add_init_script(NOTING)
        page.goto("/#/market/coverage")
        taken = turned(page)
    return {"redrawn_ms": median(taken), "redrawn_p95_ms": float(np.percentile(taken, 95))}


def turned(page: Page) -> list[float]:
    """Turn one camera there and back, each time when its view has been redrawn."""
    page.locator(".seenarea").first.wait_for(state="attached")
    page.locator("aside input[type=search]").fill(CAMERA)
    page.locator("aside button.hit").first.click()
    page.locator("path[data-tried]").wait_for(state="attached")
    page.wait_for_timeout(1000)
    page.evaluate("pressed = 0; redrawn.length = 0")
    for turn in range(1, TURNS + 1):
        page.keyboard.press("ArrowRight" if turn % 2 else "ArrowLeft")
        page.wait_for_function("count => redrawn.length >= count", arg=turn)
    found: list[float] = page.evaluate("redrawn")
    return found
