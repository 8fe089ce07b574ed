from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.rule.left import Left
from tests.edge.rule.stand import live, shown, thing
from tests.edge.rule.walk import INSIDE, OUTSIDE, Seen, at, phases, scope

if TYPE_CHECKING:
    from edge.rule.scene import Scene


def left(cooldown: float = 0.0) -> Left:
    return Left(scope(cooldown), seconds=10.0, near=1.0, least=0.0003, most=0.05)


def test_a_bag_that_nobody_is_beside_is_told_after_ten_seconds() -> None:
    changes = live(left(), 103, 120, lambda _: shown(thing(100)))
    assert phases(changes) == ["new", "update"]
    first = changes[0]
    assert (first.kind, first.zone, first.began) == ("left", "yard", 100)
    assert first.at == pytest.approx(110, abs=0.3)
    assert (first.facts.count, first.facts.boxes[0].label) == (1, "thing")
    assert first.facts.seconds == pytest.approx(10, abs=0.3)


def test_while_its_owner_stands_beside_it_nothing_is_told_and_when_he_leaves_the_time_begins() -> None:
    def owner(now: float) -> Scene:
        return shown(thing(100), *([at(INSIDE + 8, now)] if now < 130 else []))

    changes = live(left(), 103, 150, owner)
    assert phases(changes)[0] == "new"
    assert changes[0].at == pytest.approx(141, abs=1.5)


def test_who_passes_by_does_not_attend_to_it() -> None:
    def passing(now: float) -> Scene:
        return shown(thing(100), at(INSIDE - 30 + 15 * ((now - 104) % 6), now, who=int((now - 104) // 6) + 2))

    changes = live(left(), 104, 125, passing)
    assert changes[0].at <= 112


def test_who_stops_beside_it_attends_to_it_and_the_event_ends() -> None:
    def guard(now: float) -> Scene:
        return shown(thing(100), *([at(INSIDE + 10, now, who=9)] if now > 115 else []))

    changes = live(left(), 103, 130, guard)
    assert phases(changes)[-1] == "end"
    assert changes[-1].at == pytest.approx(119, abs=0.6)


def test_somebody_who_stands_still_is_no_bag_though_something_stands_where_he_does() -> None:
    def standing(now: float) -> Scene:
        seen = [at(INSIDE, now, who=4)] if now % 5 < 4 else []
        return shown(thing(100), *seen)

    assert live(left(), 103, 180, standing) == []


def test_a_parked_van_is_no_bag() -> None:
    van = Seen(7, thing(100).box, 0.0, label="truck")
    assert live(left(), 103, 140, lambda _: shown(thing(100), van)) == []


@pytest.mark.parametrize("side", [1.0, 40.0])
def test_what_is_too_small_or_too_large_is_not_told(side: float) -> None:
    assert live(left(), 103, 140, lambda _: shown(thing(100, side=side))) == []


def test_what_stands_outside_the_zone_or_is_gone_from_it_is_not_left_there() -> None:
    assert live(left(), 103, 140, lambda _: shown(thing(100, x=OUTSIDE))) == []
    assert live(left(), 103, 140, lambda _: shown(thing(100, kind="went"))) == []


def test_when_it_is_taken_away_the_event_ends_and_a_moment_hidden_does_not_end_it() -> None:
    def hidden(now: float) -> Scene:
        return shown() if 113 < now < 115 or now > 120 else shown(thing(100))

    changes = live(left(), 103, 130, hidden)
    assert phases(changes)[0] == "new"
    assert phases(changes).count("end") == 1
    assert changes[-1].at == pytest.approx(123, abs=0.6)


def test_when_the_stream_breaks_off_it_is_over() -> None:
    rule = left()
    live(rule, 103, 115, lambda _: shown(thing(100)))
    assert phases(rule.close(116)) == ["end"]
