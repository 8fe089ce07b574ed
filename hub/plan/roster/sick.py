"""Somebody calls in sick: who covers, so that the fewest cells change and the fewest people are asked."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.core.roster import Cell, Change, SickMade
from hub.core.roster_offer import explained
from hub.plan.roster.grid import Grid
from hub.plan.roster.guards import possible
from hub.plan.roster.prices import needs
from hub.plan.roster.solving import Within, solved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.core.roster import GuardsAsked, SickAsked
    from hub.plan.roster.solving import Heard

STAGE = "sick"
CELL = 100
"""Price of a changed cell; all people of a workroom together cost less, so cells come first."""
PERSON = 1
LACKING = {"least": 100_000, "leader_at_night": 1_000}
"""A shift that lacks somebody is dearer than any change; a leader is worth ten cells."""


def make(asked: SickAsked, heard: Heard = lambda _: True) -> SickMade:
    """The least change: days before the first sick one stay; `proved` where no other changes fewer cells.

    Rules that the cells break already, set by hand, need not be mended with it.

    Raises:
        Refused: No roster could be meant, or there is no such person in it.
    """
    began = time.monotonic()
    after = without(asked)
    possible(after)
    kept = [cell for cell in asked.cells if not (cell.person == asked.person and cell.day in asked.days)]
    grid = Grid(after, kept)
    grid.hold(kept, max(0, (min(asked.days) - after.days[0]).days))
    grid.hint(kept)
    _least(grid, kept, asked.person)
    found = solved(grid.cp, Within(asked.seconds, STAGE), heard)
    cells = tuple(kept) if found is None else grid.read(found.answer)
    changed = changes(asked.asked, asked.cells, cells)
    agree = tuple(dict.fromkeys(one.person for one in changed if one.person != asked.person))
    proved = found is not None and not found.proof.stopped
    return SickMade(cells, changed, agree, proved, explained(after, cells), time.monotonic() - began)


def without(asked: SickAsked) -> GuardsAsked:
    """The same question with the sick person on leave; what was fixed of those days is free."""
    whole, away = asked.asked, frozenset(asked.days)
    if asked.person not in {guard.person for guard in whole.guards} or not away & set(whole.days):
        raise Refused(
            "input",
            "nobody-sick",
            "Say who of this roster is sick, and on which of its days.",
            "请说明表内谁病了，以及是表内的哪几天。",
        )
    guards = tuple(
        replace(guard, leave=guard.leave | away) if guard.person == asked.person else guard
        for guard in whole.guards
    )
    fixed = tuple(cell for cell in whole.fixed if not (cell.person == asked.person and cell.day in away))
    return replace(whole, guards=guards, fixed=fixed)


def _least(grid: Grid, kept: Iterable[Cell], person: str) -> None:
    places = grid.places(kept)
    prices = [LACKING[one.rule] * one.often for one in needs(grid) if one.rule in LACKING]
    for guard in grid.guards:
        asks = grid.cp.new_bool_var("")
        for day in grid.days:
            has = [shift for shift in grid.shifts if (guard, day, shift) in places]
            changed = ~grid.x[guard, day, has[0]] if has else grid.w[guard, day]
            prices.append(CELL * changed)
            grid.cp.add_implication(changed, asks)
        prices.append(PERSON * asks * (grid.asked.guards[guard].person != person))
    grid.cp.minimize(sum(prices))


def changes(asked: GuardsAsked, before: Iterable[Cell], after: Iterable[Cell]) -> tuple[Change, ...]:
    """Every person's day that is not what it was, day by day."""
    old = {(cell.day, cell.person): cell.shift for cell in before}
    new = {(cell.day, cell.person): cell.shift for cell in after}
    return tuple(
        Change(guard.person, day, old.get((day, guard.person)), new.get((day, guard.person)))
        for day in asked.days
        for guard in asked.guards
        if old.get((day, guard.person)) != new.get((day, guard.person))
    )
