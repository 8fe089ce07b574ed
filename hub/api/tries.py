"""Rules tried at the edge: recordings run through what is drawn, saved or not."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from hub.api.guard import FromDevice, Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import SlugPath, UuidPath
from hub.api.shape.tries import Replay, Testing, Trying
from hub.service import device as devices
from hub.service import replay as replays
from hub.service.replay import Wish
from hub.service.shape import iso
from wire.message import Bad
from wire.replay import MOST_SAID
from wire.shown import MOST_SHOWN, decode_shown

WAIT = 2.0
"""Seconds for which a page waits for the next picture."""
Tuner = Annotated[Visitor, Depends(Signed("scene.try"))]
Device = Annotated[str, Depends(FromDevice())]

router = Guarded(tags=["tries"], most=MOST_SAID)


@router.post("/api/scenes/{camera}/replays", response_model=Replay, status_code=202)
def begin(camera: SlugPath, given: Trying, visitor: Tuner, parts: PartsHere) -> dict[str, Any]:
    """Have the edge run a recorded time through what is drawn; the register has a row of it."""
    now = parts.clock.now()
    wish = Wish(given.begin, given.seconds, given.purpose, given.drawn)
    with parts.sessions.begin() as session:
        made = replays.ask(session, visitor.actor, camera, wish, visitor.session, now)
        session.flush()
        shown = replays.one(session, visitor.actor, made.id, now)
    parts.ordered()
    return shown


@router.get("/api/replays/{number}", response_model=Replay)
def one(number: UuidPath, visitor: Tuner, parts: PartsHere) -> dict[str, Any]:
    """How far a replay of this person's is, and what would have fired."""
    with parts.readings() as session:
        return replays.one(session, visitor.actor, number, parts.clock.now())


@router.delete("/api/replays/{number}", response_model=Replay)
def stop(number: UuidPath, visitor: Tuner, parts: PartsHere) -> dict[str, Any]:
    """Stop it; what was found so far stays."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        replays.stop(session, visitor.actor, number, now)
        session.flush()
        return replays.one(session, visitor.actor, number, now)


@router.post("/api/scenes/{camera}/test", response_model=Testing, status_code=202)
def test(camera: SlugPath, visitor: Tuner, parts: PartsHere) -> dict[str, Any]:
    """Have the edge show what the camera's rules count, for a while and while this page asks."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        until = replays.show(session, visitor.actor, camera, visitor.session, now)
    parts.glass.begin(camera, visitor.session, until, now)
    parts.ordered()
    return {"until": iso(until)}


@router.get("/api/scenes/{camera}/test", response_class=Response)
def look(
    camera: SlugPath, visitor: Tuner, parts: PartsHere, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """The newest picture after the one that ETag named, with what its rules count; 204 none came meanwhile.

    404: nobody tries this camera now, the time is over, or the register has no row of this session.
    """
    with parts.readings() as session:
        replays.watch(session, visitor.actor, camera, visitor.session)
    try:
        found = parts.glass.take(camera, after, parts.clock.now(), WAIT)
    except KeyError as error:
        raise Turned(404, *replays.NO_TRIAL) from error
    if found is None:
        return Response(status_code=204)
    return Response(found[1], media_type="application/json", headers={"ETag": f'"{found[0]}"'})


@router.delete("/api/scenes/{camera}/test", status_code=204)
def end(camera: SlugPath, visitor: Tuner, parts: PartsHere) -> Response:
    """Enough of what this session began; who else tries the camera goes on."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        begun = parts.glass.is_tried(camera, visitor.session, now)
        replays.end(session, visitor.actor, camera, begun=begun, now=now)
    parts.glass.end(camera, visitor.session)
    return Response(status_code=204)


@router.post("/edge/v1/shown/{camera}", status_code=204, max_body_size=MOST_SHOWN)
async def shown(camera: SlugPath, request: Request, device: Device, parts: PartsHere) -> Response:
    """Take a picture of one of the device's own cameras with what its rules count; 410 nobody watches."""
    data = await request.body()
    kept = await run_in_threadpool(_shown, parts, device, camera, data)
    return Response(status_code=204 if kept else 410)


@router.post("/edge/v1/replays/{number}", status_code=204)
async def said(number: UuidPath, request: Request, device: Device, parts: PartsHere) -> Response:
    """Take what an edge says of a replay; 410 once nobody wants it any more."""
    data = await request.body()
    wanted = await run_in_threadpool(_said, parts, device, number, data)
    return Response(status_code=204 if wanted else 410)


def _shown(parts: Parts, device: str, camera: str, data: bytes) -> bool:
    try:
        decode_shown(data)
    except Bad as bad:
        raise Turned(422, "shown.shape", f"This cannot be shown: {bad}.", "内容有误。") from bad
    with parts.readings() as session:
        if not devices.serves(session, device, camera):
            return False
    return parts.glass.put(camera, data, parts.clock.now())


def _said(parts: Parts, device: str, number: str, data: bytes) -> bool:
    try:
        with parts.sessions.begin() as session:
            return replays.said(session, device, number, data, parts.clock.now())
    except Bad as bad:
        raise Turned(422, "replay.shape", f"This is no report of a replay: {bad}.", "内容有误。") from bad
