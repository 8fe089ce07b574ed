from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from edge.rule.blocked import Blocked
from edge.rule.zone import Zone
from tests.edge.rule.stand import live, shown, thing
from tests.edge.rule.walk import OUTSIDE, phases, scope

if TYPE_CHECKING:
    from edge.rule.scene import Scene


def lane() -> Blocked:
    """The left half of the picture is a fire lane; a twentieth of it is blocked for a minute."""
    return Blocked(scope(), seconds=60.0, share=0.05)


def test_a_pallet_in_the_lane_is_told_after_a_minute_and_until_it_is_gone() -> None:
    changes = live(lane(), 103, 220, lambda now: shown(*([thing(100, side=20)] if now < 200 else [])))
    assert phases(changes)[0] == "new"
    assert changes[0].at == pytest.approx(160, abs=0.3)
    assert (changes[0].kind, changes[0].began) == ("blocked", 100)
    assert phases(changes)[-1] == "end"
    assert changes[-1].at == pytest.approx(203, abs=0.6)


def test_trolleys_that_stop_for_half_a_minute_one_after_the_other_do_not_block_it() -> None:
    def trolleys(now: float) -> Scene:
        turn = int((now - 100) // 30)
        return shown(thing(100 + 30 * turn, side=20, who=turn + 1))

    assert live(lane(), 103, 400, trolleys) == []


def test_a_box_that_covers_too_little_of_it_does_not_block_it_and_three_do() -> None:
    assert live(lane(), 103, 200, lambda _: shown(thing(100, side=12))) == []
    boxes = [thing(100, x=8.0 + 14 * number, side=12, who=number) for number in range(3)]
    assert phases(live(lane(), 103, 165, lambda _: shown(*boxes))) == ["new"]


def test_what_stands_beside_the_lane_does_not_block_it() -> None:
    assert live(lane(), 103, 200, lambda _: shown(thing(100, x=OUTSIDE, side=30))) == []


def test_a_zone_thinner_than_a_pixel_is_measured_without_a_fault() -> None:
    thin = Zone("thin", [(0.1, 0.5), (0.9, 0.5), (0.9, 0.5001)], (100, 100))
    rule = Blocked(replace(scope(), zone=thin), seconds=60.0, share=0.5)
    assert live(rule, 103, 170, lambda _: shown(thing(100, side=20))) == []


def test_when_the_stream_breaks_off_it_is_over() -> None:
    rule = lane()
    live(rule, 103, 170, lambda _: shown(thing(100, side=20)))
    assert phases(rule.close(171)) == ["end"]
