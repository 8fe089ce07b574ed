"""Cells that people have set: what is wrong with them, why, and what would close their gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.roster_offer import explained
from hub.plan.roster.guards import possible
from hub.plan.roster.remedy import remedied

if TYPE_CHECKING:
    from hub.core.roster import RosterCheckAsked, RosterChecked
    from hub.plan.roster.solving import Heard


def make(asked: RosterCheckAsked, heard: Heard = lambda _: True) -> RosterChecked:
    """As the check without a solver says, and each gap with what would close it.

    Raises:
        Refused: No roster could be meant.
    """
    possible(asked.asked)
    made = explained(asked.asked, asked.cells)
    return remedied(asked.asked, made, heard) if made.gaps else made
