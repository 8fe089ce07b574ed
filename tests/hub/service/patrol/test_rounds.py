"""Rounds of a day: made by the clock, drawn so that nobody foresees them, judged, and told when missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hub.core import patrol as rules
from hub.core.refuse import Refused
from hub.service import wall
from hub.service.patrol import gap, judge, plan, walk
from hub.store.alert import Alert
from hub.store.case import Case
from hub.store.evidence import Line
from hub.store.patrol import Round
from tests.hub.service.patrol.beat import MINUTE, hang, planned, rounds, say, scan, sign
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOUR = timedelta(hours=1)


def _alerts(s: Session) -> list[tuple[str, int, str]]:
    rows = s.scalars(select(Alert).order_by(Alert.number))
    return [(row.kind, row.severity, row.state) for row in rows]


def test_the_clock_makes_each_round_of_the_day_once(s: Session) -> None:
    planned(s, hang(s), ("08:00", "12:00", "20:00"))
    assert [row.due_at for row in rounds(s)] == [NOON, NOON + 8 * HOUR]
    assert plan.due(s, NOON + MINUTE) == 0
    assert plan.due(s, NOON + timedelta(days=1)) == 2


def test_on_the_day_a_clock_is_set_forward_a_round_is_due_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    times = rules.every(time(1, 30), time(3, 30), 30)
    assert times == ["01:30", "02:00", "02:30", "03:00", "03:30"]
    assert len(rules.due(times, date(2026, 3, 28), berlin)) == 5
    assert len(rules.due(times, date(2026, 3, 29), berlin)) == 3
    assert rules.every(time(22, 0), time(2, 0), 120) == ["22:00", "00:00", "02:00"]


def test_the_order_is_drawn_by_a_seed_that_is_promised_before_and_shown_at_the_start(s: Session) -> None:
    points = hang(s, 6)
    planned(s, points)
    (row,) = rounds(s)
    promised = s.scalars(select(Line).where(Line.act == "round.draw")).one().public["sha256"]
    assert not s.scalars(select(Line).where(Line.act == "round.start")).all()
    walk.start(s, actor(s, "qiu"), row.id, NOON)
    told = s.scalars(select(Line).where(Line.act == "round.start")).one().public
    assert sha256(told["seed"].encode()).hexdigest() == promised
    order, later = rules.drawn([one.id for one in points], None, told["seed"])
    assert (told["points"], later) == (order, 0.0)


def test_seeds_draw_every_beginning_both_ways_and_each_way_of_a_mix() -> None:
    points = ["a", "b", "c", "d"]
    drawn = {tuple(rules.drawn(points, None, str(seed))[0]) for seed in range(200)}
    assert len(drawn) == 8
    assert all(sorted(one) == points for one in drawn)
    mix = [
        {"order": ["a", "b"], "offset_min": 0.0, "weight": 0.5},
        {"order": ["b", "gone", "a"], "offset_min": 7.5, "weight": 0.5},
    ]
    ways = [rules.drawn(["a", "b"], mix, str(seed)) for seed in range(200)]
    assert 60 < ways.count((["a", "b"], 0.0)) < 140
    assert ways.count((["a", "b"], 0.0)) + ways.count((["b", "a"], 7.5)) == 200


def test_a_round_is_not_begun_before_its_time_nor_after(s: Session) -> None:
    planned(s, hang(s))
    (row,) = rounds(s, NOON - HOUR)
    with pytest.raises(Refused, match="cannot be started yet"):
        walk.start(s, actor(s, "qiu"), row.id, NOON - 16 * MINUTE)
    with pytest.raises(Refused, match="is over"):
        walk.start(s, actor(s, "qiu"), row.id, NOON + 3 * HOUR)
    walk.start(s, actor(s, "qiu"), row.id, NOON - 14 * MINUTE)
    assert walk.start(s, actor(s, "jiang"), row.id, NOON).started_by == "qiu"


def test_nobody_sets_out_so_somebody_is_told_and_the_first_scan_ends_that(s: Session) -> None:
    points = hang(s)
    planned(s, points)
    rounds(s)
    assert judge.due(s, NOON + 14 * MINUTE) == 0
    assert judge.due(s, NOON + 16 * MINUTE) == 1
    assert judge.due(s, NOON + 17 * MINUTE) == 0
    assert _alerts(s) == [("late", 3, "NEW")]
    scan(s, sign(s, points[0]), NOON + 20 * MINUTE)
    assert _alerts(s) == [("late", 3, "EXPIRED")]


def test_what_nobody_came_by_is_an_alert_with_its_numbers(s: Session) -> None:
    points = hang(s)
    planned(s, points)
    (row,) = rounds(s)
    scan(s, sign(s, points[1]), NOON + MINUTE)
    judge.due(s, NOON + 2 * HOUR + MINUTE)
    alert = s.scalars(select(Alert).where(Alert.kind == "missed")).one()
    assert (alert.severity, alert.grid, (alert.reason or "")[:4]) == (2, "east", "3/4:")
    assert sorted((alert.reason or "").split()[1:]) == ["#1", "#3", "#4"]
    assert (row.state, row.figures and row.figures["share"]) == ("done", 0.25)


@pytest.mark.parametrize(
    ("kind", "key", "severity"), [("round", False, 2), ("round", True, 1), ("fire", False, 1)]
)
def test_a_key_point_and_a_fire_round_are_graver(s: Session, kind: str, key: bool, severity: int) -> None:
    planned(s, hang(s, 2, key=key), kind=kind)
    (row,) = rounds(s)
    judge.due(s, NOON + 3 * HOUR)
    assert _alerts(s) == [("missed", severity, "NEW")]
    assert row.state == "missed"


def test_who_says_why_a_point_was_not_reached_raises_no_alert(s: Session) -> None:
    points = hang(s, 2)
    planned(s, points)
    (row,) = rounds(s)
    scan(s, sign(s, points[0]), NOON + MINUTE)
    body = {"round": row.id, "checkpoint": points[1].id, "reason": "locked", "note": "", "photo": None}
    assert say(s, "skip", body, NOON + 2 * MINUTE).state == "taken"
    assert say(s, "skip", body | {"reason": "tired"}).state == "refused"
    assert say(s, "skip", body | {"checkpoint": "cp-none"}).state == "refused"
    judge.due(s, NOON + 3 * HOUR)
    assert _alerts(s) == []
    assert row.figures is not None
    assert (row.figures["missed"], row.figures["skipped"]) == ([points[1].id], {points[1].id: "locked"})


def test_scans_that_come_hours_late_count_by_when_they_were_made_and_end_the_alert(s: Session) -> None:
    points = hang(s, 3)
    planned(s, points)
    (row,) = rounds(s)
    texts = [sign(s, one) for one in points]
    judge.due(s, NOON + 3 * HOUR)
    assert _alerts(s)[-1] == ("missed", 2, "NEW")
    for number, text in enumerate(texts):
        scan(s, text, NOON + (10 + number) * MINUTE, heard=NOON + 5 * HOUR)
    assert _alerts(s)[-1] == ("missed", 2, "EXPIRED")
    assert row.figures is not None
    assert (row.state, row.figures["share"], row.figures["missed"]) == ("done", 1.0, [])


def test_two_danger_checks_a_day_are_due_in_a_grid_and_a_danger_found_is_a_case(s: Session) -> None:
    hang(s, 1)
    planned(s, [], ("12:00", "18:00"), kind="danger")
    first, second = rounds(s)
    body = {
        "items": {"exits": "bad", "gas": "good"},
        "round": first.id,
        "checkpoint": None,
        "note": "",
        "photo": None,
    }
    assert say(s, "danger", body, NOON + MINUTE).state == "taken"
    case = s.scalars(select(Case)).one()
    assert (case.kind, case.stage, case.grid, case.reporter) == ("hazard", "REPORTED", "east", "qiu")
    good = body | {"items": {"exits": "good"}, "round": second.id}
    assert say(s, "danger", body | {"items": {"roof": "bad"}}).state == "refused"
    judge.due(s, second.closes_at + MINUTE)
    assert [row.state for row in (first, second)] == ["done", "missed"]
    assert _alerts(s) == [("missed", 2, "NEW")]
    assert say(s, "danger", good, second.due_at, heard=second.closes_at + HOUR).state == "taken"
    assert (_alerts(s), second.state) == ([("missed", 2, "EXPIRED")], "done")
    assert len(s.scalars(select(Case)).all()) == 1


def test_the_wall_tells_where_a_crew_is_how_far_its_round_and_the_largest_gap(s: Session) -> None:
    points = hang(s, 3)
    planned(s, points)
    rounds(s)
    scan(s, sign(s, points[2]), NOON + MINUTE)
    crew, other = wall.snapshot(s, actor(s, "lin"), NOON + 5 * MINUTE)["crews"]
    assert (crew["round"], crew["gap_min"], crew["x"], crew["place"]["zh"]) == ([1, 3], 725.0, 25.0, "2 号点")
    assert (other["round"], other["gap_min"], other["place"]) == (None, None, None)
    assert gap.largest(s, MARKET, NOON + 5 * MINUTE) == {"east": 725.0}


def test_no_one_walks_so_fast(s: Session) -> None:
    points = hang(s, 4)
    planned(s, points)
    (row,) = rounds(s)
    scan(s, sign(s, points[0]), NOON)
    scan(s, sign(s, points[3]), NOON + timedelta(seconds=5))
    figures = judge.told(s, row, NOON + MINUTE)
    assert [(one["metres"], one["seconds"]) for one in figures["fast"]] == [(30.0, 5.0)]


def test_a_days_rounds_belong_to_the_markets_own_day(s: Session) -> None:
    planned(s, hang(s), ("00:30",))
    late = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
    (row,) = rounds(s, late)
    assert (row.day, row.due_at) == (date(2026, 11, 23), late + 25 * MINUTE)
    assert s.scalars(select(Round)).one().state == "planned"
