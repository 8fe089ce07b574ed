from __future__ import annotations

import numpy as np
import pytest

from edge.rule.linger import Linger
from tests.edge.rule.walk import INSIDE, OUTSIDE, Seen, at, phases, scope, seen, walk


def bench(seconds: float = 20.0, cooldown: float = 0.0) -> Linger:
    return Linger(scope(cooldown), seconds=seconds, grace=2.0)


def sitting(now: float) -> list[Seen]:
    return [at(INSIDE, now)]


def test_who_stays_for_twenty_seconds_is_told_at_the_twentieth() -> None:
    changes = walk(bench(), 100, 122, sitting)
    assert phases(changes) == ["new"]
    assert changes[0].at == pytest.approx(120, abs=0.3)
    assert changes[0].began == pytest.approx(100)
    assert changes[0].facts.seconds == pytest.approx(20, abs=0.3)


def test_four_short_visits_are_no_lingering() -> None:
    def visits(now: float) -> list[Seen]:
        return [at(INSIDE if now % 600 < 1 else OUTSIDE, now)]

    assert walk(bench(seconds=4), 0, 2400, visits, rate=4) == []


def test_seconds_count_and_not_pictures() -> None:
    slow = walk(bench(), 100, 125, sitting, rate=2)
    quick = walk(bench(), 100, 125, sitting, rate=25)
    assert slow[0].at == pytest.approx(quick[0].at, abs=0.6)


@pytest.mark.parametrize("seed", range(20))
def test_when_half_of_the_pictures_are_lost_it_is_told_by_the_first_that_comes_after_its_time(
    seed: int,
) -> None:
    rule, random = bench(), np.random.default_rng(seed)
    kept = [float(now) for now in np.arange(100, 125, 0.2) if random.random() < 0.5]
    told = [change for now in kept for change in rule.step(seen(sitting(now)), now)]
    assert told[0].at == next(now for now in kept if now - kept[0] >= 20 - 1e-6)


def test_a_stream_that_stands_for_less_than_the_grace_has_lost_nobody() -> None:
    rule = bench()
    said = walk(rule, 100, 110, sitting) + walk(rule, 111.5, 125, sitting)
    assert said[0].at == pytest.approx(120, abs=0.3), "nothing says that he was away"


def test_behind_a_pillar_for_a_second_is_not_gone() -> None:
    rule = bench()
    said = (
        walk(rule, 100, 110, sitting) + walk(rule, 110, 111.5, lambda _: []) + walk(rule, 111.5, 125, sitting)
    )
    assert phases(said)[0] == "new"
    assert said[0].at == pytest.approx(121.5, abs=0.5), "the second behind the pillar was not seen"


def test_an_absence_longer_than_the_grace_begins_anew() -> None:
    rule = bench()
    said = walk(rule, 100, 115, sitting) + walk(rule, 115, 118, lambda _: []) + walk(rule, 118, 137, sitting)
    assert said == []


def test_a_track_lost_and_found_under_another_number_is_the_same_person() -> None:
    rule = bench()
    walk(rule, 100, 112, sitting)
    assert phases(walk(rule, 112.4, 121, lambda now: [at(INSIDE + 3, now, who=2)]))[0] == "new"


def test_another_person_on_the_same_spot_does_not_inherit_while_the_first_is_still_in_sight() -> None:
    rule = bench()
    walk(rule, 100, 112, sitting)
    passing = walk(rule, 112, 121, lambda now: [at(OUTSIDE, now), at(INSIDE + 3, now, who=2)])
    assert passing == []


def test_it_ends_when_the_last_of_them_has_left() -> None:
    rule = bench()
    changes = walk(rule, 100, 121, lambda now: [*sitting(now), at(INSIDE + 15, now, who=2)])
    changes += walk(rule, 121, 124.5, sitting)
    assert "end" not in phases(changes)
    changes += walk(rule, 124.5, 130, lambda _: [])
    assert phases(changes)[-1] == "end"
    assert len({change.event for change in changes}) == 1


def test_a_silent_stream_adds_no_seconds() -> None:
    rule = bench()
    walk(rule, 100, 110, sitting)
    assert rule.close(110) == ()
    assert walk(rule, 170, 185, sitting) == []
