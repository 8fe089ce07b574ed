"""Escalation: who hears of it, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.core import glossary
from hub.core.deadline import Deadline, Run
from hub.core.supervise import LADDER, OWES, URGENT, pending, steps, urgent

T0 = datetime(2026, 11, 22, 2, 41, 8, tzinfo=UTC)
LIMIT = timedelta(hours=2)


def clock(run: Run) -> Deadline:
    return Deadline(run, LIMIT, run.reached(LIMIT))


def test_a_clock_left_alone_climbs_the_whole_ladder() -> None:
    due = steps(clock(Run("handle", 1, T0)))
    assert [(step.step.at, step.at - T0) for step in due] == [
        (50, LIMIT / 2),
        (80, LIMIT * 0.8),
        (100, LIMIT),
        (150, LIMIT * 1.5),
        (200, LIMIT * 2),
    ]


def test_a_clock_that_was_met_tells_nobody() -> None:
    assert steps(clock(Run("handle", 1, T0, (), T0 + LIMIT / 4))) == ()


def test_a_paused_clock_tells_nobody_until_it_goes_on() -> None:
    held = Run("handle", 1, T0, ((T0 + LIMIT / 4, None),))
    assert steps(clock(held)) == ()
    went_on = Run("handle", 1, T0, ((T0 + LIMIT / 4, T0 + LIMIT),))
    assert steps(clock(went_on))[0].at == T0 + LIMIT / 2 + LIMIT * 3 / 4


def test_an_urgent_alert_reaches_the_next_at_30_60_and_90_seconds() -> None:
    due = urgent(Run("ack", 1, T0))
    assert [(int((step.at - T0).total_seconds()), step.step.to) for step in due] == [
        (0, ("monitor", "crew")),
        (30, ("leader",)),
        (60, ("lead",)),
        (90, ("liaison",)),
    ]


def test_what_fired_does_not_wait_any_more() -> None:
    run = Run("ack", 2, T0)
    assert run.key == "ack.2"
    left = pending(urgent(run), {("ack.2", 0), ("ack", 30)})
    assert [step.step.at for step in left] == [30, 60, 90]


def test_every_rung_names_people_we_have_words_for() -> None:
    known = {*glossary.ROLE, "owner", "crew"}
    assert {who for step in (*LADDER, *URGENT) for who in step.to} <= known
    assert set(OWES.values()) <= set(glossary.ROLE)
