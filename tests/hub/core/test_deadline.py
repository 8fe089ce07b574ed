"""Clocks: computed from what happened and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.case import Act, Stage
from hub.core.deadline import CURRENT, LIMITS, Deadline, Mark, deadlines, runs

T0 = datetime(2026, 11, 22, 2, 41, 8, tzinfo=UTC)
SHIFT_ENDS = T0 + timedelta(hours=5)
HOUR = timedelta(hours=1)


def after(minutes: float, act: str, stage: Stage) -> Mark:
    return Mark(T0 + timedelta(minutes=minutes), act, stage)


REPORT = after(0, "report", Stage.REPORTED)
ACCEPT = after(2, Act.ACCEPT, Stage.ACCEPTED)
DISPATCH = after(4, Act.DISPATCH, Stage.DISPATCHED)
TAKEN = after(5, Act.ACKNOWLEDGE, Stage.HANDLING)


def clocks(*marks: Mark, kind: str = "intrusion", severity: int = 2) -> dict[str, Deadline]:
    return {one.run.key: one for one in deadlines(marks, kind, severity, CURRENT, SHIFT_ENDS)}


def test_each_clock_starts_and_stops_where_the_table_says() -> None:
    found = {
        run.clock: (run.started, run.stopped)
        for run in runs(
            [
                REPORT,
                ACCEPT,
                DISPATCH,
                TAKEN,
                after(10, Act.ON_SCENE, Stage.HANDLING),
                after(60, Act.HANDLE, Stage.HANDLED),
                after(90, Act.VERIFY_CLOSE, Stage.CLOSED),
            ]
        )
    }
    at = {minutes: T0 + timedelta(minutes=minutes) for minutes in (0, 2, 4, 10, 60, 90)}
    assert found == {
        "accept": (at[0], at[2]),
        "dispatch": (at[2], at[4]),
        "on_scene": (at[4], at[10]),
        "handle": (at[4], at[60]),
        "verify": (at[60], at[90]),
    }


@pytest.mark.parametrize(
    ("severity", "kind", "clock", "limit"),
    [
        (0, "fire", "dispatch", timedelta(seconds=60)),
        (0, "fire", "on_scene", timedelta(minutes=3)),
        (0, "fire", "handle", timedelta(minutes=30)),
        (1, "intrusion", "accept", timedelta(minutes=3)),
        (1, "intrusion", "handle", 2 * HOUR),
        (2, "crowd", "accept", timedelta(minutes=30)),
        (2, "crowd", "handle", 24 * HOUR),
        (3, "dispute", "dispatch", 8 * HOUR),
        (3, "dispute", "handle", 48 * HOUR),
        (3, "facility", "handle", timedelta(days=7)),
        (2, "rectification", "accept", timedelta(days=1)),
    ],
)
def test_limits_are_those_of_the_table(severity: int, kind: str, clock: str, limit: timedelta) -> None:
    assert clocks(REPORT, ACCEPT, DISPATCH, severity=severity, kind=kind).get(clock, _none()).limit == limit


def _none() -> Deadline:
    return Deadline(runs([REPORT])[0], timedelta(), None)


def test_an_urgent_case_has_no_clock_for_acceptance_and_a_low_one_none_for_arrival() -> None:
    assert "accept" not in clocks(REPORT, severity=0)
    assert "on_scene" not in clocks(REPORT, ACCEPT, DISPATCH, severity=2)


def test_only_handling_pauses_and_its_end_moves_by_the_pause() -> None:
    suspended = after(60, Act.SUSPEND_DECIDE, Stage.SUSPENDED)
    marks = [REPORT, ACCEPT, DISPATCH, TAKEN, suspended]
    held = clocks(*marks)["handle"]
    assert held.state(T0 + timedelta(days=20)) == "paused"
    assert held.due is None
    resumed = clocks(*marks, after(60 + 300, Act.RESUME, Stage.HANDLING))["handle"]
    assert resumed.due == DISPATCH.at + 24 * HOUR + 5 * HOUR
    assert resumed.state(T0 + 28 * HOUR) == "running"
    assert resumed.run.used(T0 + 28 * HOUR) == 28 * HOUR - 5 * HOUR - timedelta(minutes=4)


def test_a_change_of_priority_computes_from_the_same_start() -> None:
    before, raised = clocks(REPORT, ACCEPT, DISPATCH), clocks(REPORT, ACCEPT, DISPATCH, severity=1)
    assert before["handle"].run == raised["handle"].run
    assert raised["handle"].due == DISPATCH.at + 2 * HOUR
    assert raised["handle"].state(DISPATCH.at + 3 * HOUR) == "late"


def test_rework_goes_on_with_the_same_clock_and_leaves_out_what_the_verifier_took() -> None:
    marks = [REPORT, ACCEPT, DISPATCH, TAKEN, after(60, Act.HANDLE, Stage.HANDLED)]
    found = clocks(*marks, after(180, Act.REWORK, Stage.HANDLING))
    assert found["handle"].due == DISPATCH.at + 24 * HOUR + 2 * HOUR
    assert found["handle"].run.stopped is None
    assert found["verify"].run.stopped == T0 + timedelta(minutes=180)


def test_a_returned_case_begins_new_clocks_and_keeps_the_old() -> None:
    back = after(20, Act.RETURN_DECIDE, Stage.ACCEPTED)
    again = after(25, Act.DISPATCH, Stage.DISPATCHED)
    found = clocks(REPORT, ACCEPT, DISPATCH, back, again)
    assert found["handle"].run.stopped == back.at
    assert found["handle.2"].run.started == again.at
    assert found["dispatch.2"].run.started == back.at


def test_rework_after_a_return_wakes_only_the_last_handling() -> None:
    found = clocks(
        REPORT,
        ACCEPT,
        DISPATCH,
        after(20, Act.RETURN_DECIDE, Stage.ACCEPTED),
        after(25, Act.DISPATCH, Stage.DISPATCHED),
        after(60, Act.HANDLE, Stage.HANDLED),
        after(70, Act.REWORK, Stage.HANDLING),
    )
    assert found["handle"].run.stopped == T0 + timedelta(minutes=20)
    assert found["handle.2"].run.stopped is None


def test_a_return_that_is_not_granted_stops_no_clock() -> None:
    kept = after(20, Act.RETURN_DECIDE, Stage.HANDLING)
    assert clocks(REPORT, ACCEPT, DISPATCH, TAKEN, kept)["handle"].run.stopped is None


def test_a_reopened_case_gets_a_new_dispatch_clock() -> None:
    marks = [REPORT, ACCEPT, DISPATCH, after(60, Act.HANDLE, Stage.HANDLED)]
    closed = after(90, Act.VERIFY_CLOSE, Stage.CLOSED)
    found = clocks(*marks, closed, after(600, Act.REOPEN, Stage.ACCEPTED))
    assert found["dispatch.2"].run.started == T0 + timedelta(minutes=600)
    assert found["verify"].run.stopped == closed.at


def test_a_merge_neither_stops_nor_pauses_a_clock() -> None:
    merged = after(10, Act.MERGE, Stage.MERGED)
    back = after(70, Act.UNMERGE, Stage.HANDLING)
    assert clocks(REPORT, ACCEPT, DISPATCH, merged, back)["handle"].due == DISPATCH.at + 24 * HOUR


def test_a_step_inside_a_pause_is_reached_after_it() -> None:
    run = next(
        run
        for run in runs(
            [
                REPORT,
                ACCEPT,
                DISPATCH,
                after(64, Act.SUSPEND_DECIDE, Stage.SUSPENDED),
                after(124, Act.RESUME, Stage.HANDLING),
            ]
        )
        if run.clock == "handle"
    )
    assert run.reached(HOUR) == DISPATCH.at + HOUR
    assert run.reached(2 * HOUR) == DISPATCH.at + 3 * HOUR


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), max_size=5), st.floats(1, 3000))
def test_used_time_and_the_moment_it_is_reached_agree(
    gaps: list[tuple[float, float]], minutes: float
) -> None:
    at, marks = 4.0, [REPORT, ACCEPT, DISPATCH]
    for work, pause in gaps:
        marks.append(after(at + work, Act.SUSPEND_DECIDE, Stage.SUSPENDED))
        marks.append(after(at + work + pause, Act.RESUME, Stage.HANDLING))
        at += work + pause
    run = next(run for run in runs(marks) if run.clock == "handle")
    wanted = timedelta(minutes=minutes)
    moment = run.reached(wanted)
    assert moment is not None
    assert run.used(max(moment, marks[-1].at)) >= wanted
    assert moment >= DISPATCH.at + wanted


def test_every_version_of_the_limits_covers_every_row_and_clock() -> None:
    names = {"ack", "accept", "dispatch", "on_scene", "handle", "verify"}
    for rows in LIMITS.values():
        assert set(rows) == {"P0", "P1", "P2", "P3", "facility"}
        assert all(set(row) == names for row in rows.values())
