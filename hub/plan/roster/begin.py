"""Where a roster begins: first only that nobody is missing, then that loads are even; both are soon found.

A solver that looks at all prices at once goes from a bad roster to a good one step by step. Loads asked as
rows instead find one that is nearly right in a second or two, and it only has to be mended (measured).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.plan.roster.grid import Grid
from hub.plan.roster.prices import every
from hub.plan.roster.solving import Within, solved

if TYPE_CHECKING:
    from hub.core.roster import Cell, GuardsAsked
    from hub.plan.roster.prices import Priced
    from hub.plan.roster.solving import Heard, Solved

STAFFING, EVENING = "guards-staffed", "guards-even"
LACKING = ("least", "leader_at_night")
PART, SURE_SECONDS = 2, 5.0
"""A step may take this part of the time; that nobody is missing all of it where there is so little."""
EVEN = (
    {"nights": 0, "weekends": 0, "week_h": 1, "wanted": 0},
    {"nights": 1, "weekends": 1, "week_h": 1, "wanted": 0},
)
"""How far off each load may be, from even to less so."""


def staffed(grid: Grid, priced: list[Priced], seconds: float, heard: Heard) -> Solved | None:
    """The fewest missing; what is proved of it is held from then on."""
    lacking = sum(one.price * one.often for one in priced if one.rule in LACKING)
    grid.cp.minimize(lacking)
    found = solved(grid.cp, Within(max(seconds / PART, min(seconds, SURE_SECONDS)), STAFFING), heard)
    if found is not None and not found.proof.stopped:
        grid.cp.add(lacking <= round(found.proof.objective))
    return found


def even(asked: GuardsAsked, lacking: float, seconds: float, heard: Heard) -> tuple[Cell, ...] | None:
    """Even loads with no more missing than that; None where there are none, or none was found."""
    for most in EVEN:
        grid = Grid(asked)
        priced = every(grid)
        grid.cp.add(sum(one.price * one.often for one in priced if one.rule in LACKING) <= round(lacking))
        for one in priced:
            if one.rule in most:
                grid.cp.add(one.often <= most[one.rule])
        found = solved(grid.cp, Within(seconds / PART / len(EVEN), EVENING), heard)
        if found is not None:
            return grid.read(found.answer)
    return None
