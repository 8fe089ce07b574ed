"""Leave and wishes of guards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import RowPath
from hub.api.shape.people import Made
from hub.api.shape.roster import GuardLeave, NewGuardLeave
from hub.service.roster import leave

router = Guarded(prefix="/api/leaves", tags=["rosters"], most=8192)

Swapper = Annotated[Visitor, Depends(Signed("duty.swap", shows=False))]
Approver = Annotated[Visitor, Depends(Signed("duty.approve", shows=False))]


@router.get("", response_model=list[GuardLeave])
def leaves(visitor: Swapper, parts: PartsHere) -> list[dict[str, Any]]:
    """One's own, and those for which one decides."""
    with parts.readings() as session:
        return leave.listing(session, visitor.actor, parts.clock.now())


@router.post("", status_code=201)
def ask(given: NewGuardLeave, visitor: Swapper, parts: PartsHere) -> Made:
    """Ask for one's own leave, or say what one wishes for."""
    with parts.sessions.begin() as session:
        now, days = parts.clock.now(), (given.first, given.last)
        return Made(id=leave.ask(session, visitor.actor, given.kind, days, given.shift, now).id)


@router.post("/{one}/grant", status_code=204)
def grant(one: RowPath, visitor: Approver, parts: PartsHere) -> None:
    """Grant a leave; shifts on its days are gaps at once."""
    with parts.sessions.begin() as session:
        leave.decide(session, visitor.actor, one, "granted", parts.clock.now())
    parts.feeds.wake()


@router.post("/{one}/refuse", status_code=204)
def refuse(one: RowPath, visitor: Approver, parts: PartsHere) -> None:
    """Refuse a leave."""
    with parts.sessions.begin() as session:
        leave.decide(session, visitor.actor, one, "refused", parts.clock.now())


@router.delete("/{one}", status_code=204)
def withdraw(one: RowPath, visitor: Swapper, parts: PartsHere) -> None:
    """Take one's own back."""
    with parts.sessions.begin() as session:
        leave.withdraw(session, visitor.actor, one, parts.clock.now())
