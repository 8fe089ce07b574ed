"""The case machine: every stage, every act, and the one table of moves. What is not in it is refused."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from hub.core import glossary
from hub.core.refuse import Refused


class Stage(StrEnum):
    """Where a case stands."""

    REPORTED = "REPORTED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    MERGED = "MERGED"
    DISPATCHED = "DISPATCHED"
    HANDLING = "HANDLING"
    SUSPENDED = "SUSPENDED"
    HANDLED = "HANDLED"
    CLOSED = "CLOSED"
    EVALUATED = "EVALUATED"
    CANCELLED = "CANCELLED"


class Act(StrEnum):
    """What can be done to a case."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    UNMERGE = "unmerge"
    DISPATCH = "dispatch"
    ACKNOWLEDGE = "acknowledge"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    RETURN_REQUEST = "return_request"
    RETURN_DECIDE = "return_decide"
    SUSPEND_REQUEST = "suspend_request"
    SUSPEND_DECIDE = "suspend_decide"
    RESUME = "resume"
    HANDLE = "handle"
    VERIFY_CLOSE = "verify_close"
    REWORK = "rework"
    EVALUATE = "evaluate"
    REOPEN = "reopen"
    CANCEL = "cancel"
    PRIORITY = "priority"
    NOTE = "note"
    CALL = "call"
    REMIND = "remind"


class Side(StrEnum):
    """Supervision stands apart from handling: in one case a person is on one of them."""

    HANDLING = "handling"
    SUPERVISION = "supervision"


S, A = Stage, Act

LINE = (S.REPORTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.HANDLED, S.CLOSED, S.EVALUATED)
"""The straight way of a case."""
OPEN = (S.REPORTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.HANDLED)
"""Stages in which something is still owed."""
WITH_UNIT = (S.DISPATCHED, S.HANDLING)

MOVES: dict[tuple[Stage, Act], Stage] = {
    (S.REPORTED, A.ACCEPT): S.ACCEPTED,
    (S.REPORTED, A.REJECT): S.REJECTED,
    **{(stage, A.MERGE): S.MERGED for stage in OPEN},
    (S.MERGED, A.UNMERGE): S.MERGED,
    (S.ACCEPTED, A.DISPATCH): S.DISPATCHED,
    (S.DISPATCHED, A.ACKNOWLEDGE): S.HANDLING,
    (S.HANDLING, A.EN_ROUTE): S.HANDLING,
    (S.HANDLING, A.ON_SCENE): S.HANDLING,
    **{(stage, A.RETURN_REQUEST): stage for stage in WITH_UNIT},
    **{(stage, A.RETURN_DECIDE): S.ACCEPTED for stage in WITH_UNIT},
    (S.HANDLING, A.SUSPEND_REQUEST): S.HANDLING,
    (S.HANDLING, A.SUSPEND_DECIDE): S.SUSPENDED,
    (S.SUSPENDED, A.RESUME): S.HANDLING,
    (S.HANDLING, A.HANDLE): S.HANDLED,
    (S.HANDLED, A.VERIFY_CLOSE): S.CLOSED,
    (S.HANDLED, A.REWORK): S.HANDLING,
    (S.CLOSED, A.EVALUATE): S.EVALUATED,
    (S.CLOSED, A.REOPEN): S.ACCEPTED,
    **{(stage, A.CANCEL): S.CANCELLED for stage in (S.REPORTED, S.ACCEPTED, *WITH_UNIT)},
    **{(stage, A.PRIORITY): stage for stage in OPEN},
    **{(stage, A.NOTE): stage for stage in Stage},
    **{(stage, A.CALL): stage for stage in OPEN},
    **{(stage, A.REMIND): stage for stage in OPEN},
}
"""(stage, act) → stage after it. An un-merge goes back to the stage before, a decision that refuses stays."""

SIDES: dict[Act, Side] = {
    A.ACCEPT: Side.SUPERVISION,
    A.REJECT: Side.SUPERVISION,
    A.SUSPEND_DECIDE: Side.SUPERVISION,
    A.VERIFY_CLOSE: Side.SUPERVISION,
    A.REWORK: Side.SUPERVISION,
    A.EVALUATE: Side.SUPERVISION,
    A.CANCEL: Side.SUPERVISION,
    A.DISPATCH: Side.HANDLING,
    A.RETURN_DECIDE: Side.HANDLING,
    A.ACKNOWLEDGE: Side.HANDLING,
    A.EN_ROUTE: Side.HANDLING,
    A.ON_SCENE: Side.HANDLING,
    A.RETURN_REQUEST: Side.HANDLING,
    A.SUSPEND_REQUEST: Side.HANDLING,
    A.HANDLE: Side.HANDLING,
}
"""The side on which an act puts the person who does it; the other acts leave everybody where they are."""

SUSPEND_CAP = timedelta(days=30)
"""A suspension is reviewed at the latest after this time."""
REOPEN_WITHIN = timedelta(days=7)
"""So long the reporter may reopen; a supervisor may at any time."""
EVALUATE_AFTER = timedelta(days=7)
"""Without feedback the figures are frozen after this time."""
NEVER_SUSPENDED = frozenset({0, 1})

RESULTS: dict[str, glossary.Pair] = {
    "solved": glossary.Pair("已解决", "Solved"),
    "no_danger": glossary.Pair("到场无险情", "No danger found"),
    "transferred": glossary.Pair("已移交", "Handed over to the agency"),
    "false_alarm": glossary.Pair("误报", "False alarm"),
}
FEEDBACK: dict[str, glossary.Pair] = {
    "satisfied": glossary.Pair("满意", "Satisfied"),
    "neutral": glossary.Pair("一般", "Neutral"),
    "dissatisfied": glossary.Pair("不满意", "Dissatisfied"),
}


def move(stage: Stage, act: Act, *, former: Stage | None = None, granted: bool = True) -> Stage:
    """The stage that `act` leads to.

    Args:
        stage: Where the case stands.
        act: What is to be done.
        former: For an un-merge, the stage that the case had.
        granted: For a decision, whether the request is upheld.

    Raises:
        Refused: the table knows no such move.
    """
    after = MOVES.get((stage, act))
    if after is None:
        raise Refused("stage", "case.stage", *_wrong_stage(stage, act))
    if act is Act.UNMERGE:
        return former or Stage.REPORTED
    return after if granted else stage


def _wrong_stage(stage: Stage, act: Act) -> tuple[str, str]:
    done, here = glossary.ACT[act], glossary.STAGE[stage]
    stages = [of for of in Stage if (of, act) in MOVES]
    en = " or ".join(glossary.STAGE[of].en.lower() for of in stages)
    zh = "、".join(glossary.STAGE[of].zh for of in stages)
    return (
        f"You can {done.en} only while the case is {en}; it is {here.en.lower()} now.",
        f"案件在“{zh}”时才能{done.zh}；现在是“{here.zh}”。",
    )
