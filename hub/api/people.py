"""People of the market, what they hold, and who approves it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import RowPath, SlugPath
from hub.api.shape.people import (
    Decision,
    GrantNode,
    Made,
    NewGrant,
    NewPassword,
    NewPerson,
    NewSubject,
    Person,
    Proposed,
    Waiting,
)
from hub.core import glossary
from hub.service import area, grants, person
from hub.store.people import Grant

router = Guarded(prefix="/api", tags=["people"], most=8192)

Seer = Annotated[Visitor, Depends(Signed("person.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("person.change", shows=False))]
Decider = Annotated[Visitor, Depends(Signed("person.see", "grant.approve", shows=False))]
Approver = Annotated[Visitor, Depends(Signed("grant.approve", shows=False))]


@router.get("/people", response_model=list[Person])
def listing(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Everybody whom the visitor may see."""
    with parts.readings() as session:
        return person.listing(session, visitor.actor)


@router.post("/people", status_code=201)
def create(given: NewPerson, visitor: Changer, parts: PartsHere) -> Made:
    """Somebody comes; they hold nothing yet."""
    names = glossary.Pair(given.name_zh, given.name_en)
    new = parts.fresh(given.password) if given.password else None
    with parts.sessions.begin() as session:
        made = person.create(session, visitor.actor, names, given.login, new, parts.clock.now())
        return Made(id=made.id)


@router.get("/people/{person_id}", response_model=Person)
def one(person_id: SlugPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One of them."""
    with parts.readings() as session:
        return person.one(session, visitor.actor, person_id)


@router.delete("/people/{person_id}", status_code=204)
def dismiss(person_id: SlugPath, visitor: Changer, parts: PartsHere) -> None:
    """Somebody leaves: signed out everywhere, and they hold nothing."""
    with parts.sessions.begin() as session:
        person.dismiss(session, visitor.actor, person_id, parts.clock.now())
    parts.feeds.wake()


@router.post("/people/{person_id}/password", status_code=204)
def give_password(person_id: SlugPath, given: NewPassword, visitor: Changer, parts: PartsHere) -> None:
    """A password for the next log-in only; their sessions and second factor end."""
    new = parts.fresh(given.password)
    with parts.sessions.begin() as session:
        person.give_password(session, visitor.actor, person_id, new, parts.clock.now())
    parts.feeds.wake()


@router.put("/people/{person_id}/subject", status_code=204)
def link(person_id: SlugPath, given: NewSubject, visitor: Changer, parts: PartsHere) -> None:
    """Link somebody to their log-in at the organisation, or unlink them."""
    with parts.sessions.begin() as session:
        person.link(session, visitor.actor, person_id, given.subject, parts.clock.now())
    parts.feeds.wake()


@router.post("/people/{person_id}/grants", status_code=201)
def propose(person_id: SlugPath, given: NewGrant, visitor: Changer, parts: PartsHere) -> Proposed:
    """Propose a grant; it waits for a manager, or holds at once where there is none yet."""
    with parts.sessions.begin() as session:
        made = grants.propose(session, visitor.actor, person_id, given.role, given.node, parts.clock.now())
        return Proposed(waits=not isinstance(made, Grant))


@router.get("/grants/nodes", response_model=list[GrantNode])
def nodes(visitor: Changer, parts: PartsHere) -> list[dict[str, Any]]:
    """Where the visitor may give rights: streets and districts, the market, its grids and shop groups."""
    with parts.readings() as session:
        return area.nodes(session, visitor.actor)


@router.delete("/grants/{grant}", status_code=204)
def take(grant: RowPath, visitor: Changer, parts: PartsHere) -> None:
    """Take a grant away, at once."""
    with parts.sessions.begin() as session:
        grants.take(session, visitor.actor, grant, parts.clock.now())
    parts.feeds.wake()


@router.get("/proposals", response_model=list[Waiting])
def proposals(visitor: Decider, parts: PartsHere) -> list[dict[str, Any]]:
    """What waits for approval."""
    with parts.readings() as session:
        return grants.proposals(session, visitor.actor)


@router.post("/proposals/{proposal}", status_code=204)
def decide(proposal: RowPath, given: Decision, visitor: Approver, parts: PartsHere) -> None:
    """Approve a proposal or turn it down; never by its proposer or the person themselves."""
    with parts.sessions.begin() as session:
        grants.decide(session, visitor.actor, proposal, approve=given.approve, now=parts.clock.now())
    parts.feeds.wake()
