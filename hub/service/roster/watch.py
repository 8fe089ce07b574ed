"""The clock looks ahead: minutes that nobody covers are told before they come, by duties alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import minutes, monthly
from hub.core.glossary import Pair
from hub.core.minutes import Spell, Wanted
from hub.core.roster_row import dated
from hub.core.severity import P1, P2
from hub.core.shift import NEEDS
from hub.service import notice, number
from hub.service.roster import change, cover, right
from hub.service.roster.draw import KINDS
from hub.store.duty import Duty
from hub.store.market import Grid
from hub.store.roster import Cover, Roster
from hub.store.supervise import Notice

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.minutes import Thin

AHEAD = timedelta(hours=36)
"""So long before they come uncovered minutes are told."""
SOON = timedelta(hours=8)
"""Nearer than that they are told as something grave, once more."""
NEXT_MONTH = timedelta(days=5)
"""So long before it begins a month without a roster is told."""


def look(s: Session, now: datetime) -> int:
    """Tell leaders what is not covered, each once; and let questions lapse whose day has come. How many."""
    told = 0
    for grid in s.scalars(select(Grid).where(Grid.id.in_(select(Roster.grid)), Grid.ends.is_(None))).all():
        told += _thin(s, grid, now) + _month(s, grid, now)
    return told + _lapse(s, now)


def uncovered(s: Session, grid: Grid, span: tuple[datetime, datetime]) -> list[tuple[date, str, Thin]]:
    """Every span of the shifts of that time in which fewer are on duty than needed, with its day and shift.

    Duties are asked, not rosters; only days of months that are published count.
    """
    zone = number.zone_of(s, grid.market)
    begins, ends = span
    days = monthly.days(begins.astimezone(zone).date() - monthly.DAY, ends.astimezone(zone).date())
    ids = select(Roster.id).where(Roster.grid == grid.id)
    near = Duty.begins < ends + monthly.DAY, Duty.ends > begins
    query = select(Duty).where(Duty.roster.in_(ids), *near)
    spells = [Spell(one.person, one.begins, one.ends) for one in s.scalars(query)]
    found = []
    for day in days:
        if right.holds(s, grid.id, day.replace(day=1)) is None:
            continue
        for need in NEEDS:
            first, last = monthly.moments(zone, day, KINDS[need.shift])
            if first < ends and last > begins:
                wanted = Wanted(max(first, begins), last, need.least)
                found += [(day, need.shift, one) for one in minutes.thin(spells, [wanted])]
    return found


def _thin(s: Session, grid: Grid, now: datetime) -> int:
    """What is not covered soon."""
    zone, told = number.zone_of(s, grid.market), 0
    for day, shift, one in uncovered(s, grid, (now, now + AHEAD)):
        row = right.holds(s, grid.id, day.replace(day=1))
        soon = one.begins - now <= SOON
        step = f"thin.{'soon' if soon else 'ahead'}.{day.isoformat()}.{shift}.{one.ends:%H%M}.{one.there}"
        first, last, on = one.begins.astimezone(zone), one.ends.astimezone(zone), dated(day)
        missing, kind = one.least - one.there, KINDS[shift]
        words = Pair(
            f"{grid.name_zh} {on.zh}{kind.zh} {first:%H:%M}–{last:%H:%M} 缺 {missing} 人，"
            f"最少 {one.least} 人，现有 {one.there} 人。",
            f"{grid.name_en}, {on.en}, {kind.en} {first:%H:%M} to {last:%H:%M}: {missing} missing, "
            f"{one.there} of {one.least} are there.",
        )
        if row is not None:
            told += _once(s, grid, f"roster/{row.id}", step, words, now, P1 if soon else P2)
    return told


def _month(s: Session, grid: Grid, now: datetime) -> int:
    """A month that begins soon has no roster."""
    today = number.day_of(s, grid.market, now)
    first = (today + NEXT_MONTH).replace(day=1)
    if first <= today or right.holds(s, grid.id, first):
        return 0
    words = Pair(
        f"{grid.name_zh} {first:%Y-%m} 的排班表还没有发布，{first.month}月1日起没有人值班。",
        f"{grid.name_en} has no roster for {first:%Y-%m}: nobody is on duty from {dated(first).en} on.",
    )
    return _once(s, grid, f"grid/{grid.id}", f"month.{first:%Y-%m}", words, now, P2)


def _lapse(s: Session, now: datetime) -> int:
    """Questions of which a shift is over; one that is being answered is looked at the next time."""
    query = select(Cover).where(Cover.state == "asked").order_by(Cover.id)
    rows = s.scalars(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    found = [
        one
        for one in rows.all()
        if change.any_over(number.zone_of(s, one.market), change.steps(one.changes), now)
    ]
    return cover.lapse(s, found, now)


def _once(s: Session, grid: Grid, subject: str, step: str, words: Pair, now: datetime, severity: int) -> int:
    """Tell the leader, unless that was told; how many were told."""
    there = select(Notice.id).where(Notice.subject == subject, Notice.step == step)
    if s.scalar(there.limit(1)) is not None:
        return 0
    return len(
        notice.tell(s, grid.market, right.leaders(s, grid), subject, step, words, now, severity=severity)
    )
