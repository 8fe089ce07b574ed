from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.rule.lost import Lost
from tests.edge.rule.walk import phases

if TYPE_CHECKING:
    from edge.rule.change import Change


@dataclass(frozen=True)
class Told:
    state: str
    since: float
    reason: str | None = None


def eye() -> Lost:
    return Lost(after=5.0, name=lambda: "event")


def look(rule: Lost, health: Told, begin: int, end: int) -> list[Change]:
    return [change for now in range(begin, end) for change in rule.step(health, float(now))]


def test_a_camera_that_gives_nothing_is_told_after_five_seconds_with_the_reason() -> None:
    changes = look(eye(), Told("lost", 100, "no answer from 10.0.0.7"), 100, 110)
    assert phases(changes) == ["new"]
    assert changes[0].at == 105
    assert changes[0].began == 100
    assert changes[0].facts.reason == "no answer from 10.0.0.7"


def test_an_hour_of_darkness_is_one_event_with_news_every_minute() -> None:
    changes = look(eye(), Told("lost", 0), 0, 3600)
    assert phases(changes) == ["new", *["update"] * 59]
    assert len({change.event for change in changes}) == 1


def test_trying_again_is_still_being_lost() -> None:
    rule = eye()
    changes = look(rule, Told("lost", 100), 100, 103) + look(rule, Told("opening", 103), 103, 107)
    assert phases(changes) == ["new"]
    assert changes[0].began == 100


def test_a_camera_that_opens_in_time_was_never_lost() -> None:
    rule = eye()
    assert look(rule, Told("opening", 100), 100, 103) + look(rule, Told("live", 103), 103, 200) == []


def test_it_ends_when_pictures_have_come_steadily() -> None:
    rule = eye()
    look(rule, Told("lost", 100), 100, 110)
    changes = look(rule, Told("live", 110), 110, 115)
    assert phases(changes) == ["end"]
    assert changes[0].at == 113


def test_one_picture_between_two_losses_is_no_end() -> None:
    rule = eye()
    changes = look(rule, Told("lost", 100), 100, 110)
    changes += look(rule, Told("live", 110), 110, 112) + look(rule, Told("lost", 112), 112, 120)
    assert phases(changes) == ["new"]


def test_a_clock_that_is_set_back_by_half_a_day_hides_no_loss() -> None:
    rule = eye()
    look(rule, Told("lost", 50_000), 50_000, 50_003)
    changes = look(rule, Told("lost", 50_000), 6_800, 6_810)
    assert phases(changes) == ["new"]
    assert changes[0].at == 6_805


def test_a_clock_that_is_set_back_by_half_a_day_keeps_no_loss_open() -> None:
    rule = eye()
    look(rule, Told("lost", 50_000), 50_000, 50_010)
    assert phases(look(rule, Told("live", 50_010), 6_810, 6_820)) == ["end"]
