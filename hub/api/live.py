"""The feed as a page hears it: server-sent events that go on after a broken connection."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import Depends, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from hub.api.feed import Change, Told
from hub.api.guard import Guarded, Signed, Visitor, somewhere
from hub.api.parts import Parts, PartsHere
from hub.core.policy import Actor
from hub.service import people
from hub.service import wall as walls

ASK_SECONDS = 8.0
"""How often it is asked anew whether the session lives, what its person may see, and how the wall stands."""
RETRY_MS = 1000

Line = Annotated[int | None, Query(ge=0, le=2**62)]

router = Guarded(prefix="/api", tags=["wall"], most=0)


@router.get("/feed", response_class=EventSourceResponse)
async def feed(
    visitor: Annotated[Visitor, Depends(Signed("wall.see"))],
    parts: PartsHere,
    after: Line = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Changes from now on, or from the one that `after` or Last-Event-ID names."""
    page = parts.feed.join(visitor.actor)
    try:
        yield ServerSentEvent(comment="here", retry=RETRY_MS)
        start = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
        told = Told((), parts.feed.seq or 0) if start is None else await parts.feed.since(start)
        seen = told.seq
        for change in told.changes:
            if change.sees(visitor.actor):
                yield _event(change)
        ask = time.monotonic() + ASK_SECONDS
        while (news := await page.take(max(0.0, ask - time.monotonic()))) is not None:
            for change in news:
                if change.seq > seen or change.event == "resync":
                    seen = max(seen, change.seq)
                    yield _event(change)
            if time.monotonic() >= ask:
                anew = await run_in_threadpool(_ask, parts, visitor.token, seen)
                if anew is None:
                    return
                page.actor, wall = anew
                ask = time.monotonic() + ASK_SECONDS
                yield _event(wall)
    finally:
        parts.feed.leave(page)


def _event(change: Change) -> ServerSentEvent:
    return ServerSentEvent(raw_data=change.data, event=change.event, id=str(change.seq))


def _ask(parts: Parts, token: str, seen: int) -> tuple[Actor, Change] | None:
    """Whoever listens, with the rights of this moment, and the wall as they see it; that is use, too."""
    now = parts.clock.now()
    with parts.readings() as session:
        found = people.find(session, token, now)
        if found is None or not somewhere(found.actor, "wall.see"):
            return None
        shown = walls.around(session, found.actor, now)
    if found.stale:
        with parts.sessions.begin() as session:
            people.touch(session, token, now)
    return found.actor, Change(seen, "wall", json.dumps(shown, ensure_ascii=False), lambda _actor: True)
