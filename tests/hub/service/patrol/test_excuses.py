"""A point is excused while its round may be walked, and nothing said weeks later changes how a round went."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core.glossary import Pair
from hub.service.patrol import judge, plan
from hub.store.alert import Alert
from hub.store.evidence import Line
from hub.store.patrol import Round, Visit
from tests.hub.service.patrol.beat import MINUTE, hang, planned, rounds, say, scan, sign
from tests.hub.service.phone.test_said import photo_body
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.service.phone.said import Receipt
    from hub.store.patrol import Checkpoint, PatrolPlan

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def _skip(s: Session, row: Round, point: Checkpoint, at: datetime, **more: Any) -> Receipt:
    heard = more.pop("heard", at)
    body = {"round": row.id, "checkpoint": point.id, "reason": "locked", "note": "", "photo": None}
    return say(s, "skip", body | more, at, heard=heard)


def _round(s: Session, count: int = 2) -> tuple[Round, list[Checkpoint], PatrolPlan]:
    points = hang(s, count)
    made = planned(s, points)
    return rounds(s)[0], points, made


def test_nobody_excuses_a_point_before_the_round_opens_or_weeks_after_it(s: Session) -> None:
    row, points, _ = _round(s)
    assert _skip(s, row, points[0], row.opens_at - MINUTE).state == "refused"
    judge.due(s, row.closes_at + MINUTE)
    assert _skip(s, row, points[0], NOON, heard=row.closes_at + 8 * DAY).state == "refused"
    assert (row.figures or {})["skipped"] == {}


def test_a_reason_that_is_said_once_the_round_is_over_is_kept_and_excuses_nothing(s: Session) -> None:
    row, points, _ = _round(s)
    judge.due(s, row.closes_at + MINUTE)
    answer = _skip(s, row, points[0], row.closes_at + HOUR)
    assert (answer.state, "stays missed" in answer.words.en) == ("taken", True)
    assert (row.figures or {})["skipped"] == {}
    assert s.scalars(select(Alert.state).where(Alert.kind == "missed")).one() == "NEW"
    for one in points:
        assert _skip(s, row, one, NOON, heard=row.closes_at + HOUR).words.en == "Received."
    assert s.scalars(select(Alert.state).where(Alert.kind == "missed")).one() == "EXPIRED"


def test_another_reason_than_those_on_the_list_is_put_into_words(s: Session) -> None:
    row, points, _ = _round(s)
    assert _skip(s, row, points[0], NOON, reason="other").state == "refused"
    assert _skip(s, row, points[0], NOON, reason="other", note="漏水").state == "taken"


def test_scans_that_are_dated_back_for_weeks_make_no_round_walked(s: Session) -> None:
    row, points, _ = _round(s)
    judge.due(s, row.closes_at + MINUTE)
    for one in points:
        assert scan(s, sign(s, one), NOON, heard=NOON + 25 * DAY, round=row.id).state == "taken"
        assert scan(s, sign(s, one), NOON + MINUTE, heard=NOON + 25 * DAY).state == "taken"
    assert set(s.scalars(select(Visit.round))) == {None}
    assert row.state == "missed"


def test_a_round_that_is_judged_anew_stands_so_in_the_ledger(s: Session) -> None:
    row, points, _ = _round(s)
    judge.due(s, row.closes_at + MINUTE)
    for again in range(2):
        scan(s, sign(s, points[0]), NOON, heard=NOON + DAY + again * HOUR)
    told = [
        line.public for line in s.scalars(select(Line).where(Line.act == "round.judge").order_by(Line.id))
    ]
    assert [(one["state"], one["kept"]) for one in told] == [("missed", 0), ("done", 1)]


def test_a_plan_changes_and_ends_though_a_photo_or_a_reason_names_a_round_that_is_not_due(s: Session) -> None:
    row, points, made = _round(s)
    other = planned(s, points, ("12:05",))
    early = NOON - 5 * MINUTE
    named = next(one for one in rounds(s) if one.plan == other.id)
    assert say(s, "photo", photo_body(s, named.id, None), early).state == "taken"
    assert _skip(s, row, points[0], early).state == "taken"
    assert row.state == "walking"
    zhou = actor(s, "zhou")
    given = plan.Given("east", "round", Pair("新", "New"), ("15:00",), [points[0].id])
    plan.change(s, zhou, made.id, given, None, early)
    plan.end(s, zhou, other.id, early)
    s.flush()
    assert set(s.scalars(select(Round.id))) == {row.id, named.id}
