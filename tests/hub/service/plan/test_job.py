"""A plan waits for its solver, is solved once, and an answer that nobody waits for any more is not kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.core.planned import Progress
from hub.service import solving
from hub.service.plan import draw, hand, job, solved
from hub.service.plan.cut import changes_of
from hub.service.plan.draw import Wish
from hub.service.plan.hand import Move
from hub.service.plan.right import MOST_WAITING
from hub.service.plan.solved import Answer
from hub.store.plan import Plan
from tests.hub.service.plan.test_life import TO_WEST, TODAY, approved, drafted, moved, refusal
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.service.plan.solved import Question

NOTHING = Answer(None, None, {})
LATER = NOON + job.GONE_AFTER + timedelta(seconds=1)


def waits(s: Session, now: datetime = NOON) -> Plan:
    return draw.create(s, actor(s, "zhou"), Wish("groups", "重编", TODAY), now)


def begun(s: Session, row: Plan, now: datetime = NOON) -> Question:
    question = solved.begin(s, row.id, now)
    assert question is not None
    return question


def stands(row: Plan) -> str:
    assert row.job is not None
    return str(row.job["state"])


def test_an_answer_is_taken_by_the_job_that_asked_for_it(s: Session) -> None:
    row = waits(s)
    assert solved.take(s, begun(s, row), NOTHING, NOON) is row
    assert stands(row) == "done"


def test_the_answer_of_a_job_that_was_given_up_does_not_undo_moves_by_hand(s: Session) -> None:
    row = waits(s)
    question = begun(s, row)
    assert job.sweep(s, LATER) == 1
    moved(s, row, Move(("c-30",), None, "west-4"), now=LATER)
    assert solved.take(s, question, NOTHING, LATER) is None
    assert [one.shop for one in changes_of(s, row)] == ["c-30"]


def test_nor_does_it_end_the_job_that_was_begun_since(s: Session) -> None:
    row = waits(s)
    old = begun(s, row)
    job.sweep(s, LATER)
    job.again(s, actor(s, "zhou"), row.id, {}, LATER)
    new = begun(s, row, LATER)
    assert not solving.note(s, Plan, row.id, old.job, Progress("groups", 9.0), LATER)
    solving.fail(s, Plan, row.id, old.job, solving.DIED, LATER)
    assert solved.take(s, old, NOTHING, LATER) is None
    assert stands(row) == "running"
    assert solved.take(s, new, NOTHING, LATER) is row


def test_an_answer_about_shops_that_have_moved_since_is_refused(s: Session) -> None:
    row = waits(s)
    question = begun(s, row)
    other = drafted(s, TO_WEST)
    late = hand.drawn(s, actor(s, "zhou"), other.id, [], NOON)
    approved(s, other)
    with refusal("plan.moved"):
        solved.take(s, question, NOTHING, NOON)
    third = drafted(s)
    with refusal("plan.moved"):
        hand.keep(s, actor(s, "zhou"), third.id, third.revision, late, NOON)


def test_a_plan_that_is_stopped_while_it_waits_is_never_begun(s: Session) -> None:
    row = waits(s)
    job.stop(s, actor(s, "zhou"), row.id)
    assert stands(row) == "failed"
    assert "before its turn" in (row.job or {})["en"]
    assert solved.begin(s, row.id, NOON) is None


def test_a_plan_waits_as_long_as_another_is_solved(s: Session) -> None:
    first, second = waits(s), waits(s)
    question = begun(s, first)
    assert solving.note(s, Plan, first.id, question.job, Progress("groups", 9.0), LATER)
    assert job.sweep(s, LATER) == 0
    assert stands(second) == "waiting"


def test_a_plan_for_which_no_solver_is_left_is_given_up_with_its_reason(s: Session) -> None:
    row = waits(s)
    assert job.sweep(s, NOON + job.GONE_AFTER) == 0
    assert job.sweep(s, LATER) == 1
    assert stands(row) == "failed"
    assert "before its turn" in (row.job or {})["en"]


def test_only_a_few_plans_wait(s: Session) -> None:
    rows = [waits(s) for _ in range(MOST_WAITING)]
    with refusal("plan.queue"):
        waits(s)
    job.stop(s, actor(s, "zhou"), rows[0].id)
    assert stands(waits(s)) == "waiting"
    with refusal("plan.queue"):
        job.again(s, actor(s, "zhou"), rows[0].id, {}, NOON)


def test_a_plan_by_hand_has_no_solver(s: Session) -> None:
    row = drafted(s)
    with refusal("plan.by_hand"):
        job.again(s, actor(s, "zhou"), row.id, {}, NOON)
