from __future__ import annotations

import pytest

from edge.rule.removed import Removed
from tests.edge.rule.stand import live, shown, thing
from tests.edge.rule.walk import OUTSIDE, phases, scope


def removed() -> Removed:
    return Removed(scope(), seconds=10.0, least=0.0003, most=0.2)


def test_what_is_gone_for_ten_seconds_is_told_until_it_is_back() -> None:
    changes = live(removed(), 103, 130, lambda now: shown(*([thing(100, kind="went")] if now < 120 else [])))
    assert phases(changes)[0] == "new"
    assert phases(changes)[-1] == "end"
    assert changes[0].at == pytest.approx(110, abs=0.3)
    assert (changes[0].kind, changes[0].began, changes[0].facts.count) == ("removed", 100, 1)
    assert changes[-1].at == pytest.approx(123, abs=0.6)


def test_what_is_put_back_within_ten_seconds_was_not_taken() -> None:
    assert (
        live(removed(), 103, 130, lambda now: shown(*([thing(100, kind="went")] if now < 106 else []))) == []
    )


def test_what_came_or_went_elsewhere_is_not_told() -> None:
    assert live(removed(), 103, 130, lambda _: shown(thing(100), thing(100, OUTSIDE, "went", who=2))) == []


def test_when_the_stream_breaks_off_it_is_over() -> None:
    rule = removed()
    live(rule, 103, 115, lambda _: shown(thing(100, kind="went")))
    assert phases(rule.close(116)) == ["end"]
