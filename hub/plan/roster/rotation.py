"""The rotation of ten-shop groups: one shop a day, as evenly as can be, weekends and holidays too.

Group by group, since no group concerns another. As even as can be is the least sum of squares of what shops
have had: it is the same as a spread of one where that can be reached, and still says who is next where not.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hub.core.planned import Progress, Proof
from hub.core.refuse import Refused
from hub.core.rotation import GroupTurns, RotationMade
from hub.plan.roster.buddies import paired
from hub.plan.roster.circle import Circle, spread
from hub.plan.roster.plain import fewest_first, round_and_round
from hub.plan.roster.solving import Within, solved
from hub.plan.roster.unavoidable import oddities

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hub.core.rotation import GroupAsked, RotationAsked
    from hub.plan.roster.solving import Heard

STAGE = "rotation"
QUICK, MOST = 1.0, 10.0
"""Seconds of effort. A group is small: one worker proves nearly all at a third of the effort of eight, which
take the rest; none may eat up the time of the others."""


@dataclass(frozen=True, slots=True)
class _Found:
    shop_of: Mapping[date, str]
    objective: float
    bound: float
    proved: bool


def make(asked: RotationAsked, heard: Heard = lambda _: True) -> RotationMade:
    """A turn for every open day of every group on which anybody of it is there.

    `heard` is told after each group; where it answers False, groups not reached yet are given day by day
    to whoever has had fewest turns.

    Raises:
        Refused: A group is asked twice, or two fixed turns stand on one day.
    """
    _possible(asked)
    began, stopped = time.monotonic(), False
    made, objective, bound, plain = [], 0.0, 0.0, 0
    for number, group in enumerate(asked.groups):
        left = 0.0 if stopped else max(0.0, asked.seconds - (time.monotonic() - began))
        found = _solved(asked, group, left)
        made.append(_turns(asked, group, found))
        objective, bound = objective + found.objective, bound + found.bound
        plain = max(plain, spread(asked, group, round_and_round(asked, group)))
        spent, share = time.monotonic() - began, (number + 1) / len(asked.groups)
        stopped |= not heard(Progress(STAGE, spent, objective, bound, share))
    proof = Proof(objective, bound, time.monotonic() - began, stopped=not all(one.proved for one in made))
    return RotationMade(tuple(made), proof, max((one.spread for one in made), default=0), plain)


def _possible(asked: RotationAsked) -> None:
    groups = Counter(group.group for group in asked.groups)
    if double := [group for group, number in groups.items() if number > 1]:
        raise Refused(
            "input",
            "rotation-twice",
            f"Ask for each group once: {', '.join(double)} stands there twice.",
            f"每个小组只列一次：{'、'.join(double)} 重复了。",
        )
    for group in asked.groups:
        days = Counter(turn.day for turn in group.fixed)
        if any(number > 1 for number in days.values()):
            raise Refused(
                "input",
                "rotation-fixed",
                f"Two turns of {group.group} are fixed on one day: take one away first.",
                f"{group.group} 同一天固定了两个轮值，请先去掉一个。",
            )


def _solved(asked: RotationAsked, group: GroupAsked, seconds: float) -> _Found:
    circle, simple = Circle(asked, group), fewest_first(asked, group)
    circle.hint(simple)
    found = solved(circle.cp, Within(seconds, STAGE, workers=1, effort=QUICK)) if seconds > 0 else None
    if seconds > 0 and (found is None or found.proof.stopped):
        found = solved(circle.cp, Within(seconds, STAGE, effort=MOST)) or found
    if found is None:
        return _Found(simple, 0.0, 0.0, proved=not circle.turn)
    proof = found.proof
    return _Found(circle.read(found.answer), proof.objective, proof.bound, proved=not proof.stopped)


def _turns(asked: RotationAsked, group: GroupAsked, found: _Found) -> GroupTurns:
    turns = paired(asked, group, found.shop_of)
    made = GroupTurns(
        group.group,
        turns,
        spread(asked, group, found.shop_of),
        spread(asked, group, found.shop_of, free=True),
        found.proved,
    )
    return replace(made, oddities=tuple(oddities(asked, group, made)))
