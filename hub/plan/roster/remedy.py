"""What would close the gaps of a roster: the question put again with one leave or one rule lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.roster import GuardAsked
from hub.core.roster_check import checked
from hub.plan.roster.grid import Grid
from hub.plan.roster.prices import needs
from hub.plan.roster.solving import Within, solved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from hub.core.roster import GuardsAsked, RosterChecked, RosterGap, RosterRule
    from hub.plan.roster.solving import Heard

    Gap = tuple[date, str, bool]

STAGE = "remedies"
SECONDS, EFFORT = 20.0, 2.0
"""For one question, the second on a machine of its own; what is not answered in them is not said."""
MOST = 8
"""So many questions are put."""
NEAR = timedelta(days=2)
"""Leave so near to a gap may be its reason."""
NEW = 10
"""A gap that was not there before is so much dearer."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The question with one thing lifted, and how it is said."""

    asked: GuardsAsked
    words: Pair


LIFTS: dict[str, tuple[Callable[[RosterRule], RosterRule], Pair]] = {
    "most_in_7": (
        lambda rule: replace(rule, most_in_7=rule.most_in_7 + 1),
        Pair(
            "允许七天上 {rule.most_in_7} 班，这一班就排满",
            "with {rule.most_in_7} days of 7 allowed it closes",
        ),
    ),
    "nights_running": (
        lambda rule: replace(rule, nights_running=rule.nights_running + 1),
        Pair(
            "允许连续 {rule.nights_running} 个夜班，这一班就排满",
            "with {rule.nights_running} nights running allowed it closes",
        ),
    ),
    "off_after_nights": (
        lambda rule: replace(rule, off_after_nights=max(0, rule.off_after_nights - 1)),
        Pair(
            "连上夜班后只休息 {rule.off_after_nights} 天，这一班就排满",
            "with {rule.off_after_nights} days off after nights running it closes",
        ),
    ),
}
"""Rule → the same a step looser, and what is said of it. Rest between two shifts is never put at disposal."""


def remedied(asked: GuardsAsked, made: RosterChecked, heard: Heard = lambda _: True) -> RosterChecked:
    """The same, and each gap says what would close it, where one thing does and opens no other."""
    said: dict[RosterGap, list[Pair]] = {gap: [] for gap in made.gaps}
    known = {_place(gap) for gap in made.gaps}
    for remedy in list(_remedies(asked, made))[:MOST]:
        left = _left(remedy.asked, known, heard)
        for gap, words in said.items():
            if left is not None and left < known and _place(gap) not in left:
                words.append(remedy.words)
    gaps = tuple(replace(gap, why=(*gap.why, *words)) for gap, words in said.items())
    return replace(made, gaps=gaps)


def _place(gap: RosterGap) -> Gap:
    return gap.day, gap.shift, gap.leader


def _remedies(asked: GuardsAsked, made: RosterChecked) -> Iterator[Remedy]:
    days = [gap.day for gap in made.gaps]
    for guard in asked.guards:
        if any(abs(day - gone) <= NEAR for gone in guard.leave for day in days):
            others = tuple(replace(one, leave=frozenset()) if one is guard else one for one in asked.guards)
            words = Pair(
                f"{guard.called.zh}不请假，这一班就排满",
                f"if {guard.called.en} took no leave it would close",
            )
            yield Remedy(replace(asked, guards=others), words)
    for lift, says in LIFTS.values():
        rule = lift(asked.rule)
        yield Remedy(replace(asked, rule=rule), Pair(says.zh.format(rule=rule), says.en.format(rule=rule)))
    lent = GuardAsked("", leader=any(gap.leader for gap in made.gaps), here=frozenset(days))
    words = Pair("从别的工作室借一人，这一班就排满", "one guard lent by another workroom would close it")
    yield Remedy(replace(asked, guards=(*asked.guards, lent)), words)


def _left(asked: GuardsAsked, known: set[Gap], heard: Heard) -> set[Gap] | None:
    """What then still lacks, new gaps only where there must be; None where that is not proved."""
    grid = Grid(asked)
    at = {(day, shift) for day, shift, _ in known}
    prices = []
    for one in needs(grid):
        if one.rule != "wanted" and one.place is not None:
            day, shift = asked.days[one.place[0]], asked.shifts[one.place[1]].id
            prices.append(one.price * (1 if (day, shift) in at else NEW) * one.often)
    grid.cp.minimize(sum(prices))
    found = solved(grid.cp, Within(SECONDS, STAGE, effort=EFFORT), heard)
    if found is None or found.proof.stopped:
        return None
    return {_place(gap) for gap in checked(asked, grid.read(found.answer)).gaps}
