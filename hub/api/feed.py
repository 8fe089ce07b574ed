"""The live wall's feed: one reader of the ledger, and what it read given to everybody who may see it.

The reader is woken by commits in this process and looks by itself once a second besides. A page that does not
keep up loses its queue and is told to load anew; it slows down nobody else.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool

from hub.api.pulse import Pulse
from hub.core.spread import Spread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hub.core.policy import Actor

POLL_SECONDS = 1.0
MOST_WAITING = 256
"""Changes that may wait for one page; with more it lags and loads anew."""
MOST_BEHIND = 2000
"""Ledger lines that a page which comes back is told one by one."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """An object as it is after the ledger line `seq`."""

    seq: int
    event: str
    """alert, camera, case, wall or resync"""
    data: str
    """JSON of the whole object."""
    sees: Callable[[Actor], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """What changed, the last line that was read for it, and whether there are more lines by now."""

    changes: Sequence[Change]
    seq: int
    more: bool = False
    ages: Sequence[float] = ()
    """Seconds from each line's moment until it was read."""


def resync(seq: int) -> Change:
    """Tells a page to load anew: it missed something."""
    return Change(seq, "resync", f'{{"seq":{seq}}}', lambda _actor: True)


class Page:
    """One page's queue."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._waiting: deque[Change] = deque()
        self._news = asyncio.Event()
        self._over = False

    def give(self, change: Change) -> bool:
        """Queue it, if this person may see it; True when the page did not keep up and has to load anew."""
        if not change.sees(self.actor):
            return False
        if lags := len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            change = resync(change.seq)
        self._waiting.append(change)
        self._news.set()
        return lags

    def close(self) -> None:
        """Nothing more will come."""
        self._over = True
        self._news.set()

    async def take(self, seconds: float) -> list[Change] | None:
        """What waits, [] when nothing came in time, None when it is over."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return []
        self._news.clear()
        if self._over:
            return None
        taken = list(self._waiting)
        self._waiting.clear()
        return taken


class Feed:
    """Reads with `read`, which tells what changed after a line; `head` is the newest line.

    `healthy` names each part of the hub and whether it works, for the pulse.
    """

    def __init__(
        self,
        read: Callable[[int], Told],
        head: Callable[[], int],
        healthy: Callable[[], Mapping[str, bool]] = dict,
    ) -> None:
        self._read, self._head = read, head
        self.pulse = Pulse(healthy)
        self.delays = Spread()
        """Seconds from what happened until it was given to the pages."""
        self.resyncs = 0
        self._pages: set[Page] = set()
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self.seq: int | None = None
        """The last line that was read; None until the first look."""

    @property
    def pages(self) -> int:
        """Pages that listen."""
        return len(self._pages)

    def wake(self) -> None:
        """Something was committed; may be called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._news.set)

    async def run(self) -> None:
        """Read and feel the pulse for as long as the hub serves."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.pulse.run())
            tasks.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            try:
                await self._pass_on()
            except Exception:
                log.exception("the feed could not read the ledger, again in %.0f s", POLL_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), POLL_SECONDS)
            self._news.clear()

    async def _pass_on(self) -> None:
        if self.seq is None:
            self.seq = await run_in_threadpool(self._head)
        more = True
        while more:
            told = await run_in_threadpool(self._read, self.seq)
            for change in told.changes:
                for page in self._pages:
                    self.resyncs += page.give(change)
            for age in told.ages:
                self.delays.note(age)
            self.seq, more = told.seq, told.more

    async def since(self, after: int) -> Told:
        """What changed after `after`, or one resync if that is too much to tell; and where it ends."""
        head = await run_in_threadpool(self._head)
        if after > head or head - after > MOST_BEHIND:
            return Told([resync(head)], head)
        found: list[Change] = []
        more = True
        while more:
            told = await run_in_threadpool(self._read, after)
            found += told.changes
            after, more = told.seq, told.more
        return Told(found, after)

    def join(self, actor: Actor) -> Page:
        """A page that listens from now on."""
        page = Page(actor)
        if self._closed:
            page.close()
        self._pages.add(page)
        return page

    def leave(self, page: Page) -> None:
        """It listens no more."""
        self._pages.discard(page)

    def close(self) -> None:
        """Let every page go: the hub stops."""
        self._closed = True
        for page in self._pages:
            page.close()
