"""What the patrol page shows of a day: its rounds, how they were walked, what was missed and why."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import patrol as rules
from hub.service import number, people
from hub.service.patrol import gap, judge, remark
from hub.service.patrol.gap import SEE
from hub.service.scope import scope_filter
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.market import Grid
from hub.store.patrol import Checkpoint, DangerCheck, LoneWatch, PatrolPlan, Round, Visit
from hub.store.people import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
MOST = 400
"""Rounds of a market's day that are shown: five grids with a round every half hour."""


def day(s: Session, actor: Actor, of: date | None, now: datetime) -> View:
    """One day of the market, as far as the actor sees; today unless another is named."""
    on = of or number.day_of(s, actor.market, now)
    query = scope_filter(actor, SEE, select(Round).where(Round.day == on), Round)
    rounds = s.scalars(query.order_by(Round.due_at, Round.id).limit(MOST + 1)).all()
    shown = rounds[:MOST]
    said = {row.id: _standing(s, row, now) for row in shown}
    grids = _grids(s, actor)
    gaps = gap.of_day(s, actor, on, now)
    return {
        "day": on.isoformat(),
        "now": iso(now),
        "figures": _sum(said.values()),
        "grids": [
            {"grid": {"id": id_, "name": name(row)}, **_of_grid(id_, shown, said, gaps)}
            for id_, row in grids.items()
        ],
        "plans": _plans(s, shown, said),
        "rounds": lines(s, shown, said, now),
        "missed": _missed(s, shown, said),
        "gaps": gaps,
        "lone": _lone(s, actor),
        "checks": _checks(s, actor, on),
        "more": len(rounds) > MOST,
    }


def one(s: Session, row: Round, now: datetime) -> View:
    """One round whole: its points with what was found at each, visits as they came, reasons, and its seed."""
    said = _standing(s, row, now)
    begun = row.state != "planned" or row.closes_at < now
    visits = s.scalars(select(Visit).where(Visit.round == row.id).order_by(Visit.at, Visit.id)).all()
    known = _points(s, row.points)
    people_ = people.names(s, [visit.walker for visit in visits])
    return {
        **lines(s, [row], {row.id: said}, now)[0],
        "seed": row.seed if begun else None,
        "points": [_point(known[id_], said) for id_ in row.points if id_ in known] if begun else None,
        "visits": [_visit(visit, people_) for visit in visits],
        "remarks": remark.of(s, row.id),
        "fast": said["fast"],
        "short": said["short"],
    }


def lines(s: Session, rounds: Sequence[Round], said: Mapping[str, View], now: datetime) -> list[View]:
    """Rounds as lists show them."""
    plans = {row.id: row for row in s.scalars(select(PatrolPlan).where(PatrolPlan.id.in_(_ids(rounds))))}
    walkers = people.names(s, [row.started_by for row in rounds])
    return [
        {
            "id": row.id,
            "kind": {"id": row.kind, **pair(rules.KIND[row.kind])},
            "name": name(plans[row.plan]),
            "grid": row.grid,
            "state": {"id": row.state, **pair(rules.STATE[row.state])},
            "due_at": iso(row.due_at),
            "closes_at": iso(row.closes_at),
            "open": row.state in ("planned", "walking") and row.opens_at <= now <= row.closes_at,
            "started_at": maybe_iso(row.started_at),
            "started_by": _person(walkers.get(row.started_by or "")),
            "count": len(row.points),
            "figures": _sum([said[row.id]]),
        }
        for row in rounds
    ]


def _standing(s: Session, row: Round, now: datetime) -> View:
    """How a round stands: as it was judged, or as it is now."""
    if row.judged_at is not None and row.figures is not None:
        return row.figures
    return judge.told(s, row, now) if row.opens_at <= now else judge.NOTHING


def _sum(found: Iterable[View]) -> View:
    """Figures over rounds: points that were due, kept, late, missed, excused; None where nothing was due."""
    rows = list(found)
    due, kept = sum(row["due"] for row in rows), sum(len(row["kept"]) for row in rows)
    visited, order = sum(row["visited"] for row in rows), sum(row["in_order"] for row in rows)
    return {
        "due": due,
        "kept": kept,
        "late": sum(len(row["late"]) for row in rows),
        "missed": sum(len(row["missed"]) for row in rows),
        "excused": sum(len(set(row["missed"]) & set(row["skipped"])) for row in rows),
        "fast": sum(len(row["fast"]) for row in rows),
        "short": sum(len(row["short"]) for row in rows),
        "share": kept / due if due else None,
        "order": order / visited if visited else None,
    }


def _of_grid(grid: str, rounds: Sequence[Round], said: Mapping[str, View], gaps: Sequence[View]) -> View:
    own = [said[row.id] for row in rounds if row.grid == grid]
    return {"figures": _sum(own), "gap": next((one_ for one_ in gaps if one_["grid"] == grid), None)}


def _plans(s: Session, rounds: Sequence[Round], said: Mapping[str, View]) -> list[View]:
    found: dict[str, list[View]] = defaultdict(list)
    for row in rounds:
        found[row.plan].append(said[row.id])
    plans = s.scalars(select(PatrolPlan).where(PatrolPlan.id.in_(found)).order_by(PatrolPlan.id)).all()
    return [
        {
            "id": row.id,
            "name": name(row),
            "kind": {"id": row.kind, **pair(rules.KIND[row.kind])},
            "grid": row.grid,
            "figures": _sum(found[row.id]),
        }
        for row in plans
    ]


def _missed(s: Session, rounds: Sequence[Round], said: Mapping[str, View]) -> list[View]:
    """Every missed point with its place and, where somebody said it, the reason; the last round first."""
    known = _points(s, {id_ for row in rounds for id_ in said[row.id]["missed"]})
    return [
        {
            "round": row.id,
            "kind": {"id": row.kind, **pair(rules.KIND[row.kind])},
            "closes_at": iso(row.closes_at),
            "point": gap.shown(known[id_]),
            "reason": _reason(said[row.id]["skipped"].get(id_)),
        }
        for row in reversed(rounds)
        for id_ in said[row.id]["missed"]
        if id_ in known
    ]


def _lone(s: Session, actor: Actor) -> list[View]:
    query = select(LoneWatch, Person).join(Person, Person.id == LoneWatch.person)
    running = scope_filter(actor, SEE, query.where(LoneWatch.person_on.is_not(None)), LoneWatch)
    return [
        {"person": _person(who), "state": row.state, "due_at": iso(row.due_at), "alert": row.alert}
        for row, who in s.execute(running.order_by(LoneWatch.due_at))
    ]


def _checks(s: Session, actor: Actor, on: date) -> list[View]:
    """Danger checks of the day by grid: how many were made of those that are due."""
    wanted = select(Round.grid, func.count()).where(Round.day == on, Round.kind == "danger")
    due = s.execute(scope_filter(actor, SEE, wanted, Round).group_by(Round.grid)).all()
    made = select(DangerCheck.grid, func.count(DangerCheck.round.distinct()))
    made = made.join(Round, Round.id == DangerCheck.round).where(Round.day == on, Round.kind == "danger")
    done = dict(s.execute(scope_filter(actor, SEE, made, DangerCheck).group_by(DangerCheck.grid)).all())
    return [{"grid": grid, "done": done.get(grid, 0), "of": of} for grid, of in due]


def _point(row: Checkpoint, said: View) -> View:
    states = ("kept", "late", "early", "missed")
    how = next((word for word in states if row.id in said[word]), "waiting")
    return gap.shown(row) | {"standing": how, "reason": _reason(said["skipped"].get(row.id))}


def _visit(row: Visit, who: Mapping[str, Person]) -> View:
    return {
        "id": row.id,
        "checkpoint": row.checkpoint,
        "at": iso(row.at),
        "received_at": iso(row.received_at),
        "walker": _person(who.get(row.walker)),
        "device": None if row.walker in who else row.walker,
        "by": {"id": row.by, **pair(rules.BY[row.by])},
        "away_m": row.away_m,
        "accuracy_m": row.accuracy_m,
        "photo": row.media,
        "note": row.note,
    }


def _reason(word: str | None) -> View | None:
    return {"id": word, **pair(rules.SKIP[word])} if word in rules.SKIP else None


def _person(row: Person | None) -> View | None:
    return {"id": row.id, "name": name(row)} if row else None


def _points(s: Session, ids: Iterable[str]) -> dict[str, Checkpoint]:
    return {row.id: row for row in s.scalars(select(Checkpoint).where(Checkpoint.id.in_(set(ids))))}


def _grids(s: Session, actor: Actor) -> dict[str, Grid]:
    """Grids of which something may be shown, by their number."""
    rows = s.scalars(
        select(Grid).where(Grid.market == actor.market, Grid.ends.is_(None)).order_by(Grid.number)
    )
    seen = set(s.scalars(scope_filter(actor, SEE, select(Checkpoint.grid).distinct(), Checkpoint)))
    return {row.id: row for row in rows if row.id in seen}


def _ids(rounds: Sequence[Round]) -> set[str]:
    return {row.plan for row in rounds}
