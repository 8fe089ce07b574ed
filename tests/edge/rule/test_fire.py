from __future__ import annotations

import pytest

from edge.rule.fire import Fire
from tests.edge.rule.stand import flame, live, shown
from tests.edge.rule.walk import INSIDE, OUTSIDE, at, phases, scope


def fire() -> Fire:
    return Fire(scope(labels=("fire",)), kind="fire", seconds=3.0, score=0.5)


def test_flames_for_three_seconds_are_told_with_low_trust_until_they_are_out() -> None:
    changes = live(fire(), 100, 130, lambda now: shown(*([flame(100)] if now < 115 else [])))
    assert phases(changes)[0] == "new"
    assert changes[0].at == pytest.approx(103, abs=0.3)
    assert (changes[0].kind, changes[0].facts.boxes[0].label) == ("fire", "fire")
    assert {change.facts.trust for change in changes} == {"low"}
    assert phases(changes)[-1] == "end"
    assert changes[-1].at == pytest.approx(123, abs=0.6)


def test_flames_that_hide_for_a_second_at_a_time_are_one_fire() -> None:
    changes = live(fire(), 100, 130, lambda now: shown(*([flame(100)] if now % 3 < 2 else [])))
    assert phases(changes).count("new") == 1
    assert "end" not in phases(changes)


@pytest.mark.parametrize("seen", [flame(100, score=0.4), flame(100, x=OUTSIDE), flame(100, kind="smoke")])
def test_what_is_unsure_elsewhere_or_only_smoke_is_no_fire(seen: object) -> None:
    assert live(fire(), 100, 120, lambda _: shown(seen)) == []  # type: ignore[arg-type]


def test_a_flash_of_a_second_is_no_fire() -> None:
    assert live(fire(), 100, 130, lambda now: shown(*([flame(100)] if now % 10 < 1 else []))) == []


def test_an_owners_model_that_knows_fire_is_trusted_like_any_detector() -> None:
    changes = live(fire(), 100, 105, lambda now: shown(at(INSIDE, now, label="fire")))
    assert phases(changes) == ["new"]
    assert changes[0].facts.trust == "normal"


def test_smoke_is_told_by_the_same_rule_under_its_own_name() -> None:
    rule = Fire(scope(labels=("smoke",)), kind="smoke", seconds=5.0, score=0.5)
    changes = live(rule, 100, 110, lambda _: shown(flame(100, kind="smoke")))
    assert changes[0].kind == "smoke"
    assert changes[0].at == pytest.approx(105, abs=0.3)


def test_when_the_stream_breaks_off_it_is_over() -> None:
    rule = fire()
    live(rule, 100, 105, lambda _: shown(flame(100)))
    assert phases(rule.close(106)) == ["end"]
