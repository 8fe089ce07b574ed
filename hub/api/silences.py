"""Silences: whose camera tells nobody of what, why, and until when. They never cover what is urgent."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import UuidPath
from hub.api.shape.notice import Silence, SilenceGiven
from hub.service import silence as silences

router = Guarded(prefix="/api/silences", tags=["silences"])

Silencer = Annotated[Visitor, Depends(Signed("silence", shows=False))]


@router.get("", response_model=list[Silence])
def listing(visitor: Silencer, parts: PartsHere, over: bool = False) -> list[dict[str, Any]]:
    """Those that hold, newest first; `over`: those that have ended too."""
    with parts.readings() as session:
        return silences.listing(session, visitor.actor, parts.clock.now(), over=over)


@router.post("", response_model=Silence, status_code=201)
def begin(given: SilenceGiven, visitor: Silencer, parts: PartsHere) -> dict[str, Any]:
    """Tell nobody of this camera's alerts for at most twelve hours; of urgent ones all the same."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = silences.silence(
            session, visitor.actor, given.camera, given.kind, given.reason, given.until, now
        )
        session.flush()
        return silences.one(session, made.id, now)


@router.delete("/{silence}", status_code=204)
def end(silence: UuidPath, visitor: Silencer, parts: PartsHere) -> None:
    """End it now."""
    with parts.sessions.begin() as session:
        silences.end(session, visitor.actor, silence, parts.clock.now())
