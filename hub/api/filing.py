"""What the law asks of cameras: forbidden zones with their masks, and the filing sheet."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Response

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.shape.base import SlugPath, UuidPath
from hub.api.shape.filing import Filed, FilingDone, FilingSheet, MaskStated, NewZone, Zone
from hub.api.shape.people import Made
from hub.core.glossary import Pair
from hub.service import filing, zone
from hub.service.coverage import lens
from hub.service.filing import Facts

router = Guarded(prefix="/api", tags=["coverage"], most=16_384)

Seer = Annotated[Visitor, Depends(Signed("coverage.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("coverage.change", shows=False))]
Reader = Annotated[Visitor, Depends(Signed("filing.see", shows=False))]
Clerk = Annotated[Visitor, Depends(Signed("filing.change", shows=False))]


@router.get("/zones", response_model=list[Zone])
def zones(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Forbidden zones, and the cameras that look into them."""
    entered = _entered(parts, visitor)
    with parts.readings() as session:
        return zone.listing(session, visitor.actor, entered)


@router.post("/zones", status_code=201)
def make(given: NewZone, visitor: Changer, parts: PartsHere) -> Made:
    """Say where no camera may look; cameras that do are shown from now on."""
    names = Pair(given.name_zh, given.name_en)
    with parts.sessions.begin() as session:
        row = zone.make(session, visitor.actor, given.kind, names, given.ring, parts.clock.now())
        made = Made(id=row.id)
    parts.feeds.wake()
    return made


@router.delete("/zones/{zone_id}", status_code=204)
def remove(zone_id: UuidPath, visitor: Changer, parts: PartsHere) -> None:
    """There is no such zone any more."""
    with parts.sessions.begin() as session:
        zone.remove(session, visitor.actor, zone_id, parts.clock.now())
    parts.feeds.wake()


@router.post("/zones/{zone_id}/masks", status_code=204)
def mask(zone_id: UuidPath, given: MaskStated, visitor: Changer, parts: PartsHere) -> None:
    """State that a mask on a camera's picture covers the zone, as the camera stands now."""
    with parts.sessions.begin() as session:
        zone.mask(session, visitor.actor, zone_id, given.camera, given.text, parts.clock.now())
    parts.feeds.wake()


@router.get("/filing", response_model=FilingSheet)
def sheet(visitor: Reader, parts: PartsHere) -> dict[str, Any]:
    """The filing sheet as it is, what is missing, and what has changed since it was handed in."""
    entered = _entered(parts, visitor)
    with parts.readings() as session:
        return filing.sheet(session, visitor.actor, entered, parts.clock.now())


@router.get("/filing.csv", response_class=Response)
def give(visitor: Reader, parts: PartsHere) -> Response:
    """The sheet as a file; no cell of it is a formula."""
    with parts.sessions.begin() as session:
        data = filing.give(session, visitor.actor, parts.clock.now())
    headers = {"Content-Disposition": 'attachment; filename="filing.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


@router.put("/filing/cameras/{camera}", status_code=204)
def describe(camera: SlugPath, given: Filed, visitor: Clerk, parts: PartsHere) -> None:
    """Say of a camera what the sheet asks."""
    facts = Facts(**given.model_dump())
    with parts.sessions.begin() as session:
        filing.describe(session, visitor.actor, camera, facts, parts.clock.now())
    parts.feeds.wake()


@router.post("/filing", status_code=201)
def done(given: FilingDone, visitor: Clerk, parts: PartsHere) -> Made:
    """The sheet was handed in as it stands; 409 where a camera lacks something or looks where it may not.

    With `digest`, 409 as well where the sheet was changed after it was read.
    """
    entered = _entered(parts, visitor)
    with parts.sessions.begin() as session:
        now = parts.clock.now()
        row = filing.done(session, visitor.actor, given.number, given.digest, entered, now)
        made = Made(id=row.id)
    parts.feeds.wake()
    return made


def _entered(parts: Parts, visitor: Visitor) -> tuple[tuple[str, str], ...]:
    """Cameras and the zones that they look into."""
    market = visitor.actor.market
    ground = parts.pictures.ground(parts.readings, parts.clock, market)
    with parts.readings() as session:
        lenses = [lens.of(camera) for camera in lens.cameras(session, market)]
        asked = zone.asked(session, market, ground, lenses)
    return parts.pictures.entered(parts.solver, asked).enters
