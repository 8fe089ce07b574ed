"""Plans are solved one after the other, on a thread of their own that begins with the first."""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from hub.api import solving
from hub.core import asks
from hub.core.planned import WaysAsked
from hub.core.refuse import Refused
from hub.ports import UnsolvedError
from hub.service.plan import solved
from hub.service.plan.figure import edit_asked
from hub.service.plan.solved import Answer
from hub.store.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from hub.api.parts import Parts
    from hub.core.ground import Ground
    from hub.core.planned import EditMade, GridRule
    from hub.service.plan.cut import Cut
    from hub.service.plan.solved import Question

MOST_WALKED = 4
"""Markets of which is remembered what they break."""
log = logging.getLogger(__name__)


class Walked:
    """What a market as it is breaks for whoever walks it; that is asked again with every move by hand."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: OrderedDict[Hashable, EditMade] = OrderedDict()

    def known(self, market: Hashable) -> EditMade | None:
        """What is remembered of it; of markets that are told apart by all that they are, not by a hash."""
        with self._lock:
            return self._made.get(market)

    def remember(self, market: Hashable, made: EditMade) -> None:
        """Keep it; the oldest is forgotten."""
        with self._lock:
            self._made[market] = made
            if len(self._made) > MOST_WALKED:
                self._made.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Planning:
    """One thread; `close` lets the job at hand end."""

    walked: Walked = field(default_factory=Walked)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "planning"))

    def begin(self, parts: Parts, plan: str) -> None:
        """Solve a plan that waits, as soon as its turn comes."""
        self._pool.submit(run, parts, plan)

    def submit(self, act: Callable[..., None], *words: object) -> None:
        """Do what else asks the solver, as soon as its turn comes."""
        self._pool.submit(act, *words)

    def close(self) -> None:
        """Wait for the job at hand, whose solver was ended before; those that wait are begun no more."""
        self._pool.shutdown(cancel_futures=True)


def run(parts: Parts, plan: str) -> None:
    """Ask the solver and write down what it made, or why there is nothing."""
    solving.run(parts, Plan, plan, _work)


def ways(parts: Parts, asked: WaysAsked) -> dict[tuple[str, str], float]:
    """Metres for each pair that a way joins; none where there is no solver to measure them."""
    if not asked.pairs:
        return {}
    try:
        made = parts.solver.quick(asks.WAYS, asked)
    except (Refused, UnsolvedError) as error:
        log.warning("the ways of a plan are not known: %s", error)
        return {}
    return {pair: way for pair, way in zip(asked.pairs, made.metres, strict=True) if way is not None}


def broken(
    parts: Parts, ground: Ground, cuts: tuple[Cut, Cut], rule: GridRule
) -> tuple[EditMade, EditMade] | None:
    """What two cuts of a market break for whoever walks it; None where there is no solver to walk it."""
    walked, (before, after) = parts.planning.walked, (edit_asked(ground, cut, rule) for cut in cuts)
    key = (ground, rule, *(frozenset(of.items()) for of in (before.grid_of, before.group_of)))
    try:
        found = walked.known(key) or parts.solver.quick(asks.EDIT, before)
        made = parts.solver.quick(asks.EDIT, after)
    except (Refused, UnsolvedError) as error:
        log.warning("what a plan breaks is not known: %s", error)
        return None
    walked.remember(key, found)
    return found, made


def _work(parts: Parts, plan: str) -> None:
    with parts.sessions.begin() as session:
        question = solved.begin(session, plan, parts.clock.now())
    if question is None:
        return
    answer = _answer(parts, question)
    with parts.sessions.begin() as session:
        solved.take(session, question, answer, parts.clock.now())


def _answer(parts: Parts, question: Question) -> Answer:
    heard = solving.listener(parts, Plan, question.plan, question.job)
    made = parts.solver.work(asks.GRIDS, question.grids, heard) if question.grids else None
    grids = solved.named(question, made) if made else None
    asked = solved.groups_asked(question, grids)
    groups = parts.solver.work(asks.GROUPS, asked, heard) if asked else None
    cuts = (question.before, solved.wanted_of(question, Answer(grids, groups, {})))
    found = ways(parts, WaysAsked(question.ground, solved.ways_between(*cuts)))
    return Answer(grids, groups, found, broken(parts, question.ground, cuts, question.grid_rule))
