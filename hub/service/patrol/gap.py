"""The longest time of a day that nobody came by a checkpoint."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import compliance
from hub.core.compliance import Gap, Seen
from hub.service import number
from hub.service.scope import scope_filter
from hub.service.shape import iso, name
from hub.store.patrol import Checkpoint, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

SEE = "patrol.see"


def of_day(s: Session, actor: Actor, on: date, now: datetime) -> list[dict[str, Any]]:
    """For each point that the actor sees, the longest first."""
    query = select(Checkpoint).where(Checkpoint.removed_at.is_(None))
    known = {row.id: row for row in s.scalars(scope_filter(actor, SEE, query, Checkpoint))}
    found = _found(s, actor.market, known, on, now).values()
    return [
        {
            "point": shown(known[gap.checkpoint]),
            "grid": known[gap.checkpoint].grid,
            "minutes": round(gap.seconds / 60, 1),
            "since": iso(gap.since),
            "until": iso(gap.until),
        }
        for gap in sorted(found, key=lambda gap: (-gap.seconds, known[gap.checkpoint].number))
    ]


def largest(s: Session, market: str, now: datetime) -> dict[str, float]:
    """Grid → minutes of its largest gap today; grids without a checkpoint are left out."""
    here = (Checkpoint.market == market, Checkpoint.removed_at.is_(None))
    grid = dict(s.execute(select(Checkpoint.id, Checkpoint.grid).where(*here)).all())
    found: dict[str, float] = {}
    if not grid:
        return found
    for gap in _found(s, market, grid, number.day_of(s, market, now), now).values():
        at = grid[gap.checkpoint]
        found[at] = max(found.get(at, 0.0), round(gap.seconds / 60, 1))
    return found


def shown(row: Checkpoint) -> dict[str, Any]:
    """A point in lists."""
    return {"id": row.id, "number": row.number, "name": name(row), "x": row.x, "y": row.y, "key": row.key}


def _found(s: Session, market: str, points: Iterable[str], on: date, now: datetime) -> dict[str, Gap]:
    zone = number.zone_of(s, market)
    begins = datetime.combine(on, time(), zone).astimezone(now.tzinfo)
    ends = min(now, datetime.combine(on + timedelta(days=1), time(), zone).astimezone(now.tzinfo))
    if ends <= begins:
        return {}
    spans = (Visit.market == market, Visit.at >= begins, Visit.at < ends)
    rows = s.execute(select(Visit.id, Visit.checkpoint, Visit.at).where(*spans))
    return compliance.gaps(points, [Seen(*row) for row in rows], begins, ends)
