from __future__ import annotations

from math import isnan, nan

from tests.bench.alert_path import Way, figures, stood
from tests.bench.report import met


def test_a_change_is_on_the_screen_with_the_first_version_that_holds_it() -> None:
    shown = {"a": [(1, 10.0), (4, 10.3), (5, 10.6)], "b": [(3, 9.0)]}
    assert stood(shown, "a", 3) == 10.3
    assert stood(shown, "a", 1) == 10.0


def test_a_change_that_nobody_saw_is_no_quick_one() -> None:
    assert isnan(stood({"a": [(1, 10.0)]}, "a", 2))
    assert isnan(stood({}, "a", 1))
    seen = [Way("new", at, at + 0.1, at + 0.2) for at in (1.0, 2.0)]
    found = figures(seen, [*seen, Way("update", 3.0, 3.1, nan)])
    assert found["unseen"] == 1
    assert not met(found["unseen"], "== 0")


def test_ways_are_told_in_milliseconds_and_events_by_the_second() -> None:
    flood = [Way("update", at, at + 0.02, at + 0.12) for at in (1.0, 1.5, 2.0)]
    found = figures(flood[:1], flood)
    assert round(found["hub_to_screen_p99_ms"]) == 100
    assert round(found["told_to_screen_p50_ms"]) == round(found["frame_to_screen_p50_ms"]) == 120
    assert (found["events"], found["events_per_s"], found["raised"]) == (3, 2.0, 1)
