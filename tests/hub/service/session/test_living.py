"""Sessions: they end in time, and rights fall at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from hub.core.session import IDLE, LASTS, Kind
from hub.service.session import living
from hub.store.people import Grant, LoginSession, Person
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

IDLE_TIME, WHOLE = IDLE[Kind.PERSON], LASTS[Kind.PERSON]


def test_the_session_of_somebody_who_left_is_over(s: Session) -> None:
    made = living.begin(s, actor(s, "lin"), NOON)
    s.get_one(Person, "lin").active = False
    s.flush()
    assert living.find(s, made.token, NOON) is None


def test_a_session_is_found_by_its_token_which_is_kept_nowhere(s: Session) -> None:
    made = living.begin(s, actor(s, "lin"), NOON)
    s.flush()
    found = living.find(s, made.token, NOON)
    assert found is not None
    assert (found.actor.person, found.csrf, found.stale) == ("lin", made.csrf, False)
    row = s.query(LoginSession).one()
    assert made.token not in (row.token_hash, row.csrf)
    assert living.find(s, made.token + "x", NOON) is None


def test_a_session_that_is_used_lives_and_one_that_is_not_ends(s: Session) -> None:
    made = living.begin(s, actor(s, "lin"), NOON)
    s.flush()
    now = NOON + IDLE_TIME
    found = living.find(s, made.token, now)
    assert found is not None
    assert found.stale
    living.touch(s, made.token, now)
    assert living.find(s, made.token, now + IDLE_TIME) is not None
    assert living.find(s, made.token, now + IDLE_TIME + timedelta(seconds=1)) is None


def test_no_session_outlives_twelve_hours(s: Session) -> None:
    made = living.begin(s, actor(s, "lin"), NOON)
    s.flush()
    now = NOON
    while now < NOON + WHOLE:
        living.touch(s, made.token, now)
        now += IDLE_TIME / 2
    living.touch(s, made.token, now)
    assert living.find(s, made.token, NOON + WHOLE) is None


def test_a_log_out_ends_it(s: Session) -> None:
    made = living.begin(s, actor(s, "lin"), NOON)
    s.flush()
    living.end(s, made.token)
    assert living.find(s, made.token, NOON) is None


def test_ended_sessions_are_forgotten(s: Session) -> None:
    old, fresh = living.begin(s, actor(s, "lin"), NOON), living.begin(s, actor(s, "he"), NOON + IDLE_TIME)
    s.flush()
    living.forget_ended(s, NOON + IDLE_TIME + timedelta(seconds=1))
    assert s.query(LoginSession).count() == 1
    assert living.find(s, old.token, NOON) is None
    assert living.find(s, fresh.token, NOON + IDLE_TIME) is not None


def test_a_grant_that_is_taken_away_works_at_the_next_request(s: Session) -> None:
    made = living.begin(s, actor(s, "lin"), NOON)
    s.flush()
    s.execute(delete(Grant).where(Grant.person == "lin"))
    found = living.find(s, made.token, NOON)
    assert found is not None
    assert found.actor.roles == ()
