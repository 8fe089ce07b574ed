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
from hub.plan.roster.grid import Grid
from hub.plan.roster.prices import every
from hub.plan.roster.remedy import remedied
from hub.plan.roster.solving import Within, solved

if TYPE_CHECKING:
    from hub.core.roster import GuardsAsked
    from hub.plan.roster.prices import Priced
    from hub.plan.roster.solving import Heard, Solved

STAGE = "guards"
STAFFING = "guards-staffed"
LACKING = ("least", "leader_at_night")
PART, SURE_SECONDS = 2, 5.0
"""The first step may take this part of the time, or all of it where there is so little."""
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
    staffed = _staffed(grid, priced, asked.seconds, heard)
    first = time.monotonic() - began
    left = asked.seconds - first
    grid.cp.minimize(sum(one.price * one.often for one in priced))
    found = solved(grid.cp, Within(left, STAGE, asked.gap), heard) or staffed
    cells = asked.fixed if found is None else grid.read(found.answer)
    made = explained(asked, cells)
    if made.gaps and staffed is not None and not staffed.proof.stopped:
        made = remedied(asked, made, heard)
    bound = 0.0 if found is None or found is staffed else found.proof.bound
    stopped = found is None or found is staffed or found.proof.stopped
    proof = Proof(made.price, bound, time.monotonic() - began, stopped=stopped)
    return GuardsMade(cells, made, proof, first, checked(asked, cycle(asked)))


def _staffed(grid: Grid, priced: list[Priced], seconds: float, heard: Heard) -> Solved | None:
    """First only that nobody is missing, which is soon found; what is proved of it is held from then on."""
    lacking = sum(one.price * one.often for one in priced if one.rule in LACKING)
    grid.cp.minimize(lacking)
    found = solved(grid.cp, Within(max(seconds / PART, min(seconds, SURE_SECONDS)), STAFFING), heard)
    if found is not None:
        grid.hint(grid.read(found.answer))
        if not found.proof.stopped:
            grid.cp.add(lacking <= round(found.proof.objective))
    return found


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
