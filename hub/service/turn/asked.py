"""What the solver of a rotation is asked: groups, who is away when, what stays, what each shop had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import rotation as values
from hub.core import turn as rules
from hub.core.refuse import Refused
from hub.core.rotation import GroupAsked, RotationAsked, ShopAsked
from hub.service import number, solving, workday
from hub.service.placement import holds
from hub.service.turn import repair, view, whose
from hub.store.bulk import among
from hub.store.market import ShopGroup
from hub.store.placement import Placement
from hub.store.turn import Rotation, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.ports import Workdays
    from hub.service.turn.repair import Around

SATURDAY = 5
MANY = 3
"""Parts of a node that names a group."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that the solver has to know, taken at one moment."""

    rotation: str
    job: str
    asked: RotationAsked
    unknown: tuple[int, ...]
    """Years of which nobody has said the days off: only weekends are shared fairly in them."""


def begin(s: Session, rotation: str, workdays: Workdays, now: datetime) -> Question | None:
    """The question of a rotation that waits; None where nobody waits for it any more.

    Raises:
        Refused: it has no group with shops.
    """
    row = s.get(Rotation, rotation, with_for_update=True, populate_existing=True)
    if row is None or row.state != "draft" or not solving.running(row, now):
        return None
    assert row.job is not None
    span = rules.days(row.first, row.last)
    off = workday.of(s, row.market, span, workdays)
    guessed = frozenset(day for day in span if day.year in off.unknown and day.weekday() >= SATURDAY)
    free = off.days | guessed
    asked = RotationAsked(
        days=span,
        groups=tuple(_groups(s, row, now)),
        free=free,
        feasts=frozenset(day for day in off.days if day.weekday() < SATURDAY),
        apart=whose.hours(s, row.market).apart,
        seconds=row.seconds,
    )
    if not asked.groups:
        en = "There is no group with shops here. Plan the groups first."
        raise Refused("state", "rotation.empty", en, "这里还没有联防小组，请先划分小组。")
    return Question(row.id, row.job["id"], asked, off.unknown)


def groups_at(s: Session, market: str, node: str, day: date) -> Sequence[ShopGroup]:
    """The groups that stand on a day at a node: the market's, a grid's, or the one."""
    parts = node.split("/")[1:]
    columns = zip((ShopGroup.grid, ShopGroup.id), parts, strict=False)
    query = select(ShopGroup).where(ShopGroup.market == market, holds(ShopGroup, day))
    query = query.where(*(column == part for column, part in columns))
    return s.scalars(query.order_by(ShopGroup.number, ShopGroup.id)).all()


def _groups(s: Session, row: Rotation, now: datetime) -> list[GroupAsked]:
    today = number.day_of(s, row.market, now)
    found = []
    for group in groups_at(s, row.market, row.node, row.first):
        known = repair.around(s, group, row.first)
        if known.line:
            found.append(_group(s, row, group, known, today))
    return found


def _group(s: Session, row: Rotation, group: ShopGroup, known: Around, today: date) -> GroupAsked:
    span = rules.days(row.first, row.last)
    away = {shop: frozenset(day for day in span if shop in known.absent(day)) for shop in known.line}
    had = repair.had_by(s, known.line, row.first - rules.HISTORY, row.first)
    before = carried(had, _since(s, group.id, known.line, row.first))
    shops = tuple(_shop(shop, had[shop], away[shop], before[shop]) for shop in known.line)
    kept = tuple(
        values.Turn(turn.day, turn.shop, turn.buddy if turn.buddy in known.line else None)
        for turn in view.of_group(s, group.id, row.first, row.last)
        if turn.shop in known.line and turn.day not in away[turn.shop] and turn.day not in known.closed
        if is_kept(turn, today)
    )
    closed = frozenset(day for day in known.closed if row.first <= day <= row.last)
    return GroupAsked(group.id, shops, closed, kept)


def is_kept(turn: Turn, today: date) -> bool:
    """Whether a new rotation leaves a turn as it is: people agreed on it, or its day has come."""
    return turn.fixed or turn.confirmed_at is not None or turn.day <= today


def carried(had: Mapping[str, Sequence[date]], since: Mapping[str, date]) -> dict[str, int | None]:
    """Turns that each shop brings along.

    Who came later is taken to have had, until then, what those who were there had on average; who came to a
    group of newcomers brings nothing.
    """
    old = [shop for shop in had if shop not in since]
    found: dict[str, int | None] = {}
    for shop, days in had.items():
        joined = since.get(shop)
        if joined is None:
            found[shop] = len(days)
            continue
        before = [sum(day < joined for day in had[one]) for one in old]
        own = sum(day >= joined for day in days)
        found[shop] = round(sum(before) / len(before)) + own if before else None
    return found


def _since(s: Session, group: str, shops: Sequence[str], first: date) -> dict[str, date]:
    """Shop → since when it is of this group, for those who came within the time that is counted."""
    query = select(Placement.shop, Placement.begins).where(
        among(s, Placement.shop, shops),
        Placement.group == group,
        holds(Placement, first),
        Placement.begins > first - rules.HISTORY,
    )
    return {row.shop: row.begins for row in s.execute(query)}


def _shop(shop: str, had: Sequence[date], away: frozenset[date], before: int | None) -> ShopAsked:
    return ShopAsked(
        shop=shop,
        away=away,
        before=before,
        free_before=None if before is None else sum(day.weekday() >= SATURDAY for day in had),
        last=max(had, default=None),
    )
