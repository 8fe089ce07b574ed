"""The duty wall in a real browser, for benchmarks of what a person gets to see and when."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from hub import config
from tests.bench.device import MODEL
from tests.bench.footage import NO_CLIP, VTEST
from tests.conftest import CHROMIUM, FLAGS
from tests.hub.app.running import Running
from tests.system.person import TV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

IDLE = 11.0
"""Seconds after which the wall lets new rows in by itself, since nobody is at its keys."""
NOTING = """
shown = [];
new MutationObserver((changes) => {
  const at = performance.timeOrigin + performance.now();
  const rows = new Set();
  for (const { type, target, addedNodes } of changes) {
    if (type === "attributes") rows.add(target);
    for (const node of addedNodes) {
      if (node.matches?.("[data-version]")) rows.add(node);
      node.querySelectorAll?.("[data-version]").forEach((row) => rows.add(row));
    }
  }
  for (const { isConnected, dataset } of rows)
    if (isConnected) shown.push([dataset.alert, Number(dataset.version), at]);
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-version"] });
"""
"""Notes which version of which alert stood in the page when, in milliseconds of UNIX epoch."""

Shown = dict[str, list[tuple[int, float]]]
"""Alert → its versions that stood in the page, each with the second of UNIX epoch."""


@dataclass(frozen=True, slots=True)
class Wall:
    """An open wall and the market that it shows."""

    hub: Running
    folder: Path
    page: Page

    @property
    def database(self) -> Path:
        return self.folder / "data" / "hub.db"

    def shown(self) -> Shown:
        found: Shown = {}
        for alert, version, at in self.page.evaluate("shown"):
            found.setdefault(alert, []).append((version, at / 1e3))
        return found


def cannot_look() -> str:
    """Why no wall can be opened here, with what to do; empty if it can."""
    if not CHROMIUM.exists():
        return "no /usr/bin/chromium: as root, run apt-get install chromium fonts-noto-cjk"
    if not (config.read().web / "index.html").is_file():
        return "the pages are not built here: run `python3 -m launch setup` once"
    return ""


def missing() -> str:
    """What a benchmark from camera to screen needs and has not, as a sentence; empty if nothing."""
    if not VTEST.exists():
        return NO_CLIP
    if not MODEL.exists():
        return "the detector is not built here: run `python3 -m launch setup` once"
    return cannot_look()


def busy() -> str:
    """What else this machine has to do, for whoever reads times that were measured on it."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before it began"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def monitor(browser: Browser, hub: Running) -> Iterator[BrowserContext]:
    """A wall's browser with nothing cached, in which the monitor is signed in."""
    with signed(browser, hub, "monitor") as context:
        yield context


@contextmanager
def signed(browser: Browser, hub: Running, user: str) -> Iterator[BrowserContext]:
    """A browser with nothing cached, in which somebody is signed in."""
    login = next(login for login in hub.ready["logins"] if login["user"] == user)
    words = {"user": login["user"], "password": login["password"]}
    context = browser.new_context(base_url=hub.ready["url"], viewport={"width": TV[0], "height": TV[1]})
    try:
        answer = context.request.post("/api/session", data=words)
        if not answer.ok:
            raise RuntimeError(f"{user} is not let in: {answer.status} {answer.text()[:200]}")
        yield context
    finally:
        context.close()


@contextmanager
def wall(browser: Browser) -> Iterator[Wall]:
    """A market of its own, its wall open for so long that new rows come in at once."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub = stack.enter_context(Running(folder / "data"))
        page = stack.enter_context(monitor(browser, hub)).new_page()
        page.add_init_script(NOTING)
        page.goto("/")
        page.locator("#queue").wait_for()
        page.wait_for_timeout(IDLE * 1e3)
        yield Wall(hub, folder, page)
