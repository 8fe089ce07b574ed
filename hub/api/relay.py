"""Live pictures: edges bring them by one socket each, pages fetch them by one socket each (wire/relay.py)."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import Annotated

from fastapi import Depends, WebSocket
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from hub.api.guard import FromDevice, Guarded, Signed, Visitor, somewhere
from hub.api.looking import Looking, Right
from hub.api.parts import Parts, PartsHere
from hub.api.streams import Edge
from hub.core.policy import Actor
from hub.service import device as devices
from hub.service import relay
from hub.service.session import living
from wire.relay import Watched, encode_watched

TELL_SECONDS = 1.0
"""How often it is looked what is watched."""
KEEP_SECONDS = 5.0
"""How often an edge is told so though it is the same: it ends by itself what nobody keeps up."""
ASK_SECONDS = 10.0
"""How often it is asked whether a device may still speak, and which cameras are its own."""

GOING = 1012
"""An edge's socket is closed: it may come again."""

log = logging.getLogger(__name__)
router = Guarded(tags=["relay"])


@router.websocket("/api/relay")
async def look(
    socket: WebSocket, visitor: Annotated[Visitor, Depends(Signed(relay.ACTION))], parts: PartsHere
) -> None:
    """Show this page what it asks for, one message a picture, as long as its person may see it.

    The page says `{"csrf":"…","streams":[{"camera":"c-2-01","main":false}]}`, all that it watches from then
    on; it hears `{"camera","code","en","zh"}` where it may not. Looking is registered once a session and
    node. Closed with 4403 where nothing may be seen any more, with 1008 where what was said is nonsense.
    """
    await socket.accept()
    market = visitor.actor.market
    right = Right(visitor.actor, partial(_who, parts, visitor.token, market))
    parts.feeds.of(market).admit(right)
    try:
        code = await Looking(socket, visitor, parts, right).run()
    finally:
        parts.feeds.leave(market, right)
    if code:
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(code)


@router.websocket("/edge/v1/relay")
async def bring(socket: WebSocket, device: Annotated[str, Depends(FromDevice())], parts: PartsHere) -> None:
    """Take pictures of the device's own cameras, and tell it what is watched; nothing else is kept of them.

    A newer connection of the same device ends this one.
    """
    own = await run_in_threadpool(_cameras, parts, device)
    await socket.accept()
    edge = parts.streams.join(device, own or ())
    doings = (_take(socket, edge, parts), _tell(socket, edge, parts), _ask(edge, parts), edge.over.wait())
    works: list[asyncio.Task[object]] = [asyncio.ensure_future(doing) for doing in doings]
    try:
        await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
    finally:
        parts.streams.part(edge)
        for work in works:
            work.cancel()
        ended = await asyncio.gather(*works, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception) and not isinstance(error, WebSocketDisconnect):
            log.error("the relay of %s ended by a fault", device, exc_info=error)
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(GOING)


async def _take(socket: WebSocket, edge: Edge, parts: Parts) -> None:
    while (said := await socket.receive())["type"] == "websocket.receive":
        parts.streams.take(edge, said.get("bytes") or b"", parts.clock.now().timestamp())


async def _tell(socket: WebSocket, edge: Edge, parts: Parts) -> None:
    loop = asyncio.get_running_loop()
    told, again = None, 0.0
    while True:
        wanted = parts.streams.wanted(edge)
        if wanted != told or loop.time() >= again:
            told, again = wanted, loop.time() + KEEP_SECONDS
            await socket.send_text(encode_watched(Watched(wanted)))
        with suppress(TimeoutError):
            await asyncio.wait_for(edge.changed.wait(), TELL_SECONDS)
        edge.changed.clear()


async def _ask(edge: Edge, parts: Parts) -> None:
    while True:
        await asyncio.sleep(ASK_SECONDS)
        try:
            own = await run_in_threadpool(_cameras, parts, edge.device)
        except SQLAlchemyError as error:
            log.warning("an edge that relays could not be asked about: %s", error)
            continue
        if own is None:
            return
        edge.cameras = frozenset(own)


def _cameras(parts: Parts, device: str) -> list[str] | None:
    """The device's own cameras; None where it may not speak any more."""
    with parts.readings() as session:
        if devices.key_of(session, parts.market, device) is None:
            return None
        return relay.cameras(session, device)


def _who(parts: Parts, token: str, market: str) -> Actor | None:
    """Whoever looks, with the rights of this moment; that is use of the session, too."""
    now = parts.clock.now()
    with parts.readings() as session:
        found = living.find(session, token, now, market)
    if found is None or not somewhere(found.actor, relay.ACTION):
        return None
    if found.stale:
        with parts.sessions.begin() as session:
            living.touch(session, token, now)
    return found.actor
