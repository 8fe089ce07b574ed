"""Turns that cannot stand any more: the day is closed, or its shop has left, is shut or on leave.

They are given anew at once, to who has fewest, and everybody whom it concerns is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.core.turn import Standing
from hub.service import number
from hub.service.placement import holds
from hub.service.turn import change, whose
from hub.store.bulk import among
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.turn import ClosedDay, Leave, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

NOBODY = Pair("本组这天没有能轮值的商户。", "No shop of the group can take this day.")
ENDED = Pair("小组已撤销。", "The group is no more.")


@dataclass(frozen=True, slots=True)
class Around:
    """What decides who can have a day of a group."""

    line: tuple[str, ...]
    """Its shops today, in the order of the neighbourhood."""
    shut: frozenset[str]
    away: Mapping[str, tuple[tuple[date, date], ...]]
    """Shop → first and last day of each leave."""
    closed: Mapping[date, Pair]
    """Days without turns, and why."""
    ends: Mapping[str, date]
    """Shop → the first day on which it is no more, where that is known."""

    def absent(self, day: date) -> frozenset[str]:
        """Who is not there on a day."""
        gone = {shop for shop, spans in self.away.items() if any(a <= day <= b for a, b in spans)}
        return self.shut | gone | {shop for shop, ends in self.ends.items() if ends <= day}


def leader_of(s: Session, group: ShopGroup) -> str | None:
    """The leader of a group's grid."""
    return s.get_one(Grid, group.grid).leader


def around(s: Session, row: ShopGroup, day: date) -> Around:
    """What holds for a group from `day` on."""
    shops = s.scalars(select(Shop).where(Shop.group == row.id, holds(Shop, day))).all()
    line = rules.in_line({one.id: (one.door_x, one.door_y) for one in shops})
    held = (Leave.kind == "leave", Leave.state == "granted", Leave.last >= day)
    spans: dict[str, list[tuple[date, date]]] = {}
    for one in s.scalars(select(Leave).where(*held, among(s, Leave.shop, line))):
        spans.setdefault(one.shop or "", []).append((one.first, one.last))
    return Around(
        tuple(line),
        frozenset(one.id for one in shops if not one.open),
        {shop: tuple(some) for shop, some in spans.items()},
        closed_days(s, row, day),
        {one.id: one.ends for one in shops if one.ends is not None},
    )


def closed_days(s: Session, row: ShopGroup, day: date) -> dict[date, Pair]:
    """Days from `day` on without turns of a group, and why."""
    whole = or_(ClosedDay.group.is_(None), ClosedDay.group == row.id)
    query = select(ClosedDay).where(ClosedDay.market == row.market, whole, ClosedDay.day >= day)
    return {one.day: reason(one.reason) for one in s.scalars(query)}


def reason(said: str) -> Pair:
    """Why a day has no turn."""
    if said:
        return Pair(f"休市：{said}", f"Closed: {said}")
    return Pair("休市。", "Closed.")


def group(s: Session, row: ShopGroup, now: datetime) -> int:
    """Give anew whatever of a group's turns from today on cannot stand; how many were changed."""
    today = number.day_of(s, row.market, now)
    query = select(Turn).where(Turn.group == row.id, Turn.day >= today).order_by(Turn.day)
    turns = s.scalars(query.with_for_update()).all()
    if not turns:
        return 0
    if row.ends is not None and row.ends <= today:
        return sum(change.give(s, turn, row, (None, None), now, why=ENDED) for turn in turns)
    known, done = around(s, row, today), 0
    for turn in turns:
        if not _stands(turn, known) and _begun(s, turn, now) is False:
            done += anew(s, row, turn, known, now)
    return done


def _stands(turn: Turn, known: Around) -> bool:
    """Whether a turn can stay as it is."""
    if turn.day in known.closed:
        return turn.shop is None
    absent = known.absent(turn.day)
    there = [shop for shop in known.line if shop not in absent]
    if turn.shop is None:
        return not there
    buddy = turn.buddy in there if turn.buddy else len(there) < 2  # noqa: PLR2004 - oneself and another
    return turn.shop in there and buddy


def _begun(s: Session, turn: Turn, now: datetime) -> bool:
    """Whether the turn's hours are over: what was is not changed afterwards."""
    hours = whose.hours(s, turn.market)
    return now >= rules.moment(turn.day, hours.ends, number.zone_of(s, turn.market))


def anew(s: Session, row: ShopGroup, turn: Turn, known: Around, now: datetime) -> bool:
    """Give a day to who can have it, or to nobody for a reason; whether that changes anything."""
    if turn.day in known.closed:
        return change.give(s, turn, row, (None, None), now, why=known.closed[turn.day])
    absent = known.absent(turn.day)
    keeps = turn.shop is not None and turn.shop in known.line and turn.shop not in absent
    shop = turn.shop if keeps else _next(s, turn, known, absent)
    if shop is None:
        return change.give(s, turn, row, (None, None), now, why=NOBODY)
    buddy = rules.neighbour(shop, known.line, absent)
    return change.give(s, turn, row, (shop, buddy), now, fixed=keeps and turn.fixed)


def _next(s: Session, turn: Turn, known: Around, absent: frozenset[str]) -> str | None:
    """Who takes the day."""
    since, until = turn.day - rules.HISTORY, turn.day + rules.MOST_AHEAD
    had = had_by(s, known.line, since, until)
    apart = whose.hours(s, turn.market).apart
    shops = (Standing(shop, len(had[shop]), frozenset(had[shop]), shop in absent) for shop in known.line)
    return rules.stand_in(turn.day, shops, apart)


def had_by(s: Session, shops: Sequence[str], since: date, until: date) -> dict[str, list[date]]:
    """The days of each shop's turns from `since` to before `until`, whatever group they were of."""
    query = select(Turn.shop, Turn.day).where(Turn.day >= since, Turn.day < until)
    found: dict[str, list[date]] = {shop: [] for shop in shops}
    for shop, day in s.execute(query.where(among(s, Turn.shop, shops)).order_by(Turn.day)):
        found[str(shop)].append(day)
    return found


def changed(s: Session, now: datetime) -> int:
    """Give anew the turns of shops that were moved to other groups, shut or ended; how many were changed."""
    soon = now.date() - timedelta(days=1)
    query = (
        select(Turn.group)
        .outerjoin(Shop, Shop.id == Turn.shop)
        .join(ShopGroup, ShopGroup.id == Turn.group)
        .where(
            Turn.day >= soon,
            or_(
                Shop.group.is_distinct_from(Turn.group) & Turn.shop.is_not(None),
                Shop.open.is_(False),
                Shop.ends.is_not(None),
                ShopGroup.ends.is_not(None) & Turn.shop.is_not(None),
            ),
        )
    )
    groups = sorted(set(s.scalars(query)))
    return sum(group(s, s.get_one(ShopGroup, one), now) for one in groups)
