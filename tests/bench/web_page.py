"""`python -m tests.bench.web_page`: how heavy the wall is, and how soon it is there.

Each load is a browser's first: nothing is cached. `page_ready` goes from the beginning of the navigation
until the plan with every shop and a queue with alerts stand in the page and have been painted. What the wall
fetches after that, since nobody waits for it, is weighed apart.
"""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.bench.device import device
from tests.bench.report import report, skip
from tests.bench.wall import busy, cannot_look, chromium, monitor
from tests.edge.market import wait_for
from tests.hub.app.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request

LOADS = 7
ALERTS = 50
SETTLE = 3.0
"""Seconds after which nothing more is asked for; a wall that is not there by then has taken so long."""
WEIGHS = re.compile(r"\.(js|css)$")
READY = """
{
  const parts = ["svg.plan .grid0", "#queue [data-alert]"];
  const there = () => parts.every((each) => document.querySelector(each));
  const painted = () => requestAnimationFrame(() => setTimeout(() => { readyAt = performance.now(); }));
  new MutationObserver((_, eye) => {
    if (!there()) return;
    eye.disconnect();
    painted();
  }).observe(document, { subtree: true, childList: true });
}
readyAt = 0;
"""
"""Milliseconds since the navigation began; a frame is painted before a task that its callback left behind."""
BEGUN = """
Object.fromEntries(performance.getEntriesByType("resource").map((each) => [each.name, each.startTime]))
"""
"""Address → milliseconds since the navigation began at which it was asked for."""
SHOPS = """
[...document.querySelectorAll("svg.plan [class^=grid]")]
  .reduce((sum, grid) => sum + (grid.getAttribute("d").match(/M/g) ?? []).length, 0)
"""
"""Closed outlines in the paths of the grids: one a shop."""


@dataclass(frozen=True, slots=True)
class Load:
    """One load of the wall."""

    ready_ms: float
    shops: int
    sent: dict[str, int]
    """Path of a script or style sheet → bytes that the hub sent for it, compressed; until the wall stood."""
    later: dict[str, int]
    """The same for what was begun after that."""


def load(browser: Browser, hub: Running) -> Load:
    """Open the wall as somebody who has never been here."""
    with monitor(browser, hub) as context:
        page = context.new_page()
        asked: list[Request] = []
        page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 - it marks what it calls
        page.add_init_script(READY)
        page.goto("/")
        page.wait_for_timeout(SETTLE * 1e3)
        ready = page.evaluate("readyAt")
        ready = ready or SETTLE * 1e3
        begun = page.evaluate(BEGUN)
        sent: dict[bool, dict[str, int]] = {False: {}, True: {}}
        for request in asked:
            if WEIGHS.search(path := urlsplit(request.url).path):
                sent[begun.get(request.url, 0.0) > ready][path] = request.sizes()["responseBodySize"]
        return Load(ready, page.evaluate(SHOPS), sent[False], sent[True])


def measure() -> tuple[list[Load], int]:
    """Several loads, and how many shops there are to draw."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub = stack.enter_context(Running(folder / "data"))
        with device(hub, folder, ALERTS) as one:
            one.flood(ALERTS, ALERTS)
            wait_for(one.settled)
        browser = stack.enter_context(chromium())
        loads = [load(browser, hub) for _ in range(LOADS)]
        with hub.sign_in("monitor") as person:
            return loads, len(person.get("/api/market").json()["shops"]["id"])


def main() -> bool:
    if sentence := cannot_look():
        return skip("web_page", sentence)
    print(f"web_page: {busy()}")
    loads, shops = measure()
    for path, size in sorted(loads[-1].sent.items(), key=lambda each: -each[1]):
        print(f"  {size / 1e3:6.2f} KB  {path}")
    for path, size in sorted(loads[-1].later.items(), key=lambda each: -each[1]):
        print(f"  {size / 1e3:6.2f} KB  {path}, later")
    figures = {
        "wall_js_css_gzip_kb": sum(loads[-1].sent.values()) / 1e3,
        "files": len(loads[-1].sent),
        "later_kb": sum(loads[-1].later.values()) / 1e3,
        "page_ready_ms": median(each.ready_ms for each in loads),
        "slowest_ready_ms": max(each.ready_ms for each in loads),
        "loads": len(loads),
        "shops": min(each.shops for each in loads),
    }
    targets = {"wall_js_css_gzip_kb": "<= 60", "page_ready_ms": "<= 1000", "shops": f"== {shops}"}
    return report("web_page", figures, targets)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
