"""Zones and masks: what is drawn on a camera's picture, by versions, and what its edge has in force."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from hub.api.guard import FromDevice, Guarded, Signed, Visitor
from hub.api.orders import matched
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import SlugPath
from hub.api.shape.scene import DrawnCamera, OldDrawing, RuleKind, Scene
from hub.service import scene as scenes
from wire.drawn import MOST_DRAWN
from wire.message import Bad
from wire.rulebook import rulebook

Seer = Annotated[Visitor, Depends(Signed("device.see"))]
Drawer = Annotated[Visitor, Depends(Signed("device.configure"))]

router = Guarded(tags=["scenes"], most=MOST_DRAWN)


@router.get("/api/scenes", response_model=list[DrawnCamera])
def listing(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Every camera that an edge reads."""
    with parts.readings() as session:
        return scenes.listing(session, visitor.actor)


@router.get("/api/rulebook", response_model=list[RuleKind], response_model_exclude_none=True)
def kinds(_visitor: Seer) -> list[dict[str, Any]]:
    """Every kind of rule with its fields and their limits."""
    return rulebook()


@router.get("/api/scenes/{camera}", response_model=Scene)
def one(camera: SlugPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """What is drawn of a camera, and what its edge has in force."""
    with parts.readings() as session:
        return scenes.scene(session, visitor.actor, camera)


@router.put("/api/scenes/{camera}", response_model=Scene)
async def draw(
    camera: SlugPath,
    request: Request,
    visitor: Drawer,
    parts: PartsHere,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> dict[str, Any]:
    """Draw a camera anew, `{"masks": […], "zones": […]}`; null: as its edge's own file says.

    412 somebody was faster, 422 it cannot be drawn so, 428 If-Match is missing.
    """
    data, match = await request.body(), matched(if_match)
    return await run_in_threadpool(_draw, parts, visitor, camera, data, match)


@router.get("/api/scenes/{camera}/versions", response_model=list[OldDrawing])
def versions(camera: SlugPath, visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """How it was drawn, newest first."""
    with parts.readings() as session:
        return scenes.versions(session, visitor.actor, camera)


@router.put("/edge/v1/scenes/{camera}", status_code=204)
async def told(
    camera: SlugPath, request: Request, device: Annotated[str, Depends(FromDevice())], parts: PartsHere
) -> Response:
    """Take what an edge watches one of its cameras by."""
    data = await request.body()
    await run_in_threadpool(_told, parts, device, camera, data)
    return Response(status_code=204)


def _draw(parts: Parts, visitor: Visitor, camera: str, data: bytes, match: int) -> dict[str, Any]:
    with parts.sessions.begin() as session:
        scenes.draw(session, visitor.actor, camera, data, match, parts.clock.now())
        session.flush()
        shown = scenes.scene(session, visitor.actor, camera)
    parts.ordered()
    parts.feeds.wake()
    return shown


def _told(parts: Parts, device: str, camera: str, data: bytes) -> None:
    try:
        with parts.sessions.begin() as session:
            scenes.told(session, device, camera, data, parts.clock.now())
    except Bad as bad:
        raise Turned(422, "scene.shape", f"This is nothing drawn: {bad}.", "内容有误。") from bad
