"""The duty wall in a real browser, for benchmarks of what a person gets to see and when."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM, FLAGS
from tests.system.person import TV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

    from tests.hub.app.running import Running

NO_BROWSER = "no /usr/bin/chromium: as root, run apt-get install chromium fonts-noto-cjk"
NO_PAGES = "the pages are not built here: run `python3 -m launch setup` once"


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
    login = next(login for login in hub.ready["logins"] if login["user"] == "monitor")
    words = {"user": login["user"], "password": login["password"]}
    context = browser.new_context(base_url=hub.ready["url"], viewport={"width": TV[0], "height": TV[1]})
    try:
        answer = context.request.post("/api/session", data=words)
        if not answer.ok:
            raise RuntimeError(f"the monitor is not let in: {answer.status} {answer.text()[:200]}")
        yield context
    finally:
        context.close()
