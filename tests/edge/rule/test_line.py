from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from edge.rule.line import Line
from edge.rule.timetable import Timetable
from tests.edge.rule.walk import Seen, at, phases, scope, seen, walk
from wire.hours import read_span

DOWN = ((0.5, 0.2), (0.5, 0.9))
"""Drawn from above to below across everybody's way: to walk to the left is to come in."""


def gate(fires: str = "both", quiet: float = 5.0) -> Line:
    return Line(scope(), DOWN, fires=fires, margin=0.2, quiet=quiet)  # type: ignore[arg-type]


def leftward(now: float, start: float = 100.0, who: int = 1) -> list[Seen]:
    """Walks from x = 70 to x = 30 in four seconds, then stands."""
    return [at(max(30.0, 70 - 10 * (now - start)), now, who)]


def rightward(now: float, start: float = 100.0, who: int = 1) -> list[Seen]:
    return [at(min(70.0, 30 + 10 * (now - start)), now, who)]


def test_who_walks_in_is_told_when_clearly_past_the_line() -> None:
    changes = walk(gate(), 100, 104, leftward)
    assert phases(changes) == ["new"]
    assert changes[0].at == pytest.approx(102.4, abs=0.21)
    assert (changes[0].kind, changes[0].facts.count, changes[0].facts.reason) == ("line", 1, "in 1, out 0")


def test_the_direction_is_that_of_the_line_as_it_was_drawn() -> None:
    rule, turned = gate(), Line(scope(), DOWN[::-1], fires="both", margin=0.2, quiet=5.0)
    walk(rule, 100, 104, leftward)
    walk(turned, 100, 104, leftward)
    assert (rule.counts, turned.counts) == ({"in": 1, "out": 0}, {"in": 0, "out": 1})


@pytest.mark.parametrize(("fires", "told"), [("in", 1), ("out", 0), ("both", 1)])
def test_only_the_direction_asked_for_is_told_and_both_are_counted(fires: str, told: int) -> None:
    rule = gate(fires)
    assert phases(walk(rule, 100, 104, leftward)).count("new") == told
    assert rule.counts == {"in": 1, "out": 0}


def test_who_sways_on_the_line_has_not_crossed_it() -> None:
    rule = gate()
    assert walk(rule, 100, 160, lambda now: [at(50 + 3.5 * np.sin(5 * now), now)]) == []
    assert rule.counts == {"in": 0, "out": 0}


def test_who_comes_to_the_line_sways_on_it_and_goes_back_has_not_crossed_it() -> None:
    def hesitant(now: float) -> list[Seen]:
        return [at(50 + 3 * np.sin(7 * now) + max(0.0, abs(now - 110) - 5) * 5, now)]

    rule = gate()
    assert walk(rule, 100, 120, hesitant) == []
    assert rule.counts == {"in": 0, "out": 0}


def test_who_crosses_and_then_sways_has_crossed_once() -> None:
    rule = gate()
    walk(rule, 100, 140, lambda now: [at(max(47.5 + 3 * np.sin(5 * now), 70 - 10 * (now - 100)), now)])
    assert sum(rule.counts.values()) <= 1


def test_there_and_back_is_one_crossing_each_way() -> None:
    rule = gate()
    changes = walk(rule, 100, 104, leftward) + walk(rule, 104, 108, lambda now: rightward(now, 104))
    assert rule.counts == {"in": 1, "out": 1}
    assert {change.event for change in changes} == {"event-1"}
    assert changes[-1].facts.reason == "in 1, out 1"


def test_who_walks_round_the_end_of_the_line_has_not_crossed_it() -> None:
    """The line ends at y = 90 and everybody's foot is at y = 60; this one ends at y = 50."""
    short = Line(scope(), ((0.5, 0.2), (0.5, 0.5)), fires="both", margin=0.2, quiet=5.0)
    assert walk(short, 100, 104, leftward) == []
    assert short.counts == {"in": 0, "out": 0}


def test_who_goes_along_the_line_round_its_end_and_back_on_the_other_side_has_not_crossed_it() -> None:
    def place(now: float) -> tuple[float, float]:
        return (54.5 if now < 104 else 45.5), (60 + 10 * min(now - 100, 108 - now))

    def round_the_end(now: float) -> list[Seen]:
        x, y = place(now)
        return [Seen(1, np.array([x - 4, y - 20, x + 4, y], np.float32), now)]

    rule = gate()
    assert walk(rule, 100, 108, round_the_end) == []


def test_a_place_that_is_only_expected_crosses_nothing() -> None:
    rule = gate()
    walk(rule, 100, 101, leftward)
    for now in np.arange(101, 101.9, 0.2):
        guessed = Seen(1, at(40, now).box, last=100.8)
        assert rule.step(seen([guessed]), float(now)) == ()
    assert rule.counts == {"in": 0, "out": 0}


def test_people_one_after_another_are_one_event_with_their_number() -> None:
    def queue(now: float) -> list[Seen]:
        return [*leftward(now), *leftward(now, 102, 2), *leftward(now, 104, 3)]

    rule = gate()
    changes = walk(rule, 100, 120, queue)
    assert phases(changes) == ["new", "update", "end"]
    assert changes[-1].facts.reason == "in 3, out 0"
    assert changes[-1].at == pytest.approx(changes[0].at + 4 + 5, abs=0.5)


def test_later_people_are_another_event() -> None:
    rule = gate()
    told = walk(rule, 100, 115, leftward) + walk(rule, 115, 130, lambda now: leftward(now, 115, 2))
    assert phases(told) == ["new", "end", "new", "end"]
    assert [change.facts.count for change in told if change.phase == "end"] == [1, 1]


def test_another_number_given_on_the_line_is_the_same_person() -> None:
    def renamed(now: float) -> list[Seen]:
        return leftward(now, who=1 if now < 102 else 2)

    rule = gate()
    walk(rule, 100, 104, renamed)
    assert rule.counts == {"in": 1, "out": 0}


def test_by_day_crossings_are_counted_and_nobody_is_told() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    night = Timetable((read_span("mon-sun", "22:00", "06:00"),), shanghai)
    noon = datetime(2026, 3, 4, 12, 0, tzinfo=shanghai).timestamp()
    rule = Line(scope(armed=night), DOWN, fires="both", margin=0.2, quiet=5.0)
    assert walk(rule, noon, noon + 4, lambda now: leftward(now, noon)) == []
    assert rule.counts == {"in": 1, "out": 0}


def test_when_the_stream_breaks_off_nobody_crosses_the_gap() -> None:
    rule = gate()
    walk(rule, 100, 101, leftward)
    assert rule.close(101) == ()
    assert walk(rule, 200, 202, lambda now: [at(30, now)]) == []
