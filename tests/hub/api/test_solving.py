"""What a solver's thread writes down of a job says nothing of another that was begun since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.api import solving
from hub.core.refuse import Refused
from hub.service.plan import job
from hub.store.plan import Plan
from tests.hub.service.plan.test_job import stands, waits
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from hub.api.parts import Parts


@pytest.fixture
def plan(parts: Parts) -> str:
    """A plan that waits for its solver."""
    with parts.sessions.begin() as session:
        return waits(session).id


def state(parts: Parts, plan: str) -> str:
    with parts.readings() as session:
        return stands(session.get_one(Plan, plan))


def refused(_parts: Parts, _plan: str) -> None:
    raise Refused("state", "no.way", "There is no way.", "没有办法。")


def test_why_there_is_no_answer_stands_in_the_job_that_waited(parts: Parts, plan: str) -> None:
    solving.run(parts, Plan, plan, refused)
    assert state(parts, plan) == "failed"


def test_a_question_that_fails_late_does_not_fail_the_one_asked_since(parts: Parts, plan: str) -> None:
    def overtaken(parts: Parts, plan: str) -> None:
        with parts.sessions.begin() as session:
            job.stop(session, actor(session, "zhou"), plan)
            job.again(session, actor(session, "zhou"), plan, {}, NOON)
        refused(parts, plan)

    solving.run(parts, Plan, plan, overtaken)
    assert state(parts, plan) == "waiting"


def test_a_row_that_waits_for_nobody_is_left_alone(parts: Parts, plan: str) -> None:
    solving.run(parts, Plan, plan, refused)
    asked: list[str] = []
    solving.run(parts, Plan, plan, lambda _, one: asked.append(one))
    assert asked == []
