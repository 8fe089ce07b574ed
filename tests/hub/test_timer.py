from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.service import alert as alerts
from hub.service.session import living
from hub.store.alert import Alert
from hub.store.device import Device
from hub.store.people import LoginSession
from hub.store.supervise import Escalation
from hub.timer import JOBS, Job, Timer
from tests.hub.gear.listener import eventually
from tests.hub.town import MARKET, NOON, actor, event

if TYPE_CHECKING:
    from datetime import datetime

    import pytest
    from sqlalchemy.orm import Session, sessionmaker


class Hands:
    at = NOON

    def now(self) -> datetime:
        return self.at


def tick(store: sessionmaker[Session], now: datetime) -> None:
    timer = Timer(store, Hands())
    for job in JOBS:
        timer.once(job, now)


def test_nobody_takes_an_alert_so_its_steps_fire_and_it_is_told_once(store: sessionmaker[Session]) -> None:
    with store.begin() as session:
        alerts.receive(session, MARKET, "edge-1", event(), NOON)
    tick(store, NOON + timedelta(minutes=1, seconds=1))
    tick(store, NOON + timedelta(minutes=1, seconds=2))
    with store() as session:
        assert session.scalars(select(Escalation.step)).all() == [50]


def test_a_box_that_misses_three_beats_is_an_alert(store: sessionmaker[Session]) -> None:
    with store.begin() as session:
        box = session.get_one(Device, "edge-1")
        box.online, box.seen_at = True, NOON
    tick(store, NOON + timedelta(seconds=90))
    with store() as session:
        assert session.scalars(select(Alert)).all() == []
    tick(store, NOON + timedelta(seconds=91))
    with store() as session:
        assert [row.kind for row in session.scalars(select(Alert))] == ["dark"]


def test_a_lease_lapses_and_an_unused_log_in_is_forgotten(store: sessionmaker[Session]) -> None:
    with store.begin() as session:
        alert = alerts.receive(session, MARKET, "edge-1", event(), NOON)
        assert alert is not None
        alerts.take(session, actor(session, "lin"), alert.id, NOON)
        living.begin(session, actor(session, "lin"), NOON)
    tick(store, NOON + timedelta(minutes=16))
    with store() as session:
        assert session.scalars(select(Alert.state)).all() == ["NEW"]
        assert session.scalars(select(LoginSession)).all() == []


def test_a_job_is_done_when_it_is_due_and_not_before(store: sessionmaker[Session]) -> None:
    done: list[datetime] = []
    job = Job("count", timedelta(seconds=5), lambda _session, now: done.append(now))
    timer = Timer(store, Hands(), jobs=(job,))
    for second in range(11):
        timer.once(job, NOON + timedelta(seconds=second))
    assert [int((at - NOON).total_seconds()) for at in done] == [0, 5, 10]


def test_a_job_that_fails_takes_nothing_back_from_the_others(store: sessionmaker[Session]) -> None:
    done: list[str] = []
    woken: list[bool] = []

    def fails(session: Session, _now: datetime) -> object:
        session.get_one(Device, "edge-1").online = True
        raise ZeroDivisionError

    def works(_session: Session, _now: datetime) -> bool:
        done.append("works")
        return True

    jobs = (
        Job("fails", timedelta(0), fails),
        Job("works", timedelta(0), works),
    )
    timer = Timer(store, Hands(), lambda: woken.append(True), jobs)
    timer.start()
    assert eventually(lambda: len(done) >= 2)
    timer.stop()
    assert woken
    with store() as session:
        assert not session.get_one(Device, "edge-1").online


def test_what_is_due_by_the_hour_and_fails_is_tried_again_within_seconds(
    store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.timer.TICK_SECONDS", 0.01)
    asked: list[datetime] = []
    hands = Hands()

    def away(_session: Session, now: datetime) -> None:
        asked.append(now)
        if len(asked) == 1:
            raise OSError("the database is away")

    job = Job("months to come", timedelta(hours=1), away)
    timer = Timer(store, hands, jobs=(job,))
    timer.start()
    assert eventually(lambda: timer.done[job.name].failing)
    hands.at = NOON + timedelta(seconds=10)
    assert eventually(lambda: not timer.done[job.name].failing)
    timer.stop()
    assert asked == [NOON, NOON + timedelta(seconds=10)]
