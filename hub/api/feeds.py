"""The feeds of every market that somebody listens to, and the hub's one pulse."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hub.api.feed import Feed
from hub.api.pulse import Pulse
from hub.core.spread import Spread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.api.feed import Page, Reads


class Feeds:
    """A market's feed begins with its first page and ends with its last; the one of `home` always runs.

    Args:
        home: the market whose feed is there from the start.
        reads: gives a market's reader.
        healthy: names each part of the hub and whether it works, for the pulse.
    """

    def __init__(
        self, home: str, reads: Callable[[str], Reads], healthy: Callable[[], Mapping[str, bool]]
    ) -> None:
        self.pulse = Pulse(healthy)
        self.delays = Spread()
        """Seconds from what happened until it was given to the pages."""
        self.resyncs = 0
        """Pages that did not keep up."""
        self._home, self._reads = home, reads
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._closed = False
        self._made = {home: self._make(home)}

    @property
    def pages(self) -> int:
        """Pages that listen."""
        return sum(feed.pages for feed in tuple(self._made.values()))

    def of(self, market: str) -> Feed:
        """The market's feed; on the loop's own thread."""
        if market not in self._made:
            self._made[market] = self._make(market)
            self._begin(market)
        return self._made[market]

    def leave(self, market: str, page: Page) -> None:
        """The page listens no more."""
        feed = self.of(market)
        feed.leave(page)
        if not feed.pages and market != self._home:
            del self._made[market]
            if running := self._running.pop(market, None):
                running.cancel()

    def wake(self, market: str | None = None) -> None:
        """Something was committed, in this market or nobody knows where; may be called from any thread."""
        woken = self._made.values() if market is None else filter(None, (self._made.get(market),))
        for feed in tuple(woken):
            feed.wake()

    async def run(self) -> None:
        """Read and feel the pulse for as long as the hub serves."""
        async with asyncio.TaskGroup() as self._tasks:
            self._tasks.create_task(self.pulse.run())
            for market in self._made:
                self._begin(market)

    def close(self) -> None:
        """Let every page go: the hub stops."""
        self._closed = True
        for feed in self._made.values():
            feed.close()

    def _make(self, market: str) -> Feed:
        reads = self._reads(market)
        feed = Feed(reads.read, reads.head, self._note)
        if self._closed:
            feed.close()
        return feed

    def _begin(self, market: str) -> None:
        if self._tasks is not None:
            self._running[market] = self._tasks.create_task(self._made[market].run())

    def _note(self, age: float | None) -> None:
        if age is None:
            self.resyncs += 1
        else:
            self.delays.note(age)
