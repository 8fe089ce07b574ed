"""The registers of patrols: checkpoints with their codes, plans, and the sheet of signs to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import patrol as rules
from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import number, place
from hub.service.patrol import code, gap, point
from hub.service.scope import scope_filter
from hub.service.shape import name, pair
from hub.store.market import Grid
from hub.store.patrol import Checkpoint, CheckpointCode, PatrolPlan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sign:
    """What hangs at a checkpoint."""

    number: int
    name: Pair
    text: str
    until: date


def checkpoints(s: Session, actor: Actor, grid: str | None, now: datetime) -> list[View]:
    """Checkpoints that the actor may see, by their number, and until when their signs are good."""
    query = select(Checkpoint).where(Checkpoint.removed_at.is_(None)).order_by(Checkpoint.number)
    rows = s.scalars(scope_filter(actor, gap.SEE, query, Checkpoint)).all()
    codes = _codes(s, rows)
    today = number.day_of(s, actor.market, now)
    return [
        gap.shown(row)
        | {
            "grid": row.grid,
            "tagged": row.tag is not None,
            "fence_m": row.fence_m,
            "dwell_s": row.dwell_s,
            "code": _code(codes.get(row.id), today),
            "may": _may(actor, row.grid),
        }
        for row in rows
        if grid in (None, row.grid)
    ]


def plans(s: Session, actor: Actor) -> list[View]:
    """Plans that hold, which the actor may see."""
    query = select(PatrolPlan).where(PatrolPlan.ends.is_(None))
    order = (PatrolPlan.grid, PatrolPlan.kind, PatrolPlan.id)
    rows = s.scalars(scope_filter(actor, gap.SEE, query.order_by(*order), PatrolPlan)).all()
    return [
        {
            "id": row.id,
            "grid": row.grid,
            "kind": {"id": row.kind, **pair(rules.KIND[row.kind])},
            "name": name(row),
            "times": row.times,
            "minutes": row.minutes,
            "points": row.points,
            "drawn": row.drawn,
            "ways": len(row.mix or []),
            "begins": row.begins.isoformat(),
            "may": _may(actor, row.grid),
        }
        for row in rows
    ]


def signs(s: Session, actor: Actor, grid: str) -> list[Sign]:
    """The signs of a grid's checkpoints that have one; whoever has them could be anywhere, so few may.

    Raises:
        Refused: there is no such grid, or the actor may not change patrols there.
    """
    row_ = s.get(Grid, grid)
    if row_ is None or row_.market != actor.market:
        raise Refused("missing", "grid.none", "There is no such grid.", "没有这个网格。")
    policy.authorize(actor, "patrol.change", Target(place.node(actor.market, grid)))
    here = (Checkpoint.market == actor.market, Checkpoint.grid == grid, Checkpoint.removed_at.is_(None))
    rows = s.scalars(select(Checkpoint).where(*here).order_by(Checkpoint.number)).all()
    codes = _codes(s, rows)
    return [
        Sign(
            row.number, Pair(row.name_zh, row.name_en), code.text(s, row, codes[row.id]), codes[row.id].until
        )
        for row in rows
        if row.id in codes
    ]


def make_codes(s: Session, actor: Actor, ids: Sequence[str], days: int, now: datetime) -> None:
    """New signs for these checkpoints; those that hang there are good no more.

    Raises:
        Refused: one of them is not there, or the actor may not.
    """
    for id_ in dict.fromkeys(ids):
        row, role = point.find(s, actor, id_, "patrol.change")
        code.make(s, actor, role, row, days, now)


def stops(s: Session, actor: Actor, ids: Sequence[str]) -> list[Checkpoint]:
    """The checkpoints of these ids that hang, in their order, for a solver."""
    there = point.hanging(s, actor.market, ids)
    return [there[id_] for id_ in ids if id_ in there]


def _codes(s: Session, rows: Sequence[Checkpoint]) -> dict[str, CheckpointCode]:
    """The newest code of each."""
    own = CheckpointCode.checkpoint.in_([row.id for row in rows])
    found = s.scalars(select(CheckpointCode).where(own).order_by(CheckpointCode.serial))
    return {one.checkpoint: one for one in found}


def _code(row: CheckpointCode | None, today: date) -> View | None:
    if row is None:
        return None
    return {"serial": row.serial, "until": row.until.isoformat(), "over": row.until <= today}


def _may(actor: Actor, grid: str) -> bool:
    return policy.allowed(actor, "patrol.change", Target(place.node(actor.market, grid))).allowed
