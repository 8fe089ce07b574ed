from __future__ import annotations

import itertools

import pytest

from edge.rule.crowd import Crowd, dense
from tests.edge.rule.walk import OUTSIDE, Seen, at, phases, scope, walk


def square(cooldown: float = 0.0) -> Crowd:
    return Crowd(scope(cooldown), count=6, clear=4, seconds=3.0)


def people(now: float, number: int) -> list[Seen]:
    return [at(5.0 + 3 * who, now, who) for who in range(number)]


def test_six_for_three_seconds_are_a_crowd() -> None:
    changes = walk(square(), 100, 104, lambda now: people(now, 6))
    assert phases(changes) == ["new"]
    assert changes[0].at == pytest.approx(103, abs=0.3)
    assert changes[0].began == pytest.approx(100)
    assert changes[0].facts.count == 6


def test_five_are_none_however_long() -> None:
    assert walk(square(), 100, 200, lambda now: people(now, 5)) == []


def test_six_in_the_picture_and_five_in_the_zone_are_none() -> None:
    assert walk(square(), 100, 200, lambda now: [*people(now, 5), at(OUTSIDE, now, who=9)]) == []


def test_a_count_that_flickers_round_the_threshold_is_told_once() -> None:
    def flicker(now: float) -> list[Seen]:
        return people(now, (6, 7, 5, 6)[int(now * 5) % 4])

    changes = walk(square(), 100, 160, flicker)
    assert phases(changes).count("new") == 1
    assert phases(changes).count("end") == 0


def test_six_who_pass_in_two_seconds_are_none() -> None:
    def passing(now: float) -> list[Seen]:
        return people(now, 7 if now % 10 < 2 else 2)

    assert walk(square(), 100, 160, passing) == []


def test_it_goes_on_between_the_two_thresholds_and_ends_under_the_lower_one() -> None:
    rule = square()
    changes = walk(rule, 100, 110, lambda now: people(now, 8))
    changes += walk(rule, 110, 120, lambda now: people(now, 5))
    assert "end" not in phases(changes)
    changes += walk(rule, 120, 125, lambda now: people(now, 4))
    assert phases(changes)[-1] == "end"
    assert changes[-1].at == pytest.approx(123, abs=0.4)


def test_it_is_not_told_again_within_the_cooldown() -> None:
    def waves(now: float) -> list[Seen]:
        return people(now, 8 if now % 20 < 10 else 1)

    told = [change.at for change in walk(square(cooldown=60), 100, 300, waves) if change.phase == "new"]
    assert len(told) >= 2
    assert all(later - sooner >= 60 for sooner, later in itertools.pairwise(told))


def test_a_crowd_of_hundreds_names_only_as_many_boxes_as_the_wire_carries() -> None:
    first = walk(square(), 100, 104, lambda now: [at(10 + 0.1 * n, now, n) for n in range(300)])[0]
    assert first.facts.count == 300
    assert len(first.facts.boxes) == 64


def test_twice_as_many_as_make_a_crowd_are_told_with_high_trust() -> None:
    told = walk(square(), 100, 120, lambda now: people(now, 6 if now < 110 else 12))
    assert [change.facts.trust for change in told] == ["normal", "normal", "high", "high"]


def test_when_the_stream_breaks_off_the_crowd_is_over() -> None:
    rule = square()
    walk(rule, 100, 110, lambda now: people(now, 8))
    assert phases(rule.close(111)) == ["end"]
    assert walk(rule, 200, 202, lambda now: people(now, 8)) == []


@pytest.mark.parametrize(
    ("density", "area", "limits"),
    [
        (2.0, 30.0, (60, 42)),
        (0.5, 12.0, (6, 4)),
        (4.0, 0.3, (2, 1)),
        (0.1, 100.0, (10, 7)),
        (1.0, 2.0, (2, 1)),
    ],
)
def test_a_density_is_so_many_people_on_the_ground_of_the_zone(
    density: float, area: float, limits: tuple[int, int]
) -> None:
    assert dense(density, area) == limits


def test_a_crowd_on_a_ground_that_was_measured_tells_how_dense_it_is() -> None:
    count, clear = dense(0.5, 12.0)
    rule = Crowd(scope(), count=count, clear=clear, seconds=3.0, area=12.0)
    assert walk(rule, 100, 110, lambda now: people(now, 5)) == []
    first = walk(rule, 110, 120, lambda now: people(now, 9))[0]
    assert (first.facts.count, first.facts.reason) == (9, "0.75/m²")
