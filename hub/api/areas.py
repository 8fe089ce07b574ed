"""Districts and streets above the market."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.area import Area, NewArea, Placed
from hub.api.shape.base import SlugPath
from hub.api.shape.people import Made
from hub.core.glossary import Pair
from hub.service import district

router = Guarded(prefix="/api", tags=["people"], most=4096)

Changer = Annotated[Visitor, Depends(Signed("area.change", shows=False))]


@router.get("/areas", response_model=list[Area])
def listing(visitor: Changer, parts: PartsHere) -> list[dict[str, Any]]:
    """The areas above the market, and those in which it may be put."""
    with parts.readings() as session:
        return district.listing(session, visitor.actor)


@router.post("/areas", status_code=201)
def create(given: NewArea, visitor: Changer, parts: PartsHere) -> Made:
    """A district or a street; nobody holds anything there yet."""
    names, now = Pair(given.name_zh, given.name_en), parts.clock.now()
    with parts.sessions.begin() as session:
        made = district.create(session, visitor.actor, given.kind, given.parent, names, now)
        return Made(id=made.id)


@router.delete("/areas/{area}", status_code=204)
def remove(area: SlugPath, visitor: Changer, parts: PartsHere) -> None:
    """Take an empty one away."""
    with parts.sessions.begin() as session:
        district.remove(session, visitor.actor, area, parts.clock.now())


@router.put("/market/area", status_code=204)
def place(given: Placed, visitor: Changer, parts: PartsHere) -> None:
    """Put this market below a street or district, or below none."""
    with parts.sessions.begin() as session:
        district.place(session, visitor.actor, given.area, parts.clock.now())
    parts.feeds.wake()
