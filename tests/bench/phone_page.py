"""`python -m tests.bench.phone_page`: how heavy a phone's page is, how soon it is there, what scanning adds.

Each load is a browser's first: nothing is cached. `ready_ms` goes from the beginning of the navigation until
the guard's round and the tabs stand in the page and have been painted. What the page fetches beside that is
weighed apart, and so is the reader of codes, which is fetched when somebody scans for the first time.
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

from tests.bench.report import report, skip
from tests.bench.wall import busy, cannot_look, chromium, signed
from tests.hub.app.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

LOADS = 7
SETTLE = 4.0
"""Seconds after which nothing more is asked for; a page that is not there by then has taken so long."""
WEIGHS = re.compile(r"\.(js|css|wasm)$")
READER = re.compile(r"/assets/zxing")
READY = """
{
  const parts = [".pocket nav a", ".pocket .now h2, .pocket section.next"];
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
BEGUN = """
Object.fromEntries(performance.getEntriesByType("resource").map((each) => [each.name, each.startTime]))
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One load of the page by a guard."""

    ready_ms: float
    sent: dict[str, int]
    """Path of a script or style sheet that was asked for until then → bytes that were sent for it."""
    later: dict[str, int]
    """The same for what was fetched beside and after that."""
    reader: dict[str, int]
    """The same for what only scanning needs."""


def load(browser: Browser, hub: Running) -> Load:
    """Open the page as a guard who has never been here."""
    with signed(browser, hub, "guard") as context:
        page = context.new_page()
        page.set_viewport_size({"width": 390, "height": 844})
        asked: list[Request] = []
        page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 - it marks what it calls
        page.add_init_script(READY)
        page.goto("/phone")
        page.wait_for_timeout(SETTLE * 1e3)
        ready = page.evaluate("readyAt") or SETTLE * 1e3
        begun = page.evaluate(BEGUN)
        sizes = _weighed(asked)
        early = {url for url in sizes if begun.get(url, 0.0) <= ready}
        asked.clear()
        _fetch(page)
        return Load(
            ready,
            {_path(url): size for url, size in sizes.items() if url in early},
            {_path(url): size for url, size in sizes.items() if url not in early},
            {_path(url): size for url, size in _weighed(asked).items() if READER.match(_path(url))},
        )


def _weighed(asked: list[Request]) -> dict[str, int]:
    return {one.url: one.sizes()["responseBodySize"] for one in asked if WEIGHS.search(_path(one.url))}


def _path(url: str) -> str:
    return urlsplit(url).path


def _fetch(page: Page) -> None:
    """What the worker is told of the build names the reader's files."""
    told = page.evaluate("fetch('/worker.js').then((answer) => answer.text())")
    for path in {path for path in re.findall(r'"(/assets/[^"]+)"', told) if READER.match(path)}:
        page.evaluate("(path) => fetch(path).then((answer) => answer.arrayBuffer()).then(() => 0)", path)
    page.wait_for_timeout(200)


def measure() -> list[Load]:
    """Several loads of the demo's market."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub = stack.enter_context(Running(folder / "data"))
        browser = stack.enter_context(chromium())
        return [load(browser, hub) for _ in range(LOADS)]


def main() -> bool:
    if sentence := cannot_look():
        return skip("phone_page", sentence)
    print(f"phone_page: {busy()}")
    loads = measure()
    last = loads[-1]
    for words, sizes in (("", last.sent), (", later", last.later), (", when somebody scans", last.reader)):
        for path, size in sorted(sizes.items(), key=lambda each: -each[1]):
            print(f"  {size / 1e3:6.2f} KB  {path}{words}")
    wasm = sum(size for path, size in last.reader.items() if path.endswith(".wasm"))
    figures = {
        "phone_js_css_gzip_kb": sum(last.sent.values()) / 1e3,
        "files": len(last.sent),
        "later_kb": sum(last.later.values()) / 1e3,
        "scanner_js_kb": (sum(last.reader.values()) - wasm) / 1e3,
        "scanner_wasm_kb": wasm / 1e3,
        "ready_ms": median(each.ready_ms for each in loads),
        "slowest_ready_ms": max(each.ready_ms for each in loads),
        "loads": len(loads),
    }
    return report("phone_page", figures, {"phone_js_css_gzip_kb": "<= 60", "ready_ms": "<= 1000"})


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
