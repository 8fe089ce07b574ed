"""The feed as a page hears it: server-sent events that go on after a broken connection."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterable
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.exc import SQLAlchemyError

from hub.api.feed import Change, Page, Told
from hub.api.guard import Guarded, Signed, Visitor, somewhere
from hub.api.parts import Parts, PartsHere
from hub.api.pulse import PULSE_SECONDS
from hub.core.policy import Actor
from hub.service import wall as walls
from hub.service.session import living

ASK_SECONDS = 2.0
"""How often it is asked anew whether the session lives and what its person may see. Where a line of the
ledger says that rights changed, it is asked at once."""
WALL_SECONDS = 8.0
"""How often a page is told how the wall stands around the alerts."""
RETRY_MS = 1000
LISTENS = ("wall.see", "admin.see")
"""Who sees the wall hears its changes; who looks after the hub hears its pulse."""

UNNUMBERED = frozenset({"resync", "wall"})
"""What is told whatever was told before."""

Line = Annotated[int | None, Query(ge=0, le=2**62)]

log = logging.getLogger(__name__)
router = Guarded(prefix="/api", tags=["wall"], most=0)


@router.get("/feed", response_class=EventSourceResponse)
async def feed(
    visitor: Annotated[Visitor, Depends(Signed(*LISTENS))],
    parts: PartsHere,
    after: Line = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Changes from now on, or from the one that `after` or Last-Event-ID names, and the hub's pulse."""
    market = visitor.actor.market
    here = parts.feeds.of(market)
    page = here.join(visitor.actor, partial(_who, parts, visitor.token, market))
    asking = asyncio.create_task(_watch(parts, page))
    try:
        yield ServerSentEvent(comment="here", retry=RETRY_MS)
        start = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
        told = Told((), here.seq or 0) if start is None else await here.since(start)
        seen = told.seq
        for change in told.changes:
            if change.sees(visitor.actor):
                yield _event(change, change.seq)
        pulse = time.monotonic()
        while (news := await page.take(max(0.0, pulse - time.monotonic()))) is not None:
            for change in news:
                if change.seq > seen or change.event in UNNUMBERED:
                    seen = max(seen, change.seq)
                    yield _event(change, seen)
            if time.monotonic() >= pulse:
                yield ServerSentEvent(raw_data=parts.feeds.pulse.said(parts.clock.now()), event="pulse")
                pulse = time.monotonic() + PULSE_SECONDS
    finally:
        asking.cancel()
        parts.feeds.leave(market, page)


def _event(change: Change, seen: int) -> ServerSentEvent:
    return ServerSentEvent(raw_data=change.data, event=change.event, id=str(seen))


async def _watch(parts: Parts, page: Page) -> None:
    """Ask anew, beside the stream so that a slow database holds back no pulse; its end is the page's."""
    around = time.monotonic() + WALL_SECONDS
    try:
        while not page.over:
            await asyncio.sleep(ASK_SECONDS)
            try:
                await page.renew()
                if time.monotonic() >= around:
                    around = time.monotonic() + WALL_SECONDS
                    await _tell_wall(parts, page)
            except SQLAlchemyError as error:
                log.warning("an open page could not be asked about: %s", error)
    finally:
        page.close()


async def _tell_wall(parts: Parts, page: Page) -> None:
    if somewhere(page.actor, "wall.see"):
        shown = await run_in_threadpool(_around, parts, page.actor)
        page.give(Change(0, "wall", json.dumps(shown, ensure_ascii=False), lambda _actor: True))


def _around(parts: Parts, actor: Actor) -> dict[str, Any]:
    with parts.readings() as session:
        return walls.around(session, actor, parts.clock.now())


def _who(parts: Parts, token: str, market: str) -> Actor | None:
    """Whoever listens, with the rights of this moment; that is use of the session, too."""
    now = parts.clock.now()
    with parts.readings() as session:
        found = living.find(session, token, now, market)
    if found is None or not any(somewhere(found.actor, action) for action in LISTENS):
        return None
    if found.stale:
        with parts.sessions.begin() as session:
            living.touch(session, token, now)
    return found.actor
