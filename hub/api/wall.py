"""The wall at one moment; the feed tells what changes after it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.wall import Wall
from hub.service import wall as walls
from hub.service.shape import iso

router = Guarded(prefix="/api", tags=["wall"], max_body_size=0)


@router.get("/wall", response_model=Wall)
def wall(visitor: Annotated[Visitor, Depends(Signed("wall.see"))], parts: PartsHere) -> dict[str, Any]:
    """Everything on the wall that this person may see."""
    with parts.readings() as session:
        shown = walls.snapshot(session, visitor.actor, parts.clock.now())
    times = parts.stills.times()
    for camera in shown["cameras"]:
        at = times.get(camera["id"])
        camera["still_at"] = iso(at) if at else None
    return shown
