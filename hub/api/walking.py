"""What a patrol plan asks of the solver before it is written down: the shortest lap, or a mix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.core import asks
from hub.core import patrol as rules
from hub.core.rounds import MixAsked, RouteAsked, Stop
from hub.service import ground, number
from hub.service.patrol import listing, plan

if TYPE_CHECKING:
    from datetime import datetime

    from hub.api.parts import Parts
    from hub.core.policy import Actor

LEAST = 3
"""Points of which there is more than one lap."""
NOTHING: dict[str, Any] = {"metres": None, "proved": None, "worst": None, "best_fixed": None}


@dataclass(frozen=True, slots=True)
class Question:
    """A plan, and whether its rounds are to be solved."""

    plan: plan.Given
    solve: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What was solved, if anything, and its figures."""

    plan: plan.Solved | None
    figures: dict[str, Any]


def solved(parts: Parts, actor: Actor, question: Question, now: datetime) -> Answer:
    """The solver's answer; refused before it works where the plan would be refused.

    Raises:
        Refused: the actor may not, the plan does not fit, or the points cannot be walked to.
        UnsolvedError: the solver gave no answer in time.
    """
    given = question.plan
    with parts.readings() as session:
        plan.refuse(session, actor, given)
        points = listing.stops(session, actor, given.points)
        land = ground.of(session, actor.market, number.day_of(session, actor.market, now))
    if not question.solve or len(points) < LEAST:
        return Answer(None, NOTHING)
    stops = tuple(Stop(row.id, row.x, row.y) for row in points)
    if not given.drawn:
        lap = parts.solver.quick(asks.ROUTE, RouteAsked(stops, land, start=stops[0].checkpoint, seconds=10))
        return Answer(plan.Solved(lap.order, None), NOTHING | {"metres": lap.metres, "proved": lap.proved})
    window = float(given.minutes or rules.MINUTES[given.kind])
    made = parts.solver.quick(asks.MIX, MixAsked(stops, land, window_min=window, seconds=10))
    mix = [
        {"order": list(one.order), "offset_min": one.offset_min, "weight": one.weight} for one in made.rounds
    ]
    figures = {"metres": made.metres, "worst": made.worst, "best_fixed": made.best_fixed}
    return Answer(plan.Solved(given.points, mix), NOTHING | figures)
