"""Rotations, a group's month, all groups at a glance, closed days, and the hours of turns."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query

from hub.api import rotating
from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape import people
from hub.api.shape.base import SLUG, RowPath, SlugPath
from hub.api.shape.people import Made
from hub.api.shape.rotations import (
    HoursShown,
    Month,
    NewClosed,
    NewRotation,
    Overview,
    RotationHead,
    RotationPage,
    SolverJob,
    TurnHours,
)
from hub.core.turn import Hours
from hub.service import number
from hub.service.turn import closed, drafted, month, publish, rotation

router = Guarded(prefix="/api", tags=["turns"], most=8192)

Seer = Annotated[Visitor, Depends(Signed("duty.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("duty.change", shows=False))]
Approver = Annotated[Visitor, Depends(Signed("duty.approve", shows=False))]
Grid = Annotated[str | None, Query(pattern=SLUG)]
Day = Annotated[people.Day | None, Query()]


@router.get("/rotations", response_model=list[RotationHead])
def listing(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Drafts and what was published, newest first."""
    with parts.readings() as session:
        return drafted.listing(session, visitor.actor)


@router.post("/rotations", status_code=201)
def draw(given: NewRotation, visitor: Changer, parts: PartsHere) -> Made:
    """Begin a rotation; the solver begins at once: see its job."""
    actor, node = visitor.actor, given.node or visitor.actor.market
    with parts.sessions.begin() as session:
        now = parts.clock.now()
        made = rotation.draw(session, actor, node, given.first, given.last, given.seconds, now).id
    rotating.begin(parts, made)
    return Made(id=made)


@router.get("/rotations/{one}", response_model=RotationPage)
def page(one: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """A rotation with its groups' days."""
    with parts.readings() as session:
        return drafted.one(session, visitor.actor, one)


@router.delete("/rotations/{one}", status_code=204)
def discard(one: RowPath, visitor: Changer, parts: PartsHere) -> None:
    """Throw a draft away."""
    with parts.sessions.begin() as session:
        rotation.discard(session, visitor.actor, one, parts.clock.now())


@router.get("/rotations/{one}/job", response_model=SolverJob | None)
def look(one: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any] | None:
    """How its solver stands."""
    with parts.readings() as session:
        return drafted.job(drafted.find(session, visitor.actor, one))


@router.post("/rotations/{one}/job", response_model=SolverJob, status_code=202)
def solve(one: RowPath, visitor: Changer, parts: PartsHere) -> dict[str, Any] | None:
    """Have a draft solved anew."""
    with parts.sessions.begin() as session:
        shown = drafted.job(rotation.again(session, visitor.actor, one, parts.clock.now()))
    rotating.begin(parts, one)
    return shown


@router.delete("/rotations/{one}/job", response_model=SolverJob | None)
def stop(one: RowPath, visitor: Changer, parts: PartsHere) -> dict[str, Any] | None:
    """Let its solver stop and keep the best it has."""
    with parts.sessions.begin() as session:
        return drafted.job(rotation.stop(session, visitor.actor, one))


@router.post("/rotations/{one}/publish", status_code=204)
def put_out(one: RowPath, visitor: Approver, parts: PartsHere) -> None:
    """Let a draft hold; every shop hears its days."""
    with parts.sessions.begin() as session:
        publish.publish(session, visitor.actor, one, parts.clock.now())


@router.get("/turns/overview", response_model=Overview)
def overview(visitor: Seer, parts: PartsHere, day: Day = None, grid: Grid = None) -> dict[str, Any]:
    """Every group of the month that has `day`, today's where none is said."""
    now = parts.clock.now()
    with parts.readings() as session:
        any_day = day or number.day_of(session, visitor.actor.market, now)
        return month.overview(session, visitor.actor, any_day, grid, now)


@router.get("/groups/{one}/turns", response_model=Month)
def of_group(one: SlugPath, visitor: Seer, parts: PartsHere, day: Day = None) -> dict[str, Any]:
    """A group's month that has `day`, today's where none is said."""
    now = parts.clock.now()
    with parts.readings() as session:
        any_day = day or number.day_of(session, visitor.actor.market, now)
        return month.of_group(session, visitor.actor, one, any_day, now)


@router.post("/closed-days", status_code=201)
def close(given: NewClosed, visitor: Changer, parts: PartsHere) -> Made:
    """A day has no turn; who had it is told."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = closed.put(session, visitor.actor, given.group, given.day, given.reason, now)
        return Made(id=made.id)


@router.delete("/closed-days/{one}", status_code=204)
def reopen(one: RowPath, visitor: Changer, parts: PartsHere) -> None:
    """A day is open after all; it is given to a shop again."""
    with parts.sessions.begin() as session:
        closed.take(session, visitor.actor, one, parts.clock.now())


@router.get("/turns/hours", response_model=HoursShown)
def hours(visitor: Seer, parts: PartsHere) -> dict[str, object]:
    """When turns begin and end, and until when each thing is to be done."""
    with parts.readings() as session:
        return closed.shown(session, visitor.actor.market)


@router.put("/turns/hours", status_code=204)
def set_hours(given: TurnHours, visitor: Changer, parts: PartsHere) -> None:
    """Set them; they hold from now on."""
    with parts.sessions.begin() as session:
        closed.hours(session, visitor.actor, Hours(**given.model_dump()), parts.clock.now())
