"""Shop groups over time, and the election of their centre shops."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import RowPath, SlugPath
from hub.api.shape.group import CalledOff, GroupLine, GroupPage, NewCount, NewElection
from hub.api.shape.people import Made
from hub.service import election, group

router = Guarded(prefix="/api", tags=["registers"], most=8192)

Seer = Annotated[Visitor, Depends(Signed("market.see", shows=False))]
Elector = Annotated[Visitor, Depends(Signed("elect", shows=False))]


@router.get("/groups", response_model=list[GroupLine])
def listing(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Every shop group that stands, its centre shop, and how the term stands."""
    with parts.readings() as session:
        return group.listing(session, visitor.actor, parts.clock.now())


@router.get("/groups/{one}", response_model=GroupPage)
def page(one: SlugPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One group: its shops, its elections, and who was in it when."""
    with parts.readings() as session:
        return group.page(session, visitor.actor, one, parts.clock.now())


@router.post("/groups/{one}/elections", status_code=201)
def call(one: SlugPath, given: NewElection, visitor: Elector, parts: PartsHere) -> Made:
    """An election is called with its candidates."""
    with parts.sessions.begin() as session:
        made = election.call(session, visitor.actor, one, given.way, given.candidates, parts.clock.now())
        return Made(id=made.id)


@router.post("/elections/{election_id}/count", status_code=204)
def count(election_id: RowPath, given: NewCount, visitor: Elector, parts: PartsHere) -> None:
    """What was counted is entered; the winner coordinates the group from today."""
    with parts.sessions.begin() as session:
        election.decide(
            session, visitor.actor, election_id, given.votes, given.blank, given.lot, parts.clock.now()
        )


@router.post("/elections/{election_id}/cancel", status_code=204)
def cancel(election_id: RowPath, given: CalledOff, visitor: Elector, parts: PartsHere) -> None:
    """An open election is called off."""
    with parts.sessions.begin() as session:
        election.cancel(session, visitor.actor, election_id, given.reason, parts.clock.now())
