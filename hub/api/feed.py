"""A market's feed: one reader of its ledger, and what it read given to everybody who may see it.

The reader is woken by commits and looks by itself once a second besides. A page that does not keep up loses
its queue and is told to load anew; it slows down nobody else. Where rights changed, every page is asked about
anew before it is given anything more.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fastapi.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    rights: bool = False
    """Whether somebody's rights changed."""


class Reads(Protocol):
    """How a feed reads."""

    def read(self, after: int) -> Told:
        """What changed after a line."""
        ...

    def head(self) -> int:
        """The newest line."""
        ...


def resync(seq: int) -> Change:
    """Tells a page to load anew: it missed something."""
    return Change(seq, "resync", f'{{"seq":{seq}}}', lambda _actor: True)


class Page:
    """One page's queue.

    Args:
        actor: whoever listens.
        ask: who that is by now, None when they may listen no more; runs in a thread.
    """

    listens = True
    """It is given news, not only asked about."""

    def __init__(self, actor: Actor, ask: Callable[[], Actor | None] | None = None) -> None:
        self.actor, self._ask = actor, ask
        self._waiting: deque[Change] = deque()
        self._news = asyncio.Event()
        self._over = False

    async def renew(self) -> None:
        """Take the rights of this moment, or end.

        Raises:
            SQLAlchemyError: it could not be asked.
        """
        if self._ask is None:
            return
        actor = await run_in_threadpool(self._ask)
        if actor is None:
            self.close()
        else:
            self.actor = actor

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

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self._over

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

    `note` is told how old each line was when it was given to the pages, and None when a page fell behind.
    """

    def __init__(
        self,
        read: Callable[[int], Told],
        head: Callable[[], int],
        note: Callable[[float | None], None] = lambda _age: None,
    ) -> None:
        self._read, self._head, self._note = read, head, note
        self._pages: set[Page] = set()
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self.seq: int | None = None
        """The last line that was read; None until the first look."""

    @property
    def pages(self) -> int:
        """Pages that listen."""
        return sum(page.listens for page in self._pages)

    def wake(self) -> None:
        """Something was committed; may be called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._news.set)

    async def run(self) -> None:
        """Read for as long as the hub serves."""
        self._loop = asyncio.get_running_loop()
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
            if told.rights:
                for page in tuple(self._pages):
                    await page.renew()
            for change in told.changes:
                for page in self._pages:
                    if page.give(change):
                        self._note(None)
            for age in told.ages:
                self._note(age)
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

    def join(self, actor: Actor, ask: Callable[[], Actor | None] | None = None) -> Page:
        """A page that listens from now on; `ask` says who it is by now."""
        page = Page(actor, ask)
        self.admit(page)
        return page

    def admit(self, page: Page) -> None:
        """It listens from now on."""
        if self._closed:
            page.close()
        self._pages.add(page)

    def leave(self, page: Page) -> None:
        """It listens no more."""
        self._pages.discard(page)

    def close(self) -> None:
        """Let every page go: the hub stops."""
        self._closed = True
        for page in self._pages:
            page.close()
