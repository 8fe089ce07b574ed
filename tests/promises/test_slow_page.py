"""A page that listens and never reads: the hub takes what devices say as fast as before, others see it."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.bench.effort import spent
from tests.bench.screen import screen
from tests.promises.market import Market, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
PAGES, MESSAGES, TURNS = 1, 3000, 3


def test_a_page_that_does_not_read_slows_down_nobody(tmp_path: Path) -> None:
    with Market(tmp_path) as market:
        market.start()
        cookies = signed_in(market)
        alone: list[float] = []
        beside: list[float] = []
        for _ in range(TURNS):
            alone.append(cost(market))
            with stuck(market, cookies):
                beside.append(cost(market))
        with stuck(market, cookies), screen(market.url, ("listen",)) as person:
            cost(market)
            wait_for("somebody else sees it", lambda: person.told, 60)
    assert min(beside) <= 1.2 * min(alone)


def cost(market: Market) -> float:
    """Processor seconds of the hub until a pile of events is taken: what others do here does not count."""
    market.devices.clear()
    before = spent(market.hub.pid)
    device = market.device("edge-west", talk="crowded", each_second=0.0, most=MESSAGES, threads=8)
    told = len(device.promised())
    device.process.start()
    wait_for("all of it is told", lambda: len(device.promised()) >= told + MESSAGES, 120)
    market.quiet()
    market.drained(120)
    return spent(market.hub.pid) - before


def signed_in(market: Market) -> str:
    """What a signed-in page sends along."""
    words = {"user": "monitor", "password": "monitor-demo"}
    with httpx2.Client(base_url=market.url, timeout=60) as client:
        client.post("/api/session", json=words).raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@contextmanager
def stuck(market: Market, cookies: str) -> Iterator[None]:
    """Pages that have asked for the feed and read nothing of it."""
    with ExitStack() as stack:
        for _ in range(PAGES):
            stack.enter_context(closing(_page(market, cookies)))
        time.sleep(0.5)
        yield


def _page(market: Market, cookies: str) -> socket.socket:
    address = urlsplit(market.url)
    page = socket.socket()
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    page.connect((address.hostname, address.port))
    page.sendall(f"GET /api/feed HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\n\r\n".encode())
    return page
