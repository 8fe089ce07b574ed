"""The roster of one workroom's guards: every shift has who it needs, nobody too much, all a fair share."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from hub.core.planned import Proof
from hub.core.refuse import Refused
from hub.core.roster import Cell, GuardsMade
from hub.core.roster_check import checked
from hub.core.roster_offer import explained
from hub.plan.roster.begin import even, staffed
from hub.plan.roster.grid import Grid
from hub.plan.roster.prices import every
from hub.plan.roster.remedy import remedied
from hub.plan.roster.solving import Within, solved

if TYPE_CHECKING:
    from hub.core.roster import GuardsAsked
    from hub.plan.roster.solving import Heard

STAGE = "guards"
MOST_GUARDS = 60
MOST_DAYS = 62
MOST_RUN = 7
RUNNING = 2
"""So many days of each shift running has the usual fixed cycle."""


def make(asked: GuardsAsked, heard: Heard = lambda _: True) -> GuardsMade:
    """The roster of the least price that is found in its time; `checked` is worked out without the solver.

    Raises:
        Refused: The days have holes, nobody is asked, a rule is beyond sense, or a fixed cell names a shift
            that there is not.
    """
    possible(asked)
    began = time.monotonic()
    grid = Grid(asked)
    priced = every(grid)
    manned = staffed(grid, priced, asked.seconds, heard)
    first = time.monotonic() - began
    known = [asked.fixed] if manned is None else [grid.read(manned.answer)]
    if manned is not None:
        left = asked.seconds - first
        known += [cells for cells in [even(asked, manned.proof.objective, left, heard)] if cells]
    grid.hint(known[-1])
    grid.cp.minimize(sum(one.price * one.often for one in priced))
    left = asked.seconds - (time.monotonic() - began)
    found = solved(grid.cp, Within(left, STAGE, asked.gap), heard)
    known += [] if found is None else [grid.read(found.answer)]
    cells = min(reversed(known), key=lambda cells: checked(asked, cells).price)
    made = explained(asked, cells)
    if made.gaps and manned is not None and not manned.proof.stopped:
        made = remedied(asked, made, heard)
    bound, stopped = (0.0, True) if found is None else (found.proof.bound, found.proof.stopped)
    proof = Proof(made.price, bound, time.monotonic() - began, stopped=stopped)
    return GuardsMade(cells, made, proof, first, checked(asked, cycle(asked)))


def possible(asked: GuardsAsked) -> None:
    """Raises Refused where no roster could be meant."""
    rule = asked.rule
    days = [asked.days[0] + timedelta(days=number) for number in range(len(asked.days))] if asked.days else []
    if not days or list(asked.days) != days or len(days) > MOST_DAYS:
        raise Refused(
            "input",
            "roster-days",
            f"A roster is for 1 to {MOST_DAYS} days, one after the other.",
            f"排班表为连续的 1 至 {MOST_DAYS} 天。",
        )
    people = {guard.person for guard in asked.guards}
    if not 1 <= len(people) == len(asked.guards) <= MOST_GUARDS:
        raise Refused(
            "input",
            "roster-guards",
            f"A roster is for 1 to {MOST_GUARDS} guards, each of them once.",
            f"排班表为 1 至 {MOST_GUARDS} 人，每人一行。",
        )
    kinds = {shift.id for shift in asked.shifts}
    named = {cell.shift for cell in asked.fixed} | {need.shift for need in asked.needs}
    if not kinds or named - kinds:
        raise Refused(
            "input",
            "roster-shift",
            f"There is no shift {', '.join(sorted(named - kinds))}: add it to the table of shifts first.",
            f"没有这样的班次：{'、'.join(sorted(named - kinds))}。请先加到班次表。",
        )
    if min(rule.most_in_7, rule.nights_running, rule.tiring_nights) < 1 or rule.nights_running > MOST_RUN:
        raise Refused(
            "input",
            "roster-rule",
            f"At least one day in 7 and 1 to {MOST_RUN} nights running must be allowed.",
            f"七天里至少允许一班，连续夜班为 1 至 {MOST_RUN} 个。",
        )


def cycle(asked: GuardsAsked) -> tuple[Cell, ...]:
    """What many workrooms have: two days of each shift, a day off, two nights, a day off; leave ignored."""
    by_day = [shift.id for shift in asked.shifts if not shift.night]
    by_night = [shift.id for shift in asked.shifts if shift.night]
    turn: list[str | None] = [shift for shift in by_day for _ in range(RUNNING)]
    turn += [None, *(shift for shift in by_night for _ in range(RUNNING)), None]
    people = len(asked.guards)
    return tuple(
        Cell(guard.person, day, shift)
        for number, guard in enumerate(asked.guards)
        for at, day in enumerate(asked.days)
        if (shift := turn[(at + number * len(turn) // people) % len(turn)]) is not None
    )
