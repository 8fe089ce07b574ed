from __future__ import annotations

from dataclasses import replace

from edge.tally import Tally
from tests.edge.scene import BEGIN, frame


def told(tally: Tally, *pictures: tuple[float, int]) -> Tally:
    """Pictures are looked at, each with its second and its number."""
    for second, number in pictures:
        tally.take(replace(frame(BEGIN + second), seq=number))
    return tally


def test_a_picture_between_two_that_were_looked_at_was_skipped() -> None:
    tally = told(Tally(), (0.0, 7), (0.2, 8), (1.0, 12))
    assert (tally.looked, tally.skipped) == (3, 3)


def test_a_box_with_time_for_all_says_nothing() -> None:
    assert told(Tally(), (0.0, 1), (0.2, 2)).sentence is None


def test_what_was_skipped_is_said_for_a_minute_or_two_and_then_no_more() -> None:
    tally = told(Tally(), (0.0, 1), (0.2, 3))
    assert "1 of the last 3 pictures" in (tally.sentence or "")
    assert "1 of the last 4 pictures" in (told(tally, (61.0, 4)).sentence or "")
    assert told(tally, (122.0, 5)).sentence is None
    assert tally.skipped == 1


def test_a_camera_that_is_opened_anew_counts_from_one_and_has_skipped_nothing() -> None:
    assert told(Tally(), (0.0, 900), (5.0, 1), (5.2, 2)).skipped == 0


def test_other_rules_over_the_same_camera_go_on_with_its_numbers() -> None:
    before = told(Tally(), (0.0, 4))
    after = told(Tally(before), (0.6, 7))
    assert (after.looked, after.skipped) == (1, 2)
