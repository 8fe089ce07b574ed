"""Browser contexts that serve one test after another: to begin a process that draws costs a second."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

MOST_IDLE = 2
"""Each keeps a process of some 100 MB."""


class Desk:
    """One context before one address; `clear` leaves nothing of whoever sat there."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.context: BrowserContext = browser.new_context(base_url=url)
        self.context.set_default_timeout(60_000)
        # An empty page of the same host keeps the process; at another port, it shares nothing else.
        self._keeper = self.context.new_page()
        self._keeper.route("**", lambda route: route.fulfill(body=""))
        self._keeper.goto("http://127.0.0.1/")
        self._through = self.context.new_cdp_session(self._keeper)
        self.closed = False
        self.context.on("close", self._gone)

    def _gone(self, _context: BrowserContext) -> None:
        self.closed = True

    def page(self, size: tuple[int, int]) -> Page:
        """A new one of this size."""
        page = self.context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        return page

    def clear(self) -> None:
        """Close the pages, forget cookies, storage and workers."""
        for page in self.context.pages:
            if page is not self._keeper:
                page.close()
        self.context.clear_cookies()
        self._through.send("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "all"})


@dataclass
class Desks:
    """Those at which nobody sits, the last one that was left first."""

    browser: Browser
    idle: list[Desk] = field(default_factory=list)

    def take(self, url: str) -> Desk:
        """One before this address."""
        found = next((desk for desk in reversed(self.idle) if desk.url == url), None)
        if found is None:
            return Desk(self.browser, url)
        self.idle.remove(found)
        return found

    def give(self, desk: Desk) -> None:
        """Back for the next test, unless that one closed it."""
        if desk.closed:
            return
        try:
            desk.clear()
        except Error:  # a page of it has crashed: none is the worse for a new one
            desk.context.close()
            return
        self.idle.append(desk)
        while len(self.idle) > MOST_IDLE:
            self.idle.pop(0).context.close()

    def close(self) -> None:
        """All of them."""
        while self.idle:
            self.idle.pop().context.close()
