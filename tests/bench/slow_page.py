"""What a page that asks for the feed and never reads it costs the hub, in processor seconds of a pile.

`python -m tests.bench.slow_page`
"""

from __future__ import annotations

import argparse
import socket
import sys
import tempfile
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from tests.bench.effort import spent
from tests.bench.report import report
from tests.promises.market import Market, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGES, TURNS = 3000, 3
TARGETS = {"beside_to_alone": "<= 1.2"}


def take(market: Market, messages: int = MESSAGES) -> float:
    """Processor seconds of the hub until a pile of events is taken: what others do here does not count."""
    market.devices.clear()
    before = spent(market.hub.pid)
    device = market.device("edge-west", talk="crowded", each_second=0.0, most=messages, threads=8)
    told = len(device.promised())
    device.process.start()
    wait_for("all of it is told", lambda: len(device.promised()) >= told + messages, 120)
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
def stuck(market: Market, cookies: str, pages: int = 1) -> Iterator[None]:
    """Pages that have asked for the feed and read no more than the first word of its answer."""
    with ExitStack() as stack:
        for _ in range(pages):
            page = stack.enter_context(closing(_page(market, cookies)))
            assert page.recv(1)
        yield


def _page(market: Market, cookies: str) -> socket.socket:
    address = urlsplit(market.url)
    page = socket.socket()
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    page.connect((address.hostname, address.port))
    page.sendall(f"GET /api/feed HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\n\r\n".encode())
    return page


def measure(folder: Path, turns: int) -> dict[str, float]:
    """The least that a pile costs alone and beside a page that is stuck."""
    with Market(folder) as market:
        market.start()
        cookies = signed_in(market)
        alone: list[float] = []
        beside: list[float] = []
        for _ in range(turns):
            alone.append(take(market))
            with stuck(market, cookies):
                beside.append(take(market))
    return {"alone_s": min(alone), "beside_s": min(beside), "beside_to_alone": min(beside) / min(alone)}


def main() -> bool:
    """Whether every target is kept."""
    words = argparse.ArgumentParser(prog="python -m tests.bench.slow_page")
    words.add_argument("--turns", type=int, default=TURNS)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), given.turns)
    return report("slow_page", {"turns": given.turns, **figures}, TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
