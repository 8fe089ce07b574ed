"""Messages that could not be taken: why, what they say, and what is decided about them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.shape.base import UuidPath
from hub.api.shape.letter import Letter, Letters, State
from hub.service import letter as letters

Seer = Annotated[Visitor, Depends(Signed("admin.see"))]
Changer = Annotated[Visitor, Depends(Signed("admin.change"))]

router = Guarded(prefix="/api/letters", tags=["letters"])


@router.get("", response_model=Letters)
def listing(
    visitor: Seer,
    parts: PartsHere,
    state: State | None = None,
    before: Annotated[str | None, Query(pattern="^[0-9a-f-]{1,36}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Newest first; `before` is the id of the last one of the page before."""
    with parts.readings() as session:
        return letters.listing(session, visitor.actor, state, before, limit)


@router.get("/{letter}", response_model=Letter)
def detail(letter: UuidPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One of them, with its payload as text."""
    with parts.readings() as session:
        return letters.detail(session, visitor.actor, letter)


@router.post("/{letter}/retry", response_model=Letter, status_code=202)
def retry(letter: UuidPath, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """Have it tried again; within seconds it is taken, or open again with the reason."""
    return _decide(parts, visitor, letter, "retry")


@router.post("/{letter}/drop", response_model=Letter)
def drop(letter: UuidPath, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """Put it away for good; it stays in the list of those."""
    return _decide(parts, visitor, letter, "drop")


def _decide(parts: Parts, visitor: Visitor, letter: str, act: Literal["retry", "drop"]) -> dict[str, Any]:
    with parts.sessions.begin() as session:
        letters.decide(session, visitor.actor, letter, act, parts.clock.now())
        session.flush()
        shown = letters.detail(session, visitor.actor, letter)
    parts.feeds.wake()
    return shown
