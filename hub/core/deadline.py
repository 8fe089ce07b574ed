"""Clocks of a case: a pure function of its marks, its severity and the version of the limits it carries.

Only the handling clock pauses. A change of priority computes everything anew from the same marks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from hub.core.case import Act, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Name = Literal["ack", "accept", "dispatch", "on_scene", "handle", "verify"]
State = Literal["running", "paused", "met", "late"]
Limit = timedelta | Literal["shift"] | None

CURRENT = "2026-1"
FACILITY = frozenset({"facility", "rectification"})
"""Kinds of cases that are measured by days."""

_S, _M, _H, _D = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

LIMITS: dict[str, dict[str, dict[Name, Limit]]] = {
    "2026-1": {
        "P0": {
            "ack": 30 * _S,
            "accept": None,
            "dispatch": 60 * _S,
            "on_scene": 3 * _M,
            "handle": 30 * _M,
            "verify": 4 * _H,
        },
        "P1": {
            "ack": 2 * _M,
            "accept": 3 * _M,
            "dispatch": 5 * _M,
            "on_scene": 10 * _M,
            "handle": 2 * _H,
            "verify": 12 * _H,
        },
        "P2": {
            "ack": 10 * _M,
            "accept": 30 * _M,
            "dispatch": _H,
            "on_scene": None,
            "handle": 24 * _H,
            "verify": 24 * _H,
        },
        "P3": {
            "ack": "shift",
            "accept": 4 * _H,
            "dispatch": 8 * _H,
            "on_scene": None,
            "handle": 48 * _H,
            "verify": 48 * _H,
        },
        "facility": {
            "ack": None,
            "accept": _D,
            "dispatch": _D,
            "on_scene": None,
            "handle": 7 * _D,
            "verify": 3 * _D,
        },
    },
}
"""Version → row → clock → limit; a case keeps the version under which it was opened."""

STARTS: dict[tuple[str, Stage], tuple[Name, ...]] = {
    ("report", Stage.REPORTED): ("accept",),
    (Act.ACCEPT, Stage.ACCEPTED): ("dispatch",),
    (Act.RETURN_DECIDE, Stage.ACCEPTED): ("dispatch",),
    (Act.REOPEN, Stage.ACCEPTED): ("dispatch",),
    (Act.DISPATCH, Stage.DISPATCHED): ("on_scene", "handle"),
    (Act.HANDLE, Stage.HANDLED): ("verify",),
}
"""(act, stage after it) → clocks that begin a new run."""

STOPS: dict[tuple[str, Stage], tuple[Name, ...]] = {
    (Act.ACCEPT, Stage.ACCEPTED): ("accept",),
    (Act.REJECT, Stage.REJECTED): ("accept",),
    (Act.DISPATCH, Stage.DISPATCHED): ("dispatch",),
    (Act.RETURN_DECIDE, Stage.ACCEPTED): ("on_scene", "handle"),
    (Act.ON_SCENE, Stage.HANDLING): ("on_scene",),
    (Act.HANDLE, Stage.HANDLED): ("on_scene", "handle"),
    (Act.VERIFY_CLOSE, Stage.CLOSED): ("verify",),
    (Act.REWORK, Stage.HANDLING): ("verify",),
    (Act.CANCEL, Stage.CANCELLED): ("accept", "dispatch", "on_scene", "handle", "verify"),
}
"""(act, stage after it) → clocks that stop."""

PAUSES = {(Act.SUSPEND_DECIDE, Stage.SUSPENDED)}
GOES_ON = {(Act.RESUME, Stage.HANDLING)}
WORKS_AGAIN = {(Act.REWORK, Stage.HANDLING)}
"""Rework carries the same handling run on: what the verifier took counts for nobody's handling."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment of a case: what was done, and the stage from there on."""

    at: datetime
    act: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one clock: from, the pauses within, and until (None while it runs)."""

    clock: Name
    number: int
    started: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    stopped: datetime | None = None

    @property
    def key(self) -> str:
        """`handle`, and from its second run on `handle.2`."""
        return self.clock if self.number == 1 else f"{self.clock}.{self.number}"

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    def reached(self, used: timedelta) -> datetime | None:
        """The moment at which `used` of its own time has gone; None while a pause holds it before that."""
        moment = self.started + used
        for begins, ends in self.pauses:
            if moment <= begins:
                return moment
            if ends is None:
                return None
            moment += ends - begins
        return moment

    def used(self, now: datetime) -> timedelta:
        """How much of its own time has gone at `now`."""
        end = self.stopped or now
        held = sum(
            (max((min(ends or end, end) - begins), timedelta()) for begins, ends in self.pauses), timedelta()
        )
        return max(end - self.started - held, timedelta())


@dataclass(frozen=True, slots=True)
class Deadline:
    """A run with its limit."""

    run: Run
    limit: timedelta
    due: datetime | None
    """None while paused."""

    def state(self, now: datetime) -> State:
        """Running, paused, met or late at `now`."""
        if self.run.paused:
            return "paused"
        if self.due is not None and (self.run.stopped or now) > self.due:
            return "late"
        return "met" if self.run.stopped else "running"


def row(kind: str, severity: int) -> str:
    """Which row of the limits measures a case."""
    return "facility" if kind in FACILITY else f"P{severity}"


def limit_of(policy: str, kind: str, severity: int, clock: Name) -> Limit:
    """The limit of one clock; None where there is none."""
    return LIMITS[policy][row(kind, severity)][clock]


def runs(marks: Iterable[Mark]) -> tuple[Run, ...]:
    """Every run of every clock, oldest first, from the marks in their order."""
    done: list[Run] = []
    for mark in marks:
        newest = {run.clock: run.number for run in done}
        done = [_step(run, mark) if run.number == newest[run.clock] else run for run in done]
        for clock in STARTS.get((mark.act, mark.stage), ()):
            number = newest.get(clock, 0) + 1
            done.append(Run(clock, number, mark.at))
    return tuple(done)


def _step(run: Run, mark: Mark) -> Run:
    at = (mark.act, mark.stage)
    if run.stopped is not None:
        again = run.clock == "handle" and at in WORKS_AGAIN
        return replace(run, stopped=None, pauses=(*run.pauses, (run.stopped, mark.at))) if again else run
    if run.clock == "handle" and at in PAUSES and not run.paused:
        return replace(run, pauses=(*run.pauses, (mark.at, None)))
    if run.paused and at in GOES_ON:
        return replace(run, pauses=(*run.pauses[:-1], (run.pauses[-1][0], mark.at)))
    if run.clock in STOPS.get(at, ()):
        return replace(run, stopped=mark.at)
    return run


def deadlines(
    marks: Sequence[Mark], kind: str, severity: int, policy: str, shift_ends: datetime
) -> tuple[Deadline, ...]:
    """Every run that has a limit at this severity, oldest first."""
    found = []
    for run in runs(marks):
        limit = limit_of(policy, kind, severity, run.clock)
        if limit == "shift":
            limit = max(shift_ends - run.started, timedelta())
        if limit is not None:
            found.append(Deadline(run, limit, run.reached(limit)))
    return tuple(found)
