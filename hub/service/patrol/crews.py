"""Where crews on duty are by what they scanned last, how far their round is, and the largest gap today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.service.patrol import gap
from hub.service.shape import name
from hub.store.patrol import Checkpoint, Round, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.service.duty import OnDuty

FRESH = timedelta(hours=1)
"""Where somebody was longer ago says nothing of where they are."""
NOWHERE: dict[str, Any] = {"place": None, "round": None, "gap_min": None, "x": None, "y": None}


@dataclass(frozen=True, slots=True)
class Walk:
    """Of one crew: points done and in all, minutes of its grid's largest gap, and its last point."""

    round: tuple[int, int] | None
    gap_min: float | None
    last: Checkpoint | None


def walks(s: Session, market: str, on: Iterable[OnDuty], now: datetime) -> dict[str, Walk]:
    """Crew → its walk; nothing where the market has no checkpoint."""
    people = {one.person.id: one.crew for one in on if one.crew is not None}
    gaps = gap.largest(s, market, now) if people else {}
    if not gaps:
        return {}
    rounds = _rounds(s, market, now)
    last: dict[str, Checkpoint] = {}
    for walker, point in _last(s, market, list(people), now):
        last[people[walker].id] = point
    return {
        crew.id: Walk(rounds.get(crew.grid), gaps.get(crew.grid), last.get(crew.id))
        for crew in people.values()
    }


def shown(walk: Walk | None) -> dict[str, Any]:
    """As the wall tells of a crew."""
    if walk is None:
        return NOWHERE
    at = walk.last
    return {
        "place": name(at) if at else None,
        "round": list(walk.round) if walk.round else None,
        "gap_min": walk.gap_min,
        "x": at.x if at else None,
        "y": at.y if at else None,
    }


def _rounds(s: Session, market: str, now: datetime) -> dict[str, tuple[int, int]]:
    """Grid → points done and in all of the round under way that closes first."""
    walking = (Round.market == market, Round.state == "walking", Round.closes_at >= now)
    found: dict[str, tuple[int, int]] = {}
    for row in s.scalars(select(Round).where(*walking).order_by(Round.closes_at.desc(), Round.id)):
        own = (Visit.round == row.id, Visit.checkpoint.in_(row.points))
        done = s.scalar(select(func.count(Visit.checkpoint.distinct())).where(*own)) or 0
        found[row.grid] = (done, len(row.points))
    return found


def _last(s: Session, market: str, people: list[str], now: datetime) -> list[tuple[str, Checkpoint]]:
    """Who was where lately, the latest last."""
    lately = (Visit.market == market, Visit.at > now - FRESH, Visit.walker.in_(people))
    query = select(Visit.walker, Checkpoint).join(Checkpoint, Checkpoint.id == Visit.checkpoint)
    return [(walker, point) for walker, point in s.execute(query.where(*lately).order_by(Visit.at))]
