"""A person calls for help: before it, the call itself, and what becomes of it.

There is no way to take a call back: the phone sends it only after the button was held for three seconds, and
from then on people end it.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.sos import CALL, SosAhead, SosGiven, SosShown, Spot
from hub.core.sos import Called, Position
from hub.service.alert import cried, cry

router = Guarded(prefix="/api/sos", tags=["sos"], most=4096)

Caller = Annotated[Visitor, Depends(Signed("sos", shows=False))]
CallPath = Annotated[str, Path(pattern=CALL)]


@router.get("", response_model=SosAhead)
def ahead(visitor: Caller, parts: PartsHere) -> dict[str, Any]:
    """Who would hear of a press and when, where one is taken to be, and the own calls that are not over."""
    with parts.readings() as session:
        return cried.ahead(session, visitor.actor, parts.clock.now())


@router.post("", response_model=SosShown)
def call(given: SosGiven, visitor: Caller, parts: PartsHere) -> dict[str, Any]:
    """Help is wanted now. The same call again, or the same by a device, is answered with the same alert."""
    now = parts.clock.now()
    position = _position(given.position) if given.position else None
    said = Called(given.call, given.button, given.at, given.note.strip(), position)
    with parts.sessions.begin() as session:
        alert = cry.cry(session, visitor.actor, said, now)
        session.flush()
        shown = cried.shown(session, alert, given.call, now)
    parts.feeds.wake()
    parts.posted()
    return shown


@router.get("/{call}", response_model=SosShown)
def what_became(call: CallPath, visitor: Caller, parts: PartsHere) -> dict[str, Any]:
    """Who has taken an own call, and who was told."""
    with parts.readings() as session:
        return cried.page(session, visitor.actor, call, parts.clock.now())


@router.post("/{call}/position", response_model=SosShown)
def here(call: CallPath, given: Spot, visitor: Caller, parts: PartsHere) -> dict[str, Any]:
    """Whoever called is here now; sent every ten seconds while the call is open."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        alert = cry.moved(session, visitor.actor, call, _position(given), now)
        session.flush()
        return cried.shown(session, alert, call, now)


def _position(given: Spot) -> Position:
    return Position(given.lat, given.lon, given.accuracy_m)
