"""What a person at the wall gets from a hub that is busy: answers to her looks, and news by themselves."""

from __future__ import annotations

import itertools
import json
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOOKS = ("/api/wall", "/api/alerts", "/api/cases", "/api/alerts?state=all", "/api/session")
LOOK_SECONDS = 0.1


class Screen:
    """Seconds that each look took, and when each alert was first told by the feed."""

    def __init__(self, url: str) -> None:
        self.looks: list[float] = []
        self.errors = 0
        self.told: dict[str, float] = {}
        self._url = url
        self._over = threading.Event()

    @contextmanager
    def _client(self) -> Iterator[httpx2.Client]:
        with httpx2.Client(base_url=self._url, timeout=30) as client:
            answer = client.post("/api/session", json={"user": "monitor", "password": "monitor-demo"})
            client.headers["X-CSRF"] = answer.raise_for_status().json()["csrf"]
            yield client

    def look(self) -> None:
        """Ask for one page after the other, ten times a second at most."""
        with self._client() as client:
            for path in itertools.cycle(LOOKS):
                if self._over.is_set():
                    return
                began = time.monotonic()
                self.errors += client.get(path).status_code != 200
                took = time.monotonic() - began
                self.looks.append(took)
                self._over.wait(max(0.0, LOOK_SECONDS - took))

    def listen(self) -> None:
        """Hear the feed as a page does."""
        with suppress(httpx2.HTTPError), self._client() as client, client.stream("GET", "/api/feed") as feed:
            for line in feed.iter_lines():
                if self._over.is_set():
                    return
                if line.startswith('data: {"id"'):
                    self.told.setdefault(json.loads(line[6:])["id"], time.time())

    def close(self) -> None:
        """Go home."""
        self._over.set()


@contextmanager
def screen(url: str, works: Sequence[str] = ("look", "listen")) -> Iterator[Screen]:
    """Somebody looks and listens until the end of the block."""
    one = Screen(url)
    threads = [threading.Thread(target=getattr(one, work), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield one
    finally:
        one.close()
