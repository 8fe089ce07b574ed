"""Cameras that can be turned: their presets, who has one, and turning it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import SlugPath
from hub.api.shape.turning import Steering, Turning
from hub.service import turning
from hub.service.turning import Wish

Turner = Annotated[Visitor, Depends(Signed("video.turn"))]

router = Guarded(prefix="/api/cameras/{camera}/turning", tags=["cameras"])


@router.get("", response_model=Turning)
def shown(camera: SlugPath, visitor: Turner, parts: PartsHere) -> dict[str, Any]:
    """Its presets, and who has it now."""
    with parts.readings() as session:
        return turning.shown(session, visitor.actor, camera, parts.clock.now())


@router.post("", response_model=Turning, status_code=202)
def steer(camera: SlugPath, given: Steering, visitor: Turner, parts: PartsHere) -> dict[str, Any]:
    """Turn it, taking it if nobody has it who ranks as high; or let it go home."""
    now, wish = parts.clock.now(), Wish(**given.model_dump())
    with parts.sessions.begin() as session:
        turning.steer(session, visitor.actor, camera, wish, now)
        session.flush()
        found = turning.shown(session, visitor.actor, camera, now)
    parts.ordered()
    parts.feeds.wake()
    return found
