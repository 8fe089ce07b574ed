"""The handover book of workrooms, signing in for a duty and out, and who was there."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import SlugPath, UuidPath
from hub.api.shape.handover import Attended, GivenOver, HandoverPage, SignIn, TakenOver
from hub.api.shape.people import Day, Made
from hub.service import attendance, handover, number

router = Guarded(prefix="/api", tags=["handover"], most=64 * 1024)

Hand = Annotated[Visitor, Depends(Signed("handover", shows=False))]
Seer = Annotated[Visitor, Depends(Signed("duty.see", shows=False))]
Own = Annotated[Visitor, Depends(Signed(shows=False))]
Grid = Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,64}$")]


@router.get("/handovers/{grid}", response_model=list[HandoverPage])
def book(grid: SlugPath, visitor: Hand, parts: PartsHere) -> list[dict[str, Any]]:
    """The page at hand with what is open now, then the pages before it."""
    with parts.readings() as session:
        return handover.book(session, visitor.actor, grid, parts.clock.now())


@router.post("/handovers/{grid}", status_code=201)
def give(grid: SlugPath, given: GivenOver, visitor: Hand, parts: PartsHere) -> Made:
    """The shift is handed over."""
    kit = {one.asset: (one.ok, one.note) for one in given.kit}
    with parts.sessions.begin() as session:
        row = handover.give(session, visitor.actor, grid, given.note, kit, parts.clock.now())
        return Made(id=row.id)


@router.post("/handover/{page}/take", status_code=204)
def take(page: UuidPath, given: TakenOver, visitor: Hand, parts: PartsHere) -> None:
    """The shift is taken over."""
    with parts.sessions.begin() as session:
        handover.take(session, visitor.actor, page, given.answer, parts.clock.now())


@router.get("/attendance", response_model=list[Attended])
def attended(visitor: Seer, parts: PartsHere, day: Day, grid: Grid = None) -> list[dict[str, Any]]:
    """Duties that begin on a day of the market, with how they were kept."""
    with parts.readings() as session:
        zone = number.zone_of(session, visitor.actor.market)
        begins = datetime.combine(day, time(), zone)
        span = (begins, datetime.combine(day + timedelta(days=1), time(), zone))
        return attendance.listing(session, visitor.actor, span, grid, parts.clock.now())


@router.post("/me/attendance", status_code=204)
def sign_in(given: SignIn, visitor: Own, parts: PartsHere) -> None:
    """Sign in for the own duty with the armband that is worn."""
    with parts.sessions.begin() as session:
        attendance.sign_in(session, visitor.actor, given.armband, parts.clock.now())


@router.delete("/me/attendance", status_code=204)
def sign_out(visitor: Own, parts: PartsHere) -> None:
    """Sign out."""
    with parts.sessions.begin() as session:
        attendance.sign_out(session, visitor.actor, parts.clock.now())
