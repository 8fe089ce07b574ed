"""Three timers on one database: what falls due happens once, and nobody waits for the others."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from hub.service import alert as alerts
from hub.store.alert import Alert
from hub.store.base import engine, sessions
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.supervise import Escalation, Notice
from hub.timer import JOBS, Job, Timer
from tests.hub.town import MARKET, NOON, actor, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

TIMERS = 3
ALERTS = 12
ROUNDS = [NOON + timedelta(seconds=20 * step) for step in range(45)]


class Hands:
    def now(self) -> datetime:
        return NOON


@pytest.fixture
def town(postgres: Callable[[], str]) -> Iterator[Engine]:
    made = engine(postgres())
    yield made
    made.dispose()


def at_once(database: Engine, rounds: list[datetime], jobs: tuple[Job, ...] = JOBS) -> None:
    """Let three timers do every job in every round, each round begun by all of them together."""
    together = threading.Barrier(TIMERS, timeout=60)

    def ticks() -> None:
        timer = Timer(sessions(database), Hands(), jobs=jobs)
        for now in rounds:
            together.wait()
            for job in jobs:
                timer.once(job, now)

    with ThreadPoolExecutor(TIMERS) as pool:
        for running in [pool.submit(ticks) for _ in range(TIMERS)]:
            running.result()


def test_three_timers_at_once_fire_every_step_once(database: Engine) -> None:
    with sessions(database).begin() as s:
        for number in range(ALERTS):
            alert = alerts.receive(s, MARKET, "edge-1", event(zone=f"zone-{number}"), NOON)
            assert alert is not None
            if number % 3 == 0:
                alerts.confirm(s, actor(s, "lin"), alert.id, NOON)
            elif number % 3 == 1:
                alerts.take(s, actor(s, "lin"), alert.id, NOON)
    at_once(database, ROUNDS)
    with sessions(database)() as s:
        fired = Counter(s.scalars(select(Escalation.subject)))
        assert len(fired) == ALERTS, "every alert that nobody took and every case that nobody accepted"
        assert min(fired.values()) > 1
        lines = s.scalar(select(func.count()).where(Line.act.in_(("alert.escalate", "case.escalate"))))
        assert lines == fired.total()
        told = Counter(s.execute(select(Notice.person, Notice.subject, Notice.step)).all())
        assert set(told.values()) == {1}
        lapses = s.scalar(select(func.count()).where(Line.act == "alert.lapse"))
        assert lapses == ALERTS / 3


def test_three_timers_at_once_tell_of_a_silent_box_once(database: Engine) -> None:
    with sessions(database).begin() as s:
        for box in s.scalars(select(Device)):
            box.online, box.seen_at = True, NOON
    at_once(database, ROUNDS)
    with sessions(database)() as s:
        dark = Counter(s.scalars(select(Alert.device).where(Alert.kind == "dark")))
        assert dark == {"edge-1": 1, "edge-2": 1}


@pytest.mark.postgres
def test_a_timer_that_hangs_in_one_job_keeps_the_others_from_no_other_job(town: Engine) -> None:
    inside, leave = threading.Event(), threading.Event()
    done: list[str] = []

    def hangs(_session: Session, _now: datetime) -> None:
        inside.set()
        assert leave.wait(60)

    def counts(_session: Session, _now: datetime) -> None:
        done.append("counted")

    hanging, other = Job("hangs", timedelta(0), hangs), Job("counts", timedelta(0), counts)
    twin = Job("hangs", timedelta(0), counts)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(Timer(sessions(town), Hands()).once, hanging, NOON)
        assert inside.wait(60)
        second = Timer(sessions(town), Hands())
        second.once(twin, NOON)
        assert done == []
        second.once(other, NOON)
        assert done == ["counted"]
        leave.set()
        first.result()
    second.once(twin, NOON)
    assert done == ["counted", "counted"]
