"""Recordings: the timeline of a camera, and pieces of it that its edge sends on demand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import AwareDatetime

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.base import SlugPath, UuidPath
from hub.api.shape.recording import Asking, Piece, RecordedCamera, Timeline
from hub.service import recording
from hub.service.recording import Wish

Player = Annotated[Visitor, Depends(Signed("video.play"))]
When = Annotated[AwareDatetime, Query()]

router = Guarded(prefix="/api/recordings", tags=["recordings"])


@router.get("", response_model=list[RecordedCamera])
def cameras(visitor: Player, parts: PartsHere) -> list[dict[str, Any]]:
    """The cameras that this person may play."""
    with parts.readings() as session:
        return recording.cameras(session, visitor.actor, parts.clock.now())


@router.get("/pieces/{number}", response_model=Piece)
def piece(number: UuidPath, visitor: Player, parts: PartsHere) -> dict[str, Any]:
    """What became of a piece that this person asked for."""
    with parts.readings() as session:
        found = recording.piece(session, visitor.actor, number, parts.clock.now())
    sha256 = found.pop("sha256")
    whole = found["media"] is not None
    return found | {"received": found["size"] if whole else parts.files.offset(sha256) if sha256 else None}


@router.get("/{camera}", response_model=Timeline)
def timeline(camera: SlugPath, begin: When, end: When, visitor: Player, parts: PartsHere) -> dict[str, Any]:
    """What is recorded of a camera between two moments, what is missing and why, and its alerts."""
    with parts.readings() as session:
        return recording.timeline(session, visitor.actor, camera, begin, end, parts.clock.now())


@router.post("/{camera}/pieces", response_model=Piece, status_code=202)
def ask(camera: SlugPath, given: Asking, visitor: Player, parts: PartsHere) -> dict[str, Any]:
    """Have the edge cut a piece; the register's row is written before a byte of it can leave."""
    now: datetime = parts.clock.now()
    wish = Wish(given.begin, given.seconds, given.purpose, browser=not given.hevc)
    with parts.sessions.begin() as session:
        made = recording.ask(session, visitor.actor, camera, wish, visitor.session, now)
        session.flush()
        shown = recording.piece(session, visitor.actor, made.id, now)
    parts.ordered()
    shown.pop("sha256")
    return shown | {"received": None}
