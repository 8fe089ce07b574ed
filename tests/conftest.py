"""What tests of every room share: one browser, and where the sample footage lies."""

from __future__ import annotations

import asyncio
import gc
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from httpx2._config import DEFAULT_TIMEOUT_CONFIG
from xdist.scheduler import LoadFileScheduling

from tests.desk import Desks

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Iterator

    import uvicorn
    from playwright.sync_api import Browser, Playwright
    from xdist.remote import Producer

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
FIRST = ("system", "promises", "hub/gear", "hub/web", "hub/app", "hub/store")
"""Rooms with the files that take longest: they begin first, so that all workers end together."""
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--process-per-site",
]


def _patient() -> None:
    """Whoever asks over HTTP without a word of time waits a minute; httpx gives up after five seconds."""
    for part in ("connect", "read", "write", "pool"):
        setattr(DEFAULT_TIMEOUT_CONFIG, part, 60.0)


_patient()


def alone(made: Coroutine[Any, Any, T]) -> T:
    """What a coroutine comes to, on a thread of its own: the browser's driver keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, made).result()


def aside(act: Callable[..., T], *words: Any) -> T:
    """What an act comes to that runs a loop itself; on a thread of its own, for the same reason."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act, *words).result()


def comes_back(act: Callable[[], object], seconds: float = 60.0) -> bool:
    """Whether an act comes to its end; the limit is there to fail instead of hanging."""
    thread = Thread(target=act, daemon=True)
    thread.start()
    return ended(thread, seconds)


def ended(thread: Thread, seconds: float = 60.0) -> bool:
    """Whether a thread comes to its end; the limit is there to fail instead of hanging."""
    thread.join(seconds)
    return not thread.is_alive()


def hosted(server: uvicorn.Server, door: socket.socket) -> Thread:
    """A server on a thread of its own, begun.

    Who reads no more, or does not answer the farewell of TLS, has a transport for which the loop does not
    wait. It is cut off as the server ends: else there comes a warning, in whatever test is at hand by then.
    """

    async def serve() -> None:
        await server.serve([door])
        for transport in [*asyncio.get_running_loop()._transports.values()]:  # type: ignore[attr-defined]
            transport.abort()
        await asyncio.sleep(0)

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    return thread


def farewell(server: uvicorn.Server, thread: Thread) -> bool:
    """End a server on a thread of its own; whether it came to its end."""
    server.should_exit = True
    return ended(thread)


class ByMarket(LoadFileScheduling):  # type: ignore[misc]  # it comes without types
    """A file's tests go to one worker, and so do all that look at one running market."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/system" if nodeid.startswith("tests/system/") else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByMarket:
    """Several workers share the files as above."""
    return ByMarket(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow rooms first."""
    items.sort(key=lambda item: _place(item.path))


@cache
def _place(file: Path) -> int:
    return next((n for n, room in enumerate(FIRST) if file.is_relative_to(TESTS / room)), len(FIRST))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What was collected stays: to search it for garbage again and again costs a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--on postgres` runs the hub's tests that need a database, and only those, on PostgreSQL."""
    parser.addoption("--on", choices=("sqlite", "postgres"), default="sqlite", help="the hub's database")


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """Playwright, of which a process can have one, for Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("no /usr/bin/chromium: as root, run apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only who has a browser pays for it

    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    running = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield running
    running.close()


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """One that stays the same, so that a desk may stay; bound and not listened at, nobody else gets it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture(scope="session")
def desks(browser: Browser) -> Iterator[Desks]:
    """Places before it at which one test sits after another."""
    made = Desks(browser)
    yield made
    made.close()


@pytest.fixture(scope="session")
def vtest() -> Path:
    """Real footage: a square seen from above, four to eight people walking (Debian's opencv-doc)."""
    clip = ROOT / ".cache" / "footage" / "vtest.avi"
    if not clip.exists():
        pytest.skip("no .cache/footage/vtest.avi: run `python3 -m launch setup`")
    return clip


@pytest.fixture(scope="session")
def footage() -> Path:
    """The folder of test footage beside the project."""
    folder = ROOT.parent / "shared" / "footage"
    if not folder.is_dir():
        pytest.skip("no ../shared/footage beside the project")
    return folder
