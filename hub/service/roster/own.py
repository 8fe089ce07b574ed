"""What a guard's phone shows of duty: now and next, the own weeks, handover, sign-in, what one is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import attend, monthly, policy
from hub.core.glossary import ROLE
from hub.service import asset, handover, number
from hub.service.roster import covered, loan, right
from hub.service.roster.draw import KINDS
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.asset import Task
from hub.store.duty import Crew, Duty
from hub.store.handover import Attendance
from hub.store.market import Grid
from hub.store.roster import Loan, Roster, RosterCell, RosterRead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
WEEKS = monthly.DAY * 28
STAFF = frozenset({policy.Role.GUARD, policy.Role.LEADER, policy.Role.MONITOR})
"""Roles whose phones show a roster; shops see shops."""


def mine(s: Session, actor: Actor, now: datetime) -> View | None:
    """Everything of one's own duty; None for who is on no roster and has no duty."""
    duties = _duties(s, actor, now)
    if not duties and not STAFF & set(actor.roles):
        return None
    shown = [_duty(s, duty, grid, now) for duty, grid in duties]
    on = next((one for one in shown if one["now"]), None)
    coming = next((one for one in shown if not one["now"]), None)
    grids = _grids(s, actor, [grid for _, grid in duties])
    return {
        "now": on,
        "next": coming,
        "sign": _sign(s, actor, duties, now),
        "weeks": _weeks(s, actor, now),
        "handovers": [page for grid in grids if (page := handover.at_hand(s, actor, grid, now))],
        "covers": covered.views(s, actor, covered.asked_of(s, actor)),
        "loans": loan.views(s, actor, _loans(s, actor)),
        "unread": _unread(s, actor),
        "tasks": _tasks(s, actor),
        "assets": asset.held_by(s, actor),
    }


def _duties(s: Session, actor: Actor, now: datetime) -> list[tuple[Duty, Grid | None]]:
    query = (
        select(Duty, Grid)
        .outerjoin(Crew, Crew.id == Duty.crew)
        .outerjoin(Grid, Grid.id == Crew.grid)
        .where(Duty.market == actor.market, Duty.person == actor.person)
        .where(Duty.ends > now, Duty.begins < now + WEEKS)
        .order_by(Duty.begins, Duty.id)
    )
    return [(duty, grid) for duty, grid in s.execute(query)]


def _duty(s: Session, duty: Duty, grid: Grid | None, now: datetime) -> View:
    cell = s.get(RosterCell, duty.id) if duty.roster else None
    kind = KINDS[cell.shift] if cell else None
    return {
        "id": duty.id,
        "post": {"id": duty.post, **pair(ROLE[duty.post])},
        "grid": {"id": grid.id, "name": name(grid)} if grid else None,
        "shift": {"id": kind.id, "zh": kind.zh, "en": kind.en} if kind else None,
        "roster": duty.roster,
        "begins": iso(duty.begins),
        "ends": iso(duty.ends),
        "now": duty.begins <= now,
    }


def _sign(s: Session, actor: Actor, duties: Sequence[tuple[Duty, Grid | None]], now: datetime) -> View | None:
    """Whether to sign in or out, and for what; None while there is nothing to sign."""
    at_hand = [duty for duty, _ in duties if duty.begins <= now + attend.EARLY]
    if not at_hand:
        return None
    kept = {row.duty: row for row in _kept(s, at_hand)}
    signed = {row.duty for row in kept.values() if row.in_at is not None}
    duty = next((one for one in at_hand if one.id not in signed), at_hand[-1])
    row = kept.get(duty.id)
    in_at, out_at = (row.in_at, row.out_at) if row else (None, None)
    state = attend.state((duty.begins, duty.ends), in_at, out_at, now)
    return {
        "duty": duty.id,
        "begins": iso(duty.begins),
        "ends": iso(duty.ends),
        "armband": actor.armband,
        "state": {"id": state, **pair(attend.STATE[state])},
        "in_at": maybe_iso(in_at),
        "out_at": maybe_iso(out_at),
        "may_in": in_at is None,
        "may_out": in_at is not None and out_at is None,
    }


def _kept(s: Session, duties: Sequence[Duty]) -> Sequence[Attendance]:
    return s.scalars(select(Attendance).where(Attendance.duty.in_([duty.id for duty in duties]))).all()


def _weeks(s: Session, actor: Actor, now: datetime) -> list[View]:
    """The own cells of published rosters from this week's Monday, four weeks on."""
    today = number.day_of(s, actor.market, now)
    first = today - monthly.DAY * today.weekday()
    query = (
        select(RosterCell, Roster)
        .join(Roster, Roster.id == RosterCell.roster)
        .where(Roster.state == right.PUBLISHED, RosterCell.person == actor.person)
        .where(RosterCell.day >= first, RosterCell.day < first + WEEKS)
        .order_by(RosterCell.day)
    )
    zone = number.zone_of(s, actor.market)
    found = []
    for cell, roster in s.execute(query):
        kind = KINDS[cell.shift]
        begins, ends = monthly.moments(zone, cell.day, kind)
        found.append(
            {
                "day": cell.day.isoformat(),
                "shift": {"id": kind.id, "zh": kind.zh, "en": kind.en},
                "night": kind.night,
                "begins": iso(begins),
                "ends": iso(ends),
                "roster": roster.id,
                "grid": roster.grid,
                "cover": cell.covers is not None,
                "past": ends <= now,
            }
        )
    return found


def _grids(s: Session, actor: Actor, seen: Sequence[Grid | None]) -> list[Grid]:
    """Where the actor has duty soon, or else is of the workroom."""
    nodes = [grant.node.split("/") for grant in actor.grants if grant.role in STAFF]
    ids = [path[1] for path in nodes if path[0] == actor.market and len(path) > 1]
    found = {grid.id: grid for grid in seen if grid is not None}
    for grid in s.scalars(select(Grid).where(Grid.id.in_(ids))):
        found.setdefault(grid.id, grid)
    return list(found.values())


def _loans(s: Session, actor: Actor) -> list[Loan]:
    where = (Loan.market == actor.market, Loan.person == actor.person, Loan.state.in_(("asked", "agreed")))
    return list(s.scalars(select(Loan).where(*where).order_by(Loan.begins)))


def _unread(s: Session, actor: Actor) -> list[View]:
    """Published rosters that wait to be read."""
    query = (
        select(RosterRead, Roster)
        .join(Roster, Roster.id == RosterRead.roster)
        .where(RosterRead.person == actor.person, RosterRead.read_at.is_(None))
        .where(Roster.state == right.PUBLISHED)
        .order_by(Roster.begins)
    )
    return [
        {"roster": row.id, "grid": row.grid, "month": f"{row.begins:%Y-%m}", "told_at": iso(read.told_at)}
        for read, row in s.execute(query)
    ]


def _tasks(s: Session, actor: Actor) -> list[View]:
    """Tasks about oneself that are open."""
    where = (Task.market == actor.market, Task.person == actor.person, Task.done_at.is_(None))
    return [
        {"id": row.id, "kind": row.kind, "due": row.due.isoformat()}
        for row in s.scalars(select(Task).where(*where).order_by(Task.due))
    ]
