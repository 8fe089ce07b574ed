"""The plan as GeoJSON, in and out; what is wrong with it; and where it lies on the earth."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Response
from pydantic import Field

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.imports import Body, Imported, Queued, Wished, said
from hub.api.parts import PartsHere
from hub.api.shape.base import Given, Shown
from hub.core.placed import Anchor, Frame
from hub.service import anchor
from hub.service.imports import plan, written
from hub.service.imports.geojson import MOST_BYTES
from hub.service.shape import pair

BODY = {
    "required": True,
    "content": {"application/geo+json": {"schema": {"type": "string", "maxLength": MOST_BYTES}}},
}

router = Guarded(prefix="/api", tags=["plan"], most=MOST_BYTES)

Surveyor = Annotated[Visitor, Depends(Signed("market.change", shows=False))]
Framed = Annotated[Frame, Query()]


class Fault(Shown):
    """Something that is wrong with the plan, whom it concerns and where to look; metres, y down."""

    rule: str
    kind: str
    """What `ids` name first: hall, street, shop, gate; or market."""
    ids: list[str]
    x: float
    y: float
    bars: bool
    """Whether a drawing with it is not taken in."""
    zh: str
    en: str


class Lies(Given):
    """Where the plan's point 0, 0 lies in WGS-84, and the bearing of up, clockwise from north."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-85, le=85)]
    turn: Annotated[float, Field(ge=-360, le=360)] = 0.0


@router.post("/imports/plan", response_model=Imported, openapi_extra={"requestBody": BODY})
def take_plan(
    visitor: Surveyor, data: Body, parts: PartsHere, wished: Wished, frame: Framed = "metres"
) -> dict[str, Any]:
    """Check a plan in GeoJSON, feature by feature; enter all of it or nothing, or what is good of it."""
    now = parts.clock.now()
    with parts.readings() as session:
        draft = plan.drawn(session, visitor.actor, data, frame, Queued(parts, session), now)
    with (parts.sessions if wished.apply else parts.readings).begin() as session:
        return said(plan.take(session, visitor.actor, draft, wished, now))


@router.get("/exports/plan.geojson", response_class=Response)
def give_plan(visitor: Surveyor, parts: PartsHere, frame: Framed = "metres") -> Response:
    """Halls, streets, gates and today's shops as GeoJSON that can be taken in again."""
    now = parts.clock.now()
    with parts.readings() as session:
        data = written.give(session, visitor.actor, frame, Queued(parts, session), now)
    with parts.sessions.begin() as session:
        written.note(session, visitor.actor, frame, now)
    headers = {"Content-Disposition": 'attachment; filename="plan.geojson"'}
    return Response(data, media_type="application/geo+json", headers=headers)


@router.get("/market/faults", response_model=list[Fault])
def faults(visitor: Surveyor, parts: PartsHere) -> list[dict[str, Any]]:
    """What is wrong with the plan as it stands: gaps, overlaps, doors into nothing, shops without a way."""
    with parts.readings() as session:
        found = plan.faults(session, visitor.actor, Queued(parts, session), parts.clock.now())
    return [
        {
            "rule": one.rule,
            "kind": one.kind,
            "ids": list(one.ids),
            "x": one.at[0],
            "y": one.at[1],
            "bars": one.bars,
            **pair(one.words),
        }
        for one in found
    ]


@router.get("/market/place", response_model=Lies | None)
def place(visitor: Surveyor, parts: PartsHere) -> Lies | None:
    """Where the plan lies on the earth; null while nobody has said."""
    with parts.readings() as session:
        return _lies(anchor.of(session, visitor.actor.market))


@router.put("/market/place", response_model=Lies)
def put_place(given: Lies, visitor: Surveyor, parts: PartsHere) -> Lies:
    """Say where the plan lies, so that files in degrees fit it; nothing on the plan moves."""
    with parts.sessions.begin() as session:
        anchor.put(session, visitor.actor, Anchor(**given.model_dump()), parts.clock.now())
    return given


def _lies(found: Anchor | None) -> Lies | None:
    return Lies(lon=found.lon, lat=found.lat, turn=found.turn) if found else None
