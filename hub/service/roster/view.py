"""The parts of a workroom's month as its page shows them: days, people with cells, totals, gaps, fairness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import monthly
from hub.core.glossary import Pair
from hub.core.roster import RULES, RosterChecked
from hub.core.roster_check import on
from hub.core.roster_row import rows
from hub.core.shift import NEEDS, SHIFTS
from hub.service import people
from hub.service.registered import person_of
from hub.service.roster.asked import Room, values
from hub.service.roster.draw import KINDS
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.market import Grid
from hub.store.roster import RosterRead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from hub.core.roster import RosterBroken, RosterGap
    from hub.service.roster.asked import Member
    from hub.store.people import Person
    from hub.store.roster import Roster, RosterCell

View = dict[str, Any]
TARGETS = {"nights": 1.0, "weekends": 1.0, "hours": 8.0}
"""How far the most and the least of people may be apart."""
FAIR = {
    "nights": Pair("夜班", "Nights"),
    "weekends": Pair("周末和节假日", "Weekends and holidays"),
    "hours": Pair("工时", "Hours"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A roster of a month, or none, with its people and what is wrong with it."""

    grid: Grid
    days: tuple[date, ...]
    row: Roster | None
    cells: tuple[RosterCell, ...]
    room: Room
    checked: RosterChecked
    zone: ZoneInfo
    now: datetime


def shift(id_: str) -> View:
    """A shift with what it needs."""
    kind, need = KINDS[id_], next(one for one in NEEDS if one.shift == id_ and one.day is None)
    return {
        "id": kind.id,
        "zh": kind.zh,
        "en": kind.en,
        "begins": f"{kind.begins:%H:%M}",
        "ends": f"{kind.ends:%H:%M}",
        "night": kind.night,
        "least": need.least,
        "wanted": need.wanted,
    }


def gap(zone: ZoneInfo, one: RosterGap, now: datetime) -> View:
    """A gap with its moments and words; the first sentence of its why names it."""
    begins, ends = monthly.moments(zone, one.day, KINDS[one.shift])
    words, *why = one.why or (Pair("", ""),)
    return {
        "day": one.day.isoformat(),
        "shift": one.shift,
        "missing": one.missing,
        "leader": one.leader,
        "begins": iso(begins),
        "ends": iso(ends),
        "past": ends <= now,
        "words": pair(words),
        "why": [pair(each) for each in why],
    }


def to_come(seen: Seen) -> list[RosterGap]:
    """The gaps of shifts that are not over."""
    return [
        one
        for one in seen.checked.gaps
        if monthly.moments(seen.zone, one.day, KINDS[one.shift])[1] > seen.now
    ]


def broken(one: RosterBroken) -> View:
    """A rule that is broken."""
    return {
        "rule": {"id": one.rule, **pair(RULES[one.rule])},
        "person": one.person,
        "day": one.day.isoformat(),
        "words": pair(one.words),
    }


def compared(before: Seen, after: Seen) -> View:
    """What an edit broke and opened that was whole, and which gaps it closed."""
    known = {(one.rule, one.person, one.day, one.value) for one in before.checked.broken}
    was, gone = ({(one.day, one.shift, one.missing) for one in each.checked.gaps} for each in (before, after))
    return {
        "broke": [
            broken(one)
            for one in after.checked.broken
            if (one.rule, one.person, one.day, one.value) not in known
        ],
        "opened": [
            gap(after.zone, one, after.now)
            for one in after.checked.gaps
            if (one.day, one.shift, one.missing) not in was
        ],
        "closed": [
            gap(before.zone, one, before.now)
            for one in before.checked.gaps
            if (one.day, one.shift, one.missing) not in gone
        ],
    }


def fairness(seen: Seen) -> list[View]:
    """Nights, weekends and hours between most and least, without those on leave, lent or gone."""
    there = frozenset(
        one.person.id
        for one in seen.room.members
        if not (seen.room.leaves[one.person.id] or one.away or one.lent_by or one.left)
    )
    loads = [one for one in seen.checked.loads if one.person in there]
    found = []
    for each, words in FAIR.items():
        had = [float(getattr(one, each)) for one in loads]
        spread = max(had) - min(had) if had else None
        over = max(0.0, (spread or 0.0) - TARGETS[each])
        found.append(
            {
                "id": each,
                **pair(words),
                "most": max(had, default=None),
                "least": min(had, default=None),
                "spread": spread,
                "target": TARGETS[each],
                "over": over,
            }
        )
    return found


def days(seen: Seen) -> list[View]:
    """Every day, and whether it is off work."""
    unknown, today = set(seen.room.off.unknown), seen.now.astimezone(seen.zone).date()
    return [
        {
            "day": day.isoformat(),
            "off": None if day.year in unknown else day in seen.room.asked.holidays,
            "today": day == today,
        }
        for day in seen.days
    ]


def guards(s: Session, seen: Seen) -> list[View]:
    """Everybody of the roster with what they have in it."""
    who = people.names(s, [cell.covers for cell in seen.cells])
    ids = {grid for one in seen.room.members for grid in (one.lent_by, *(at for _, at in one.away)) if grid}
    grids = {grid.id: grid for grid in s.scalars(select(Grid).where(Grid.id.in_(ids)))}
    reads = {one.person: one for one in _read_rows(s, seen.row)}
    loads = {one.person: one for one in seen.checked.loads}
    found = []
    for one in seen.room.members:
        load, read, lender = loads[one.person.id], reads.get(one.person.id), grids.get(one.lent_by or "")
        found.append(
            {
                "id": one.person.id,
                "name": name(one.person),
                "armband": one.person.armband,
                "leader": one.leader,
                "lent_by": {"id": lender.id, "name": name(lender)} if lender else None,
                "cells": _cells(seen, one, who, grids),
                "nights": load.nights,
                "weekends": load.weekends,
                "hours": load.hours,
                "target_h": round(load.target_h, 1),
                "told_at": iso(read.told_at) if read else None,
                "read_at": maybe_iso(read.read_at) if read else None,
            }
        )
    return found


def _cells(seen: Seen, member: Member, who: Mapping[str, Person], grids: Mapping[str, Grid]) -> list[View]:
    """A person's days in order: shifts, and leave and loans on days without one."""
    found: dict[date, View] = {}
    for day, at in member.away:
        grid = grids.get(at)
        found[day] = {"state": "lent", "shift": None, "at": {"id": at, "name": name(grid)} if grid else None}
    for day in seen.room.leaves[member.person.id]:
        found[day] = {"state": "leave", "shift": None}
    for cell in seen.cells:
        if cell.person == member.person.id:
            covers = person_of(who, cell.covers) if cell.covers else None
            found[cell.day] = {
                "state": "cover" if covers else "plain",
                "shift": cell.shift,
                "covers": covers,
            }
    return [{"day": day.isoformat(), **found[day]} for day in sorted(found) if day in set(seen.days)]


def totals(seen: Seen) -> list[View]:
    """How many each shift of each day has."""
    asked, found = seen.room.asked, rows(seen.room.asked, values(seen.cells))
    counts: list[View] = []
    for each in SHIFTS:
        for day in seen.days:
            count, least = len(on(found, day, each.id)), asked.need(day, each.id).least
            counts.append(
                {
                    "day": day.isoformat(),
                    "shift": each.id,
                    "count": count,
                    "least": least,
                    "missing": max(0, least - count),
                }
            )
    return counts


def bare(seen: Seen) -> list[View]:
    """Minutes in which nobody is there."""
    midnight = datetime.combine(seen.days[0], time(), seen.zone)

    def moment(minutes: int) -> str:
        return iso((midnight + timedelta(minutes=minutes)).astimezone(UTC))

    return [{"begins": moment(one.begins), "ends": moment(one.ends)} for one in seen.checked.bare]


def _read_rows(s: Session, row: Roster | None) -> Sequence[RosterRead]:
    if row is None:
        return ()
    return s.scalars(select(RosterRead).where(RosterRead.roster == row.id)).all()
