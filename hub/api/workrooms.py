"""Workrooms of the grids, the four levels with their tasks, and letters of appointment."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import RowPath, SlugPath
from hub.api.shape.people import Made
from hub.api.shape.workroom import (
    Appointment,
    AppointmentLetter,
    Level,
    NewAppointment,
    NewItem,
    NewWorkroom,
    Workroom,
)
from hub.core.glossary import Pair
from hub.service import appointment, level, workroom

router = Guarded(prefix="/api", tags=["registers"], most=8192)

Seer = Annotated[Visitor, Depends(Signed("market.see", shows=False))]
Keeper = Annotated[Visitor, Depends(Signed("workroom.change", shows=False))]
Appointer = Annotated[Visitor, Depends(Signed("appoint", shows=False))]
Item = Annotated[str, Path(pattern=r"^[a-z]{1,20}$")]


@router.get("/workrooms", response_model=list[Workroom])
def workrooms(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Every grid with its workroom and which of the five items that has."""
    with parts.readings() as session:
        return workroom.listing(session, visitor.actor, parts.clock.now())


@router.put("/workrooms/{grid}", status_code=204)
def put_workroom(grid: SlugPath, given: NewWorkroom, visitor: Keeper, parts: PartsHere) -> None:
    """A grid's workroom is entered, or what is entered of it is changed."""
    wanted = workroom.Given(Pair(given.name_zh, given.name_en), given.spot, given.phone)
    with parts.sessions.begin() as session:
        workroom.put(session, visitor.actor, grid, wanted, parts.clock.now())


@router.put("/workrooms/{grid}/items/{item}", status_code=204)
def tick(grid: SlugPath, item: Item, given: NewItem, visitor: Keeper, parts: PartsHere) -> None:
    """Whether a grid's workroom has one of the five items."""
    with parts.sessions.begin() as session:
        workroom.tick(session, visitor.actor, grid, item, given.ready, given.note, parts.clock.now())


@router.get("/levels", response_model=list[Level])
def levels(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Grid, market, street and district: what each does, and who leads there."""
    with parts.readings() as session:
        return level.listing(session, visitor.actor, parts.clock.now())


@router.get("/appointments", response_model=list[Appointment])
def appointments(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Letters of appointment, those in office first."""
    with parts.readings() as session:
        return appointment.listing(session, visitor.actor, parts.clock.now())


@router.post("/appointments", status_code=201)
def appoint(given: NewAppointment, visitor: Appointer, parts: PartsHere) -> Made:
    """Somebody is appointed; whoever held the office ends the day before."""
    days = (given.begins, given.ends)
    with parts.sessions.begin() as session:
        made = appointment.make(
            session, visitor.actor, given.person, given.office, given.grid, days, parts.clock.now()
        )
        return Made(id=made.id)


@router.get("/appointments/{letter}", response_model=AppointmentLetter)
def one(letter: RowPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One letter as it is printed."""
    with parts.readings() as session:
        return appointment.letter(session, visitor.actor, letter, parts.clock.now())


@router.delete("/appointments/{letter}", status_code=204)
def revoke(letter: RowPath, visitor: Appointer, parts: PartsHere) -> None:
    """An appointment ends today; the letter stays on the list."""
    with parts.sessions.begin() as session:
        appointment.revoke(session, visitor.actor, letter, parts.clock.now())
