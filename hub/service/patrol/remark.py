"""What walkers add to a round: why a point was not reached, photos and words; and where a photo belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import patrol as rules
from hub.service import people
from hub.service.patrol import gap
from hub.service.shape import iso, name, pair
from hub.store.patrol import Checkpoint, Round, RoundPhoto, Skip, Visit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def of(s: Session, round_: str) -> list[dict[str, Any]]:
    """Reasons and photos of a round as they were given, those too that came once it was over."""
    rows: list[Skip | RoundPhoto] = [*s.scalars(select(Skip).where(Skip.round == round_))]
    rows += s.scalars(select(RoundPhoto).where(RoundPhoto.round == round_))
    who = people.names(s, [row.person for row in rows])
    points = select(Checkpoint).where(Checkpoint.id.in_({row.checkpoint for row in rows if row.checkpoint}))
    known = {point.id: point for point in s.scalars(points)}
    return [
        {
            "id": row.id,
            "at": iso(row.at),
            "person": {"id": row.person, "name": name(who[row.person])},
            "point": gap.shown(known[row.checkpoint]) if row.checkpoint else None,
            "reason": _reason(row) if isinstance(row, Skip) else None,
            "photo": row.media,
            "note": row.note,
        }
        for row in sorted(rows, key=lambda row: (row.at, row.id))
    ]


def grid_of(s: Session, media: str) -> str | None:
    """The grid that a photo of a patrol was taken in; None where it is no such photo or names no place."""
    visit = select(Checkpoint.grid).join(Visit, Visit.checkpoint == Checkpoint.id).where(Visit.media == media)
    skip = select(Round.grid).join(Skip, Skip.round == Round.id).where(Skip.media == media)
    photo = select(RoundPhoto).where(RoundPhoto.media == media)
    found = s.scalar(visit.limit(1)) or s.scalar(skip.limit(1))
    row = None if found else s.scalar(photo.limit(1))
    if row is None:
        return found
    at = s.get(Round, row.round) if row.round else s.get(Checkpoint, row.checkpoint or "")
    return at.grid if at else None


def _reason(row: Skip) -> dict[str, Any] | None:
    return {"id": row.reason, **pair(rules.SKIP[row.reason])} if row.reason in rules.SKIP else None
