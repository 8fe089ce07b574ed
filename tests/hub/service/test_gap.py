"""What a device has numbered and the hub has not heard is missed, told once, and over when it comes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.alert import State
from hub.service import gap, inbox
from hub.service.gap import FORGOTTEN_AFTER, MISSED_AFTER, Heard, Span
from hub.store.alert import Alert
from hub.store.base import sessions
from hub.store.device import Inbox, InboxGiven, InboxMark
from hub.store.evidence import Line
from tests.hub.town import NOON
from wire.message import Range, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

EPOCH = new_id()
LATER = NOON + MISSED_AFTER


@pytest.fixture
def s(database: Engine) -> Iterator[Session]:
    with sessions(database)() as session:
        yield session


def hear(s: Session, *numbers: int) -> set[inbox.Key]:
    return inbox.receive(s, {("edge-1", EPOCH, number) for number in numbers}, NOON)


def alerts(s: Session) -> list[tuple[str, str, str | None]]:
    rows = s.scalars(select(Alert).where(Alert.kind == "gap").order_by(Alert.number))
    return [(row.state, row.device or "", row.reason) for row in rows]


@pytest.mark.parametrize(
    ("upto", "spans", "given", "expected"),
    [
        (0, [(1, 9)], [], Heard(9, ())),
        (9, [(10, 12)], [], Heard(12, ())),
        (0, [(2, 9)], [], Heard(0, ((1, 1),))),
        (0, [(1, 3), (6, 9)], [], Heard(3, ((4, 5),))),
        (0, [(1, 3), (6, 9), (12, 12)], [], Heard(3, ((4, 5), (10, 11)))),
        (0, [(1, 3), (6, 9)], [(4, 5)], Heard(9, ())),
        (0, [(1, 3), (8, 9)], [(5, 5)], Heard(3, ((4, 4), (6, 7)))),
        (0, [(1, 3)], [(4, 2**53)], Heard(3, ())),
        (5, [(1, 3)], [], Heard(5, ())),
        (0, [(0, 2)], [], Heard(2, ())),
    ],
)
def test_what_is_missed(
    upto: int, spans: list[tuple[int, int]], given: list[tuple[int, int]], expected: Heard
) -> None:
    heard = [Span(first, last, NOON) for first, last in spans]
    assert gap.judge(upto, heard, given, LATER) == expected
    if expected.missed:
        assert gap.judge(upto, heard, given, LATER - timedelta(seconds=1)).missed == ()
        assert gap.judge(upto, heard, given, NOON + FORGOTTEN_AFTER).missed == ()


def test_a_number_that_stays_away_for_a_minute_is_missed_and_told_once(s: Session) -> None:
    hear(s, 1, 2, 4, 5)
    assert gap.sweep(s, LATER - timedelta(seconds=1)) == 0
    assert gap.sweep(s, LATER) == 1
    assert alerts(s) == [(State.NEW, "edge-1", "messages missing: 1")]
    assert gap.sweep(s, LATER) == 0
    s.scalars(select(Alert)).one().state = State.DISMISSED
    assert gap.sweep(s, LATER) == 0
    hear(s, 7)
    assert gap.sweep(s, LATER + MISSED_AFTER) == 1


def test_what_comes_after_all_ends_the_alert_by_itself(s: Session) -> None:
    hear(s, 1, 2, 4, 5)
    gap.sweep(s, LATER)
    assert hear(s, 3) == {("edge-1", EPOCH, 3)}
    assert gap.sweep(s, LATER) == 1
    assert [state for state, _, _ in alerts(s)] == [State.EXPIRED]
    acts = s.scalars(select(Line.act).order_by(Line.id)).all()
    assert acts == ["alert.new", "alert.mend"]


def test_what_a_device_has_given_up_is_not_missed_and_told_again_is_noted_once(s: Session) -> None:
    hear(s, 1, 5)
    for _ in range(2):
        inbox.give_up(s, "edge-1", (Range(EPOCH, 2, 4), Range(EPOCH, 9, 3)), NOON)
    assert len(s.scalars(select(InboxGiven)).all()) == 1
    assert gap.sweep(s, LATER) == 0
    assert s.scalars(select(InboxGiven)).all() == []
    assert s.scalars(select(InboxMark.upto)).all() == [5]


def test_behind_the_mark_rows_go_and_repeats_are_known_all_the_same(s: Session) -> None:
    hear(s, *range(1, 101), 103)
    gap.sweep(s, NOON)
    assert s.scalars(select(Inbox.seq)).all() == [103]
    assert hear(s, 50, 100, 101, 103) == {("edge-1", EPOCH, 101)}
    hear(s, 102)
    gap.sweep(s, NOON)
    assert s.scalars(select(Inbox.seq)).all() == []
    assert s.scalars(select(InboxMark.upto)).all() == [103]
    assert hear(s, *range(1, 105)) == {("edge-1", EPOCH, 104)}


def test_a_device_that_is_no_more_is_not_missed(s: Session) -> None:
    inbox.receive(s, {("edge-gone", EPOCH, 7)}, NOON)
    assert gap.sweep(s, LATER) == 0
