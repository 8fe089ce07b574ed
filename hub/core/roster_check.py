"""Everything that is wrong with a roster, found without a solver: hand edits are held against it at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from hub.core.roster import Bare, Load, RosterChecked, RosterGap
from hub.core.roster_row import broken, rows
from hub.core.roster_share import counted, off_hours, spread, target_h
from hub.core.roster_share import nights as fair_nights
from hub.core.roster_share import weekends as fair_weekends
from hub.core.shift import DAY_MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from hub.core.roster import Cell, GuardsAsked, Wish
    from hub.core.roster_row import Row
    from hub.core.shift import ShiftKind


def checked(asked: GuardsAsked, cells: Iterable[Cell]) -> RosterChecked:
    """What these cells lack and break; days outside of what is asked are passed over."""
    days = frozenset(asked.days)
    kept = [cell for cell in cells if cell.day in days]
    found = rows(asked, kept)
    gaps = tuple(chain.from_iterable(_gaps(asked, found, day) for day in asked.days))
    loads = tuple(load(asked, row) for row in found.values())
    fair = [one for one in loads if counted(asked, found[one.person].guard)]
    short = sum(_short(asked, found, day) for day in asked.days)
    unmet = sum(_unmet(row) for row in found.values())
    nights = spread([one.nights_all for one in loads], [one.nights_all for one in fair])
    weekends = spread([one.weekends_all for one in loads], [one.weekends_all for one in fair])
    prices = asked.rule.prices
    price = (
        prices.missing * sum(gap.missing for gap in gaps)
        + prices.leader * sum(gap.leader for gap in gaps)
        + prices.wanted * short
        + unmet
        + _loads(asked, loads)
    )
    breaks = tuple(chain.from_iterable(broken(row, asked.rule) for row in found.values()))
    bare = tuple(_bare(asked, found))
    return RosterChecked(gaps, breaks, bare, loads, short, unmet, price, nights, weekends)


def _loads(asked: GuardsAsked, loads: tuple[Load, ...]) -> int:
    """What it costs that hours, nights and days off work are not shared fairly."""
    prices = asked.rule.prices
    off = [
        off_hours(asked, guard, round(one.hours * 60)) for guard, one in zip(asked.guards, loads, strict=True)
    ]
    nights = [share.off(one.nights) for share, one in zip(fair_nights(asked), loads, strict=True)]
    weekends = [share.off(one.weekends) for share, one in zip(fair_weekends(asked), loads, strict=True)]
    return prices.hours * sum(off) + prices.nights * sum(nights) + prices.weekends * sum(weekends)


def load(asked: GuardsAsked, row: Row) -> Load:
    """What a person has in these days, and what it should be."""
    had = [(day, shift) for day in asked.days for shift in row.had.get(day, ())]
    nights = sum(shift.night for _, shift in had)
    weekends = sum(day in asked.holidays for day in {day for day, _ in had})
    hours = sum(shift.hours for _, shift in had)
    guard = row.guard
    target = target_h(asked, guard)
    return Load(
        guard.person,
        len(had),
        hours,
        target,
        nights,
        weekends,
        nights + guard.nights,
        weekends + guard.weekends,
    )


def on(found: Mapping[str, Row], day: date, shift: str) -> list[str]:
    """Who has that shift."""
    return [person for person, row in found.items() if any(kind.id == shift for kind in row.had.get(day, ()))]


def _gaps(asked: GuardsAsked, found: Mapping[str, Row], day: date) -> Iterator[RosterGap]:
    for shift in asked.shifts:
        there, need = on(found, day, shift.id), asked.need(day, shift.id)
        if len(there) < need.least:
            yield RosterGap(day, shift.id, need.least - len(there))
        if asked.rule.leader_at_night and shift.night and need.least and not _leader(found, there):
            yield RosterGap(day, shift.id, 0, leader=True)


def _leader(found: Mapping[str, Row], there: list[str]) -> bool:
    return any(found[person].guard.leader for person in there)


def _short(asked: GuardsAsked, found: Mapping[str, Row], day: date) -> int:
    needs = [(asked.need(day, shift.id), len(on(found, day, shift.id))) for shift in asked.shifts]
    return sum(max(0, need.wanted - max(need.least, there)) for need, there in needs)


def _unmet(row: Row) -> int:
    days = frozenset(row.span())
    return sum(wish.weight for wish in row.guard.wishes if wish.day in days and has(row, wish) != wish.wanted)


def has(row: Row, wish: Wish) -> bool:
    """Whether a person has what the wish is about."""
    return any(wish.shift in (None, shift.id) for shift in row.had.get(wish.day, ()))


def _bare(asked: GuardsAsked, found: Mapping[str, Row]) -> Iterator[Bare]:
    """Minutes in which nobody is there, from the spells of all alone: shifts and needs are not looked at."""
    first = asked.days[0].toordinal() * DAY_MINUTES
    until, end = 0, len(asked.days) * DAY_MINUTES
    for begins, ends, _ in sorted(chain.from_iterable(row.spells() for row in found.values())):
        if begins - first > until:
            yield Bare(until, min(begins - first, end))
        until = max(until, ends - first)
    if until < end:
        yield Bare(until, end)


def kind(asked: GuardsAsked, shift: str) -> ShiftKind:
    """The shift of that id; raises KeyError where there is none."""
    return {one.id: one for one in asked.shifts}[shift]
