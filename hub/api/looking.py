"""Somebody who looks live: what their page asks for, and whether they still may have it."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from hub.api.feed import Page
from hub.api.shape.relay import Watch
from hub.service import relay
from wire.relay import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import WebSocket

    from hub.api.feed import Change
    from hub.api.guard import Visitor
    from hub.api.parts import Parts
    from hub.core.policy import Actor
    from hub.core.refuse import Refused
    from hub.service.relay import Seen

ASK_SECONDS = 2.0
"""How often it is asked anew what this person may see; where rights changed, at once."""
MOST_SAID = 8 * 1024
"""Characters of what a page says at once."""
OVER, NONSENSE = 4403, 1008
"""Why a socket is closed: whoever looks may do so no more, or it is no page of ours."""

log = logging.getLogger(__name__)


class Right(Page):
    """Hears in the market's feed that rights changed, and nothing else."""

    listens = False

    def __init__(self, actor: Actor, ask: Callable[[], Actor | None]) -> None:
        super().__init__(actor, ask)
        self.asked = asyncio.Event()
        """It was asked anew, or is over."""

    async def renew(self) -> None:
        """Take the rights of this moment, or end; raises SQLAlchemyError."""
        await super().renew()
        self.asked.set()

    def close(self) -> None:
        """It is over."""
        super().close()
        self.asked.set()

    def give(self, change: Change) -> bool:  # noqa: ARG002 - the feed's own signature
        """News are for others."""
        return False


class Looking:
    """One page's socket, after it was accepted.

    Args:
        socket: the page's.
        visitor: who opened it.
        parts: of the app.
        right: whoever looks, as the feed knows them.
    """

    def __init__(self, socket: WebSocket, visitor: Visitor, parts: Parts, right: Right) -> None:
        self._socket, self._visitor, self._parts, self._right = socket, visitor, parts, right
        self._viewer = parts.streams.viewer()
        self._wanted: frozenset[Stream] = frozenset()
        self._noted: set[str] = set()
        """Nodes that stand in the register for this session."""
        self._refused: frozenset[str] = frozenset()
        """Cameras whose refusal the page was told."""
        self._turn = asyncio.Lock()

    async def run(self) -> int:
        """Show until it ends; the code to close the socket with, 0 when the page has gone."""
        works = [asyncio.create_task(work()) for work in (self._hear, self._show, self._ask)]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            self._parts.streams.leave(self._viewer)
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def _hear(self) -> int:
        """Take what the page says."""
        while (said := await self._socket.receive())["type"] == "websocket.receive":
            text = said.get("text") or ""
            try:
                asked = Watch.model_validate_json(text[: MOST_SAID + 1])
            except ValidationError:
                return NONSENSE
            if not hmac.compare_digest(asked.csrf.encode(), self._visitor.csrf.encode()):
                return NONSENSE
            self._wanted = frozenset(Stream(one.camera, one.main) for one in asked.streams)
            await self._allow()
        return 0

    async def _show(self) -> int:
        """Give the page its pictures; a connection that is full holds up nobody else."""
        with suppress(WebSocketDisconnect):
            while True:
                since, message = await self._viewer.take()
                await self._socket.send_bytes(message)
                self._viewer.took(since, message)
        return 0

    async def _ask(self) -> int:
        """Ask anew, every now and then and where rights changed, what this person may see."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._right.asked.wait(), ASK_SECONDS)
            try:
                if not self._right.asked.is_set():
                    await self._right.renew()
                self._right.asked.clear()
                if self._right.over:
                    return OVER
                await self._allow()
            except SQLAlchemyError as error:
                log.warning("a page that looks live could not be asked about: %s", error)

    async def _allow(self) -> None:
        """Let the page watch what it wants and may, and no more."""
        async with self._turn:
            wanted = self._wanted
            seen, refused = await run_in_threadpool(self._look, {one.camera for one in wanted})
            by_name = {one.camera: one for one in seen}
            streams = [stream for stream in wanted if stream.camera in by_name]
            self._parts.streams.watch(self._viewer, streams)
            due = [
                (by_name[stream.camera], stream.main)
                for stream in streams
                if by_name[stream.camera].device and self._is_due(stream, by_name[stream.camera])
            ]
            if due:
                await run_in_threadpool(self._order, due)
            await self._tell(refused)

    def _is_due(self, stream: Stream, seen: Seen) -> bool:
        return self._parts.streams.due(stream, seen.epoch)

    def _look(self, cameras: set[str]) -> tuple[list[Seen], dict[str, Refused]]:
        """What may be seen; the register's rows stand before the first picture leaves."""
        parts = self._parts
        with parts.readings() as session:
            seen, refused = relay.look(session, self._right.actor, cameras)
        if fresh := {one.node for one in seen} - self._noted:
            with parts.sessions.begin() as session:
                relay.note(session, self._right.actor, self._visitor.session, fresh, parts.clock.now())
            self._noted |= fresh
        return seen, refused

    def _order(self, due: list[tuple[Seen, bool]]) -> None:
        parts = self._parts
        with parts.sessions.begin() as session:
            relay.order(session, self._right.actor, self._visitor.session, due, parts.clock.now())
        parts.ordered()
        parts.feeds.wake()

    async def _tell(self, refused: dict[str, Refused]) -> None:
        """Say once of each camera why it cannot be seen."""
        for camera in sorted(refused.keys() - self._refused):
            no = refused[camera]
            words = {"camera": camera, "code": no.code, "en": no.en, "zh": no.zh}
            await self._socket.send_text(json.dumps(words, ensure_ascii=False))
        self._refused = frozenset(refused)
