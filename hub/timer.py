"""Door: the clock. What falls due happens by itself, each act in a transaction of its own.

Any number of timers may run. Of those that come to one job at once, one does it and the others pass it by;
who comes later finds nothing left to do, so an act must be one that changes nothing when it is repeated.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text
from structlog.contextvars import bound_contextvars

from hub.core.spread import Spread
from hub.service import (
    alert,
    appointment,
    attendance,
    camera,
    canary,
    delivery,
    election,
    evidence,
    filing,
    gap,
    process,
    staff,
    supervise,
    task,
    unread,
)
from hub.service.patrol import judge as rounds
from hub.service.patrol import lone
from hub.service.patrol import plan as patrol
from hub.service.plan import apply
from hub.service.plan import job as solving
from hub.service.roster import solve as rosters
from hub.service.roster import watch
from hub.service.session import living
from hub.service.turn import keep

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ports import Clock

TICK_SECONDS = 1.0
AGAIN = timedelta(seconds=10)
"""What failed is tried again by then, also where it is due by the hour: the database may have been away."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """An act of time; what it returns counts what it did."""

    name: str
    every: timedelta
    act: Callable[[Session, datetime], object]


JOBS = (
    Job("deadlines", timedelta(seconds=1), supervise.due),
    Job("leases", timedelta(seconds=1), alert.lapse),
    Job("unread notices", timedelta(seconds=1), unread.due),
    Job("silent devices", timedelta(seconds=5), camera.silent),
    Job("missing messages", timedelta(seconds=5), gap.sweep),
    Job("canaries", timedelta(seconds=5), canary.turn),
    Job("rounds of the day", timedelta(seconds=30), patrol.due),
    Job("rounds that are over", timedelta(seconds=10), rounds.due),
    Job("lone workers", timedelta(seconds=1), lone.due),
    Job("ended log-ins", timedelta(minutes=10), living.forget_ended),
    Job("lapsed certificates", timedelta(minutes=10), staff.keep_barred),
    Job("appointments", timedelta(minutes=10), appointment.keep),
    Job("elections", timedelta(minutes=10), election.keep),
    Job("cameras to file", timedelta(minutes=10), filing.keep),
    Job("months to come", timedelta(hours=1), evidence.make_room),
    Job("plans of today", timedelta(seconds=10), apply.due),
    Job("ended solvers", timedelta(seconds=30), solving.sweep),
    Job("turns", timedelta(seconds=20), keep.due),
    Job("rotations without a solver", timedelta(seconds=30), keep.ended),
    Job("uncovered minutes", timedelta(minutes=1), watch.look),
    Job("duties not signed in for", timedelta(seconds=30), attendance.watch),
    Job("certificates about to lapse", timedelta(minutes=10), task.watch),
    Job("rosters without a solver", timedelta(seconds=30), rosters.sweep),
    Job("old deliveries", timedelta(hours=1), delivery.forget),
    Job("ended processes", timedelta(minutes=10), process.forget),
)


@dataclass(slots=True)
class Done:
    """How one job went since start."""

    late: Spread = field(default_factory=Spread)
    """Seconds after it was due."""
    took: Spread = field(default_factory=Spread)
    """Seconds."""
    failed: int = 0
    failing: bool = False
    """Whether it failed the last time."""


class Timer:
    """One thread; `woke` is called after an act that did something, from that thread."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        clock: Clock,
        woke: Callable[[], None] = lambda: None,
        jobs: tuple[Job, ...] = JOBS,
    ) -> None:
        self._sessions, self._clock, self._woke, self._jobs = sessions, clock, woke, jobs
        self.turned = time.monotonic()
        """When it last came to the end of all jobs, in monotonic seconds."""
        self.done: dict[str, Done] = defaultdict(Done, {job.name: Done() for job in jobs})
        self._due: dict[str, datetime] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="timer", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Finish the act at hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def run(self) -> None:
        """Tick until stopped; an act that fails is logged and tried again."""
        while not self._stopping.wait(TICK_SECONDS):
            for job in self._jobs:
                with bound_contextvars(job=job.name):
                    self._try(job)
            self.turned = time.monotonic()

    def once(self, job: Job, now: datetime) -> None:
        """Do the job if it is due at `now` and no other timer is at it."""
        due = self._due.get(job.name, now)
        if now < due:
            return
        began, went = time.monotonic(), self.done[job.name]
        went.late.note((now - due).total_seconds())
        self._due[job.name] = now + job.every
        with self._sessions.begin() as session:
            done = _first(session, job) and job.act(session, now)
        went.took.note(time.monotonic() - began)
        went.failing = False
        if done:
            self._woke()

    def _try(self, job: Job) -> None:
        now = self._clock.now()
        try:
            self.once(job, now)
        except Exception:
            self._due[job.name] = now + min(job.every, AGAIN)
            self.done[job.name].failed += 1
            self.done[job.name].failing = True
            log.exception("timer: %s failed", job.name)


def _first(session: Session, job: Job) -> bool:
    """Whether no other timer is at this job, and none will be until the transaction ends.

    SQLite lets one writer in at a time; PostgreSQL is asked for a lock that nobody waits for.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    query = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 2))")
    return bool(session.scalar(query, {"name": job.name}))
