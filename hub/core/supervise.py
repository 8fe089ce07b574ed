"""Who hears of it when time runs out: the ladders of escalation, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from hub.core.deadline import Deadline, Name, Run

OWES: dict[Name, str] = {
    "ack": "monitor",
    "accept": "desk",
    "dispatch": "dispatcher",
    "on_scene": "unit",
    "handle": "unit",
    "verify": "desk",
}
"""Clock → role whose act stops it; `unit` is the unit the case was dispatched to."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: at `at` (per cent of the limit, or seconds), these hear of it."""

    at: int
    to: tuple[str, ...]
    zh: str
    en: str


LADDER: tuple[Step, ...] = (
    Step(50, ("owner",), "时限过半", "half of the time is gone"),
    Step(80, ("owner", "leader"), "时限将到", "the time is nearly gone"),
    Step(100, ("owner", "lead"), "已超时，督办", "overdue: supervised from now on"),
    Step(150, ("lead", "manager"), "超时一半，上级接管", "half over the limit: the next level owns it"),
    Step(200, ("manager", "district"), "超时一倍，报街道", "twice the limit: it goes to the street"),
)
"""Every clock but an urgent alert's; `owner` is whoever owes the act."""

URGENT: tuple[Step, ...] = (
    Step(0, ("monitor", "crew"), "紧急告警", "urgent alert"),
    Step(30, ("leader",), "30 秒无人接", "nobody took it in 30 s"),
    Step(60, ("lead",), "60 秒无人接", "nobody took it in 60 s"),
    Step(90, ("liaison",), "90 秒无人接", "nobody took it in 90 s"),
)
"""An urgent alert that nobody takes; seconds. Whoever is reached may take it."""

ON_TIME = timedelta(seconds=30)
"""A step that fires later than this after it fell due is marked late: the hub was down."""


@dataclass(frozen=True, slots=True)
class Due:
    """A step of a clock and the moment at which it falls due."""

    clock: str
    step: Step
    at: datetime


def steps(deadline: Deadline) -> tuple[Due, ...]:
    """The steps that a run's clock reaches, if it is left alone; none after it stopped."""
    run = deadline.run
    if run.stopped is not None:
        return ()
    found = ((step, run.reached(deadline.limit * step.at / 100)) for step in LADDER)
    return tuple(Due(run.key, step, at) for step, at in found if at is not None)


def urgent(run: Run) -> tuple[Due, ...]:
    """The steps of an urgent alert that waits to be taken."""
    return tuple(Due(run.key, step, run.started + timedelta(seconds=step.at)) for step in URGENT)


def pending(due: Collection[Due], fired: Collection[tuple[str, int]]) -> tuple[Due, ...]:
    """Those that have not fired, soonest first."""
    return tuple(sorted((d for d in due if (d.clock, d.step.at) not in fired), key=lambda d: d.at))
