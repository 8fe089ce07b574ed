"""The month of a group, and of all groups of a grid: gaps, days not confirmed, and how fair it is."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core import turn as rules
from hub.core.policy import Target
from hub.service import number, scope
from hub.service.election import target_of
from hub.service.group import names_of
from hub.service.placement import holds
from hub.service.shape import name
from hub.service.turn import repair, view, whose
from hub.service.turn.mine import month_view
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.turn import ClosedDay, Leave, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]


def of_group(s: Session, actor: Actor, group_id: str, any_day: date, now: datetime) -> View:
    """A group's turns of the month that has this day, with what each of its shops has.

    Raises:
        Refused: there is no such group, or the actor may not see it.
    """
    group, today = whose.seen(s, actor, group_id), number.day_of(s, actor.market, now)
    first, last = rules.month(any_day)
    turns = view.of_group(s, group.id, first, last)
    line = repair.around(s, group, today).line
    had = view.counts(turns, line)
    spoken, shops = whose.spoken(actor, group), names_of(s, line)
    leaves = s.scalars(
        select(Leave)
        .where(Leave.kind == "leave", Leave.shop.in_(line), Leave.last >= first, Leave.first <= last)
        .where(Leave.state.in_(("asked", "granted")))
        .order_by(Leave.first, Leave.id)
    )
    _, target = target_of(s, actor.market, group.id)
    return {
        "group": {"id": group.id, "number": group.number, "grid": group.grid},
        "turns": view.lines(s, turns, spoken, today),
        "missing": [day.isoformat() for day in _bare(turns, first, last, today)],
        "shops": [
            {"shop": view.shop(shops, one), "turns": had[one], "centre": one == group.centre} for one in line
        ],
        "month": month_view(first, last, had, next(iter(sorted(spoken)), None)),
        "closed": _closed(s, group, first, last),
        "leave": [
            {
                "id": row.id,
                "shop": view.shop(shops, row.shop),
                "first": row.first.isoformat(),
                "last": row.last.isoformat(),
                "state": row.state,
            }
            for row in leaves
        ],
        "may": [
            action
            for action in ("duty.change", "duty.approve")
            if policy.allowed(actor, action, target).allowed
        ],
    }


def overview(s: Session, actor: Actor, any_day: date, grid: str | None, now: datetime) -> View:
    """Every group that the actor may see, a line each, for the month that has this day.

    Raises:
        Refused: they may see none.
    """
    policy.authorize(actor, "duty.see", Target(scope.first(actor, "duty.see")))
    today = number.day_of(s, actor.market, now)
    first, last = rules.month(any_day)
    span = (first, last, today, _due_until(s, actor.market, now))
    groups = _groups(s, actor, grid, today)
    ids = [group.id for group in groups]
    turns: dict[str, list[Turn]] = defaultdict(list)
    there = select(Turn).where(Turn.market == actor.market, Turn.day >= first, Turn.day <= last)
    for row in s.scalars(there.order_by(Turn.day)):
        turns[row.group].append(row)
    members: dict[str, list[str]] = defaultdict(list)
    placed = select(Shop.group, Shop.id).where(Shop.market == actor.market, Shop.open, holds(Shop, today))
    for group_id, shop in s.execute(placed.order_by(Shop.id)):
        members[group_id or ""].append(shop)
    names = {row.id: row for row in s.scalars(select(Grid).where(Grid.market == actor.market))}
    rows = [_line(one, names[one.grid], turns[one.id], members[one.id], span) for one in groups]
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "today": today.isoformat(),
        "groups": rows,
        "sum": {
            "groups": len(ids),
            "days": sum(row["days"] for row in rows),
            "given": sum(row["given"] for row in rows),
            "gaps": sum(row["gaps"] for row in rows),
            "coming": _coming(s, actor.market, [row for one in ids for row in turns[one]], today),
            "missing": sum(row["missing"] for row in rows),
            "due": sum(row["due"] for row in rows),
            "unconfirmed": sum(row["unconfirmed"] for row in rows),
            "spread": max((row["spread"] for row in rows), default=0),
        },
    }


def _groups(s: Session, actor: Actor, grid: str | None, today: date) -> Sequence[ShopGroup]:
    """Groups of where the actor may see turns; a shop's people see their own."""
    own = {node.split("/")[2] for node in policy.scope(actor, "duty.see") if node.count("/") > 1}
    here = scope.below(actor, "duty.see", _Placed) | ShopGroup.id.in_(own)
    query = select(ShopGroup).where(ShopGroup.market == actor.market, holds(ShopGroup, today), here)
    if grid is not None:
        query = query.where(ShopGroup.grid == grid)
    return s.scalars(query.order_by(ShopGroup.number, ShopGroup.id)).all()


class _Placed:
    """A group as scope.below reads where something stands."""

    grid = ShopGroup.grid
    group = ShopGroup.id


def _line(
    group: ShopGroup,
    grid: Grid,
    turns: Sequence[Turn],
    members: Sequence[str],
    span: tuple[date, date, date, date],
) -> View:
    first, last, today, until = span
    had = view.counts(turns, members)
    due = [row for row in turns if row.shop is not None and row.day <= until]
    least, most = min(had.values(), default=0), max(had.values(), default=0)
    return {
        "id": group.id,
        "number": group.number,
        "grid": {"id": grid.id, "name": name(grid)},
        "shops": len(members),
        "days": (last - first).days + 1,
        "given": sum(row.shop is not None for row in turns),
        "gaps": sum(row.shop is None for row in turns),
        "missing": len(_bare(turns, first, last, today)),
        "due": len(due),
        "unconfirmed": sum(row.confirmed_at is None for row in due),
        "least": least,
        "most": most,
        "spread": most - least,
    }


def _due_until(s: Session, market: str, now: datetime) -> date:
    """The last day whose shop is to have confirmed by now."""
    today, at = number.day_of(s, market, now), whose.hours(s, market).confirm_by
    due = now >= rules.moment(today, at, number.zone_of(s, market))
    return today if due else today - timedelta(days=1)


def _coming(s: Session, market: str, turns: Sequence[Turn], today: date) -> int:
    """Days from today on that nobody has, though they are not closed."""
    query = select(ClosedDay).where(ClosedDay.market == market, ClosedDay.day >= today)
    closed = {(row.group, row.day) for row in s.scalars(query)}
    bare = [row for row in turns if row.shop is None and row.day >= today]
    return sum((None, row.day) not in closed and (row.group, row.day) not in closed for row in bare)


def _bare(turns: Sequence[Turn], first: date, last: date, today: date) -> list[date]:
    """Days from today on of which nobody has said whose they are."""
    known = {row.day for row in turns}
    return [day for day in rules.days(first, last) if day >= today and day not in known]


def _closed(s: Session, group: ShopGroup, first: date, last: date) -> list[View]:
    query = select(ClosedDay).where(ClosedDay.market == group.market, ClosedDay.day >= first)
    rows = s.scalars(query.where(ClosedDay.day <= last).order_by(ClosedDay.day, ClosedDay.id))
    return [
        {"id": row.id, "day": row.day.isoformat(), "reason": row.reason, "whole": row.group is None}
        for row in rows
        if row.group in (None, group.id)
    ]
