"""A case that was given to somebody who does not look goes on to the next, once, whatever is started anew."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.case import Stage
from hub.core.glossary import Pair
from hub.service import notice, unread
from hub.store.base import sessions
from hub.store.supervise import Notice
from tests.hub.service.steps import bring, reported, seen
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

WORDS = Pair("x", "x")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def dispatched(s: Session, severity: int) -> tuple[str, list[Notice]]:
    """A case that was given to a crew, and what the crew was told."""
    case = bring(s, reported(s, severity=severity), Stage.DISPATCHED)
    s.flush()
    told = s.scalars(select(Notice).where(Notice.subject == f"case/{case.id}", Notice.step == "dispatch"))
    return f"case/{case.id}", list(told)


def sent_on(s: Session, subject: str) -> list[tuple[str, str]]:
    s.flush()
    query = select(Notice).where(Notice.subject == subject, Notice.step.contains("unread"))
    return [(row.step, row.person or "") for row in s.scalars(query.order_by(Notice.id))]


def test_an_urgent_case_that_nobody_reads_goes_to_the_next_after_thirty_seconds(s: Session) -> None:
    subject, told = dispatched(s, 0)
    at = told[0].at
    unread.due(s, at + 29 * SECOND)
    assert sent_on(s, subject) == []
    for second in range(30, 40):
        unread.due(s, at + second * SECOND)
    assert sent_on(s, subject) == [("dispatch/unread/leader", "shen")]
    unread.due(s, at + 60 * SECOND)
    assert sent_on(s, subject)[1:] == [("dispatch/unread/lead", "zhou")]


def test_one_who_reads_is_enough(s: Session) -> None:
    subject, told = dispatched(s, 0)
    assert len(told) == 2
    notice.read(s, actor(s, told[0].person or ""), told[0].id, told[0].at + SECOND)
    unread.due(s, told[0].at + MINUTE)
    assert sent_on(s, subject) == []


def test_a_high_one_has_two_minutes_and_a_normal_one_is_left_to_its_clocks(s: Session) -> None:
    high, told = dispatched(s, 1)
    normal, _ = dispatched(s, 2)
    unread.due(s, told[0].at + 119 * SECOND)
    assert sent_on(s, high) == []
    unread.due(s, told[0].at + 120 * SECOND)
    assert sent_on(s, high) == [("dispatch/unread/leader", "shen")]
    assert sent_on(s, normal) == []


def test_an_alert_climbs_its_own_ladder(s: Session) -> None:
    alert = seen(s, "fire", trust="high")
    notice.tell(s, alert.market, ["lin"], f"alert/{alert.id}", "x", WORDS, NOON)
    s.flush()
    unread.due(s, NOON + MINUTE)
    assert sent_on(s, f"alert/{alert.id}") == []


def test_nothing_goes_on_twice_over_a_start_anew(database: Engine) -> None:
    make = sessions(database)
    with make.begin() as s:
        subject, told = dispatched(s, 0)
        at = told[0].at
    with make() as s:
        unread.due(s, at + MINUTE)
        s.rollback()
    for _ in range(3):
        with make.begin() as s:
            unread.due(s, at + MINUTE)
    with make() as s:
        assert sent_on(s, subject) == [("dispatch/unread/leader", "shen")]
