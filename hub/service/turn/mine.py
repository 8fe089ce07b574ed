"""A shop's day on its phone: whose turn it is, what is to be done, and the week to come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import turn as rules
from hub.service import number
from hub.service.election import members_of
from hub.service.group import names_of
from hub.service.shape import iso, maybe_iso, name, pair
from hub.service.turn import offer, swapped, view, whose
from hub.store.market import Grid
from hub.store.turn import Turn, TurnCheck

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.turn import Hours, Thing
    from hub.service.turn.whose import Own

View = dict[str, Any]


def today(s: Session, actor: Actor, now: datetime) -> View:
    """The day of the actor's group; all of it empty for who is of no group."""
    day = number.day_of(s, actor.market, now)
    own = whose.own(s, actor)
    if own is None:
        return _nothing(day)
    spoken = whose.spoken(actor, own.group)
    week = view.of_group(s, own.group.id, day, day + timedelta(days=rules.WEEK - 1))
    lines = view.lines(s, week, spoken, day)
    row = week[0] if week and week[0].day == day else None
    things = _things(s, row, spoken) if row else []
    return _nothing(day) | {
        "group": _group(s, own, day),
        "shop": {"id": own.shop.id, "name": name(own.shop)} if own.shop else None,
        "turn": _turn(s, row, lines[0], spoken, now) if row else None,
        "things": things,
        "week": lines,
        "month": _month(s, own, day),
        "next": _next(s, own, day),
        "swaps": swapped.concerning(s, actor, own.group, spoken, day),
    }


def _nothing(day: date) -> View:
    empty = {"group": None, "shop": None, "turn": None, "month": None, "next": None}
    return {"day": day.isoformat(), **empty, "things": [], "week": [], "swaps": []}


def _group(s: Session, own: Own, day: date) -> View:
    group, grid = own.group, s.get_one(Grid, own.group.grid)
    return {
        "id": group.id,
        "number": group.number,
        "grid": {"id": grid.id, "name": name(grid)},
        "shops": len(members_of(s, group.id, day)),
        "centre": view.shop(names_of(s, [group.centre]), group.centre),
    }


def _turn(s: Session, row: Turn, line: View, spoken: frozenset[str], now: datetime) -> View:
    hours, zone = whose.hours(s, row.market), number.zone_of(s, row.market)
    begins, ends = (rules.moment(row.day, at, zone) for at in (hours.begins, hours.ends))
    acts = {
        "confirm": row.confirmed_at is None and now < ends,
        "swap": now < ends and line["to"] is None,
        "help": now < ends,
    }
    return line | {
        "begins": iso(begins),
        "ends": iso(ends),
        "hours": (f"{hours.begins:%H:%M}", f"{hours.ends:%H:%M}"),
        "confirm_by": iso(rules.by(row.day, hours.confirm_by, zone, row.changed_at, rules.CONFIRM_WITHIN)),
        "confirmed_at": maybe_iso(row.confirmed_at),
        "buddy_mine": row.buddy in spoken,
        "may": [act for act, free in acts.items() if free] if row.shop in spoken else [],
    }


def _things(s: Session, row: Turn, spoken: frozenset[str]) -> list[View]:
    """The three things of whoever has the turn; of the neighbour, the one check; of others, what is done."""
    if row.shop is None:
        return []
    done = {one.item: one for one in s.scalars(select(TurnCheck).where(TurnCheck.turn == row.id))}
    shown = [one for one in rules.THINGS if row.buddy or not one.buddy]
    if row.buddy not in spoken or row.shop in spoken:
        shown = [one for one in shown if not one.buddy]
    else:
        shown = [one for one in shown if one.buddy]
    shops = names_of(s, [row.shop, row.buddy])
    names = {True: shops[row.shop], False: shops[row.buddy] if row.buddy else None}
    hours = whose.hours(s, row.market)
    return [_thing(s, row, one, done.get(one.id), names[one.buddy], hours, spoken) for one in shown]


def _thing(
    s: Session,
    row: Turn,
    thing: Thing,
    done: TurnCheck | None,
    other: Any,
    hours: Hours,
    spoken: frozenset[str],
) -> View:
    by = getattr(hours, thing.by)
    words = {"zh": "邻铺", "en": "a neighbour"} if other is None else name(other)
    who = row.buddy if thing.buddy else row.shop
    return {
        "id": thing.id,
        "zh": thing.words.zh.format(words["zh"]),
        "en": thing.words.en.format(words["en"]),
        "by": f"{by:%H:%M}",
        "due": iso(rules.moment(row.day, by, number.zone_of(s, row.market))),
        "done_at": iso(done.at) if done else None,
        "note": done.note if done else "",
        "may": done is None and who in spoken,
    }


def _month(s: Session, own: Own, day: date) -> View:
    first, last = rules.month(day)
    turns = view.of_group(s, own.group.id, first, last)
    found = view.counts(turns, members_of(s, own.group.id, day))
    return month_view(first, last, found, own.shop.id if own.shop else None)


def month_view(first: date, last: date, found: dict[str, int], mine: str | None) -> View:
    """How often each shop of a group has a month's turns."""
    least, most = min(found.values(), default=0), max(found.values(), default=0)
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "least": least,
        "most": most,
        "spread": most - least,
        "mine": found.get(mine) if mine else None,
        "words": pair(rules.fairness(found.values())),
    }


def _next(s: Session, own: Own, day: date) -> View | None:
    if own.shop is None:
        return None
    query = select(Turn).where(Turn.shop == own.shop.id, Turn.day > day).order_by(Turn.day).limit(1)
    row = s.scalar(query)
    return offer.day_of(row) if row else None
