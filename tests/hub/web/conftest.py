"""The built pages on the real app with the small market, and somebody before them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from hub.api.change import Reader
from hub.api.feeds import Feeds
from hub.service import alert as alerts
from tests.conftest import ROOT, farewell, hosted
from tests.hub.api.conftest import given, parts
from tests.hub.api.port import listening
from tests.hub.gear.listener import eventually
from tests.hub.town import MARKET, NOON, event

if TYPE_CHECKING:
    import socket
    import threading
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.desk import Desk, Desks

__all__ = ["parts"]

DIST = ROOT / "hub" / "web" / "dist"
WHOLE = ".wall[data-whole]"
"""A wall that has fetched what it may need once the hub is away."""


@dataclass
class Served:
    """The app on a port of its own: `stop` ends it in the middle of everything, `begin` starts it anew."""

    parts: Parts
    port: int = 0
    web: Path = DIST
    pair: dict[str, str] = field(default_factory=dict)
    """Certificate and key, as uvicorn calls them; plain HTTP without."""
    running: list[tuple[uvicorn.Server, threading.Thread, socket.socket]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        parts = self.parts
        feeds = Feeds(
            MARKET, lambda market: Reader(parts.readings, market, parts.clock, parts.stills), parts.healthy
        )
        self.parts = replace(parts, feeds=feeds)
        door = listening(self.port)
        self.port = door.getsockname()[1]
        app = given(self.parts, self.web)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1, **self.pair)  # type: ignore[arg-type]
        )
        thread = hosted(server, door)
        self.running.append((server, thread, door))
        assert eventually(lambda: server.started)

    def stop(self) -> None:
        while self.running:
            server, thread, door = self.running.pop()
            assert farewell(server, thread)
            door.close()


@pytest.fixture
def served(parts: Parts, port: int) -> Iterator[Served]:
    """The app with its pages."""
    if not (DIST / "index.html").is_file():
        pytest.skip("hub/web/dist is not built: run `python3 -m launch setup`")
    app = Served(parts, port)
    app.begin()
    yield app
    app.stop()


@pytest.fixture
def alarm(store: sessionmaker[Session], served: Served) -> Callable[..., str]:
    """Lets a camera report something, which every open page hears; the alert's id."""

    def one(kind: str = "intrusion", camera: str = "c-3-1", **more: Any) -> str:
        device = "edge-2" if camera == "c-3-3" else "edge-1"
        with store.begin() as session:
            alert = alerts.receive(session, MARKET, device, event(kind, camera=camera, **more), NOON)
            assert alert is not None
            made = alert.id
        served.parts.feeds.wake()
        return made

    return one


@pytest.fixture
def sit(browser: Browser, desks: Desks, served: Served) -> Iterator[Callable[..., Page]]:
    """Somebody signs in and looks; a page error fails the test."""
    broken: list[str] = []
    taken: list[Desk] = []
    apart: list[BrowserContext] = []

    def seat(*, clock: bool, size: tuple[int, int] = (1366, 768), **_: Any) -> Page:
        if not clock:
            taken.append(desks.take(served.url))
            return taken[-1].page(size)
        # A clock that was once set goes as it was set for as long as its context is there.
        context = browser.new_context(base_url=served.url, viewport={"width": size[0], "height": size[1]})
        apart.append(context)
        context.set_default_timeout(60_000)
        return context.new_page()

    def down(
        person: str = "lin",
        *,
        path: str = "/",
        ready: str = "#queue-head",
        clock: bool = False,
        script: str = "",
        **look: Any,
    ) -> Page:
        page = seat(clock=clock, **look)
        chosen = {"lang": look.get("lang", "zh"), "theme": look.get("theme")}
        script += "".join(f"localStorage.{k} = '{v}';" for k, v in chosen.items() if v)
        page.add_init_script(script)
        page.on("pageerror", lambda error: broken.append(str(error)))
        if clock:
            page.clock.install()
        page.goto(path)
        page.locator("#user").fill(person)
        page.locator("#password").fill(person)
        page.keyboard.press("Enter")
        page.locator(ready).first.wait_for()
        if page.locator(".wall").count():
            page.locator(WHOLE).wait_for()
        return page

    yield down
    for desk in taken:
        desks.give(desk)
    for context in apart:
        context.close()
    assert broken == []
