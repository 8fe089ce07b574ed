"""The wall at one moment; the feed tells what changes after it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.wall import Wall
from hub.service import wall as walls

router = Guarded(prefix="/api", tags=["wall"], most=0)


@router.get("/wall", response_model=Wall)
def wall(visitor: Annotated[Visitor, Depends(Signed("wall.see"))], parts: PartsHere) -> dict[str, Any]:
    """Everything on the wall that this person may see."""
    with parts.readings() as session:
        shown = walls.snapshot(session, visitor.actor, parts.clock.now())
    return shown | {"cameras": [parts.stills.dated(camera) for camera in shown["cameras"]]}
