"""What a roster lacks, as prices of its model: the same that the check works out without a solver."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from hub.core import roster_share as shares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ortools.sat.python.cp_model import LinearExprT

    from hub.core.roster_share import Share
    from hub.plan.roster.grid import Grid

MOST = 400
"""Nobody is further off a share than that."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A price and how often it is paid."""

    rule: str
    price: int
    often: LinearExprT
    place: tuple[int, int] | None = None
    """Numbers of day and shift, of what a shift lacks."""


def needs(grid: Grid) -> Iterator[Priced]:
    """Guards missing, leaders missing and guards wanted, shift by shift."""
    asked, prices = grid.asked, grid.asked.rule.prices
    for day, shift in product(grid.days, grid.shifts):
        kind = asked.shifts[shift]
        need = asked.need(asked.days[day], kind.id)
        there = [grid.x[guard, day, shift] for guard in grid.guards]
        short = grid.cp.new_int_var(0, max(0, need.wanted - need.least), "")
        missing = grid.cp.new_int_var(0, need.least, "")
        grid.cp.add(sum(there) + missing >= need.least)
        grid.cp.add(sum(there) + missing + short >= need.wanted)
        yield Priced("least", prices.missing, missing, (day, shift))
        yield Priced("wanted", prices.wanted, short, (day, shift))
        if asked.rule.leader_at_night and kind.night and need.least:
            leaders = [x for x, guard in zip(there, asked.guards, strict=True) if guard.leader]
            nobody = grid.cp.new_bool_var("")
            grid.cp.add_bool_or(*leaders, nobody)
            yield Priced("leader_at_night", prices.leader, nobody, (day, shift))


def hours(grid: Grid) -> Iterator[Priced]:
    """By how many usual shifts each guard is off the target; half a one is none."""
    asked, usual = grid.asked, shares.usual_minutes(grid.asked)
    for number, guard in enumerate(asked.guards):
        minutes = sum(
            round(60 * asked.shifts[shift].hours) * grid.x[number, day, shift]
            for day, shift in product(grid.days, grid.shifts)
        )
        off = grid.cp.new_int_var(0, MOST, "")
        target = shares.target_fine(asked, guard)
        for over in (shares.FINE * minutes - target, target - shares.FINE * minutes):
            grid.cp.add(over - shares.FINE // 2 * usual <= shares.FINE * usual * off)
        yield Priced("week_h", asked.rule.prices.hours, off)


def fairness(grid: Grid) -> Iterator[Priced]:
    """By how many nights and days off work each guard has more or fewer than is fair."""
    asked, prices = grid.asked, grid.asked.rule.prices
    at_night = [shift for shift in grid.shifts if asked.shifts[shift].night]
    free = [number for number, day in enumerate(asked.days) if day in asked.holidays]
    fair = zip(shares.nights(asked), shares.weekends(asked), strict=True)
    for guard, (nights, weekends) in enumerate(fair):
        has = sum(grid.x[guard, day, shift] for day, shift in product(grid.days, at_night))
        yield Priced("nights", prices.nights, _off(grid, has, nights))
        has = sum(grid.w[guard, day] for day in free)
        yield Priced("weekends", prices.weekends, _off(grid, has, weekends))


def _off(grid: Grid, has: LinearExprT, share: Share) -> LinearExprT:
    off = [grid.cp.new_int_var(0, MOST, "") for _ in range(shares.STEPS)]
    for step, more in enumerate(off):
        grid.cp.add(has - share.most - step <= more)
        grid.cp.add(share.least - has - step <= more)
    return sum(off)


def wishes(grid: Grid) -> Iterator[Priced]:
    """Wishes that are not met, by their weight."""
    asked = grid.asked
    day_of = {day: number for number, day in enumerate(asked.days)}
    kind_of = {shift.id: number for number, shift in enumerate(asked.shifts)}
    for number, guard in enumerate(asked.guards):
        for wish in guard.wishes:
            if wish.day in day_of and (wish.shift is None or wish.shift in kind_of):
                day = day_of[wish.day]
                has = grid.x[number, day, kind_of[wish.shift]] if wish.shift else grid.w[number, day]
                yield Priced("wishes", wish.weight, 1 - has if wish.wanted else has)


def every(grid: Grid) -> list[Priced]:
    """All soft rules."""
    return [*needs(grid), *hours(grid), *fairness(grid), *wishes(grid)]
