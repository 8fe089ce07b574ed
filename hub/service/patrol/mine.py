"""What a walker's phone shows: today's rounds, the points of one that was begun, and the own timer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import patrol as rules
from hub.core import policy
from hub.service import number
from hub.service.scope import below
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.patrol import Checkpoint, LoneWatch, PatrolPlan, Round, Skip, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor

SHOWN = timedelta(hours=12)
"""So far ahead rounds are shown to those who walk them."""


def mine(s: Session, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The patrol part of a phone's day; None for somebody who walks no rounds."""
    if not policy.scope(actor, "patrol.walk"):
        return None
    rows = _rounds(s, actor, now)
    at_hand = _at_hand(rows, actor, now)
    return {
        "round": told(s, at_hand, now) if at_hand else None,
        "rounds": [_short(s, row, now) for row in rows],
        "lone": _lone(s, actor),
        "reasons": _words(rules.SKIP),
        "checklist": _words(rules.CHECKLIST),
    }


def told(s: Session, row: Round, now: datetime) -> dict[str, Any]:
    """One round; its points, in their order, only once it was begun."""
    begun = row.state != "planned"
    return _short(s, row, now) | {"points": _points(s, row, now) if begun else None}


def _short(s: Session, row: Round, now: datetime) -> dict[str, Any]:
    plan = s.get_one(PatrolPlan, row.plan)
    reached = s.scalars(select(Visit.checkpoint).where(Visit.round == row.id).distinct()).all()
    return {
        "id": row.id,
        "kind": {"id": row.kind, **pair(rules.KIND[row.kind])},
        "name": name(plan),
        "grid": row.grid,
        "state": {"id": row.state, **pair(rules.STATE[row.state])},
        "due_at": iso(row.due_at),
        "closes_at": iso(row.closes_at),
        "open": row.state in ("planned", "walking") and row.opens_at <= now <= row.closes_at,
        "started_at": maybe_iso(row.started_at),
        "started_by": row.started_by,
        "count": len(row.points),
        "reached": len(set(reached) & set(row.points)),
    }


def _points(s: Session, row: Round, now: datetime) -> list[dict[str, Any]]:
    known = {one.id: one for one in s.scalars(select(Checkpoint).where(Checkpoint.id.in_(row.points)))}
    visits: dict[str, datetime] = {}
    for visit in s.scalars(select(Visit).where(Visit.round == row.id).order_by(Visit.at.desc())):
        visits[visit.checkpoint] = visit.at
    skips = {one.checkpoint: one.reason for one in s.scalars(select(Skip).where(Skip.round == row.id))}
    hanging = [known[id_] for id_ in row.points if id_ in known and known[id_].removed_at is None]
    shown: list[dict[str, Any]] = []
    for place, one in enumerate(hanging):
        shown.append(
            {
                "checkpoint": one.id,
                "number": one.number,
                "name": name(one),
                "x": one.x,
                "y": one.y,
                "key": one.key,
                "tag": one.tag,
                "fence": one.fence_m is not None,
                "by": iso(_wanted(row, place, len(hanging), now)),
                "visited_at": maybe_iso(visits.get(one.id)),
                "skipped": skips.get(one.id),
            }
        )
    return shown


def _wanted(row: Round, place: int, of: int, now: datetime) -> datetime:
    """By when one should be there to come through in time: what is left, shared out evenly."""
    begun = row.started_at or now
    return begun + (row.closes_at - begun) * (place + 1) / max(of, 1)


def _rounds(s: Session, actor: Actor, now: datetime) -> Sequence[Round]:
    """Rounds of the market's day and those that are soon due, where the actor walks."""
    today = number.day_of(s, actor.market, now)
    own = (Round.market == actor.market, below(actor, "patrol.walk", Round))
    soon = (Round.day >= today - timedelta(days=1), Round.due_at <= now + SHOWN)
    there = (Round.day == today) | (Round.closes_at >= now)
    return s.scalars(select(Round).where(*own, *soon, there).order_by(Round.due_at, Round.id)).all()


def _at_hand(rows: Sequence[Round], actor: Actor, now: datetime) -> Round | None:
    """What the actor walks; else what is under way; else what may be begun; else what is next."""

    def rank(row: Round) -> tuple[int, datetime]:
        if row.state == "walking" and row.closes_at >= now:
            return (0 if row.started_by == actor.person else 1), row.closes_at
        return (2 if row.opens_at <= now else 3), row.closes_at

    left = [row for row in rows if row.state in ("planned", "walking") and row.closes_at >= now]
    return min(left, key=rank, default=None)


def _lone(s: Session, actor: Actor) -> dict[str, Any] | None:
    row = s.scalar(select(LoneWatch).where(LoneWatch.person_on == actor.person))
    if row is None:
        return None
    return {"minutes": row.minutes, "due_at": iso(row.due_at), "state": row.state, "alert": row.alert}


def _words(table: dict[str, Pair]) -> list[dict[str, str]]:
    return [{"id": id_, **pair(words)} for id_, words in table.items()]
