from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, get_args

import pytest

from edge.bridge.onvif.camera import Note
from edge.bridge.onvif.signs import MOMENT, MOST, Signs
from edge.bridge.onvif.topic import TOPICS, Sign, sign
from wire.message import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

MOTION = "RuleEngine/CellMotionDetector/Motion"
TAMPER = "RuleEngine/TamperDetector/Tamper"


class Hours:
    """Armed as long as the test says so."""

    def __init__(self) -> None:
        self.are = True

    def armed(self, _now: float) -> bool:
        return self.are


def signs(hours: Hours | None = None) -> Signs:
    numbers = count()
    return Signs(hours or Hours(), cooldown=0.0, name=lambda: f"e{next(numbers)}")


def on(topic: str = MOTION, source: str = "1", *, value: bool | None = True) -> Sign:
    found = sign(Note(topic, (("S", source),), (("D", str(value).lower()),)), {})
    assert isinstance(found, Sign)
    return found


def phases(of: Signs, *steps: Callable[[Signs], object]) -> list[str]:
    return [change.phase for step in steps for change in step(of)]  # type: ignore[attr-defined]


def test_every_topic_of_the_table_means_one_of_our_kinds_or_nothing() -> None:
    assert set(TOPICS.values()) <= {*get_args(EventKind), "nothing"}
    assert all(":" not in topic for topic in TOPICS)


def test_motion_begins_and_ends_as_the_camera_says_and_is_believed_a_little() -> None:
    one = signs()
    new, end = *one.step(on(), 100.0), *one.step(on(value=False), 107.0)
    assert (new.phase, new.kind, new.facts.trust, new.began) == ("new", "intrusion", "low", 100.0)
    assert "CellMotionDetector/Motion (1)" in (new.facts.reason or "")
    assert (end.phase, end.event, end.at) == ("end", new.event, 107.0)


def test_an_alarm_that_is_said_twice_is_one_event() -> None:
    assert phases(signs(), lambda s: s.step(on(), 1.0), lambda s: s.step(on(), 2.0)) == ["new"]


def test_motion_that_goes_on_is_told_again_and_tampering_is_not() -> None:
    later = [lambda s, n=n: s.tick(1.0 + n) for n in range(0, 121, 5)]
    assert phases(signs(), lambda s: s.step(on(), 1.0), *later) == ["new", *["update"] * 4]
    assert phases(signs(), lambda s: s.step(on(TAMPER), 1.0), *later) == ["new"]


def test_two_inputs_are_two_alarms() -> None:
    door = "Device/Trigger/DigitalInput"
    assert phases(signs(), lambda s: s.step(on(door, "1"), 1.0), lambda s: s.step(on(door, "2"), 1.0)) == [
        "new",
        "new",
    ]


def test_what_only_happens_is_over_by_itself() -> None:
    crossed = Sign("RuleEngine/LineDetector/Crossed", "1", "line", None)
    steps = (
        lambda s: s.step(crossed, 1.0),
        lambda s: s.tick(1.0 + MOMENT / 2),
        lambda s: s.tick(1.0 + MOMENT),
    )
    assert phases(signs(), *steps) == ["new", "end"]


def test_motion_counts_while_it_is_armed_and_tampering_always() -> None:
    hours = Hours()
    hours.are = False
    one = signs(hours)
    assert phases(one, lambda s: s.step(on(), 1.0)) == []
    assert phases(one, lambda s: s.step(on(TAMPER), 1.0)) == ["new"]
    hours.are = True
    assert phases(one, lambda s: s.tick(2.0)) == ["new"]
    hours.are = False
    assert phases(one, lambda s: s.tick(3.0)) == ["end"]


@pytest.mark.parametrize("kind", ["fire", "smoke"])
def test_an_input_that_means_fire_or_smoke_counts_while_the_market_is_open_too(kind: EventKind) -> None:
    hours = Hours()
    hours.are = False
    wired = Sign("Device/Trigger/DigitalInput", "1", kind, on=True)
    assert phases(signs(hours), lambda s: s.step(wired, 1.0), lambda s: s.tick(2.0)) == ["new"]


def test_a_camera_that_is_not_heard_any_more_leaves_nothing_open() -> None:
    one = signs()
    assert phases(one, lambda s: s.step(on(), 1.0), lambda s: s.close(2.0), lambda s: s.tick(3.0)) == [
        "new",
        "end",
    ]


def test_a_camera_that_invents_inputs_fills_no_memory() -> None:
    one = signs()
    for number in range(MOST * 3):
        one.step(on(source=str(number)), 1.0)
    assert one.dropped == MOST * 2


def test_an_alarm_that_is_over_gives_its_place_to_another() -> None:
    one = signs()
    for number in range(MOST):
        one.step(on(source=str(number)), float(number))
    for number in range(MOST):
        one.step(on(source=str(number), value=False), 100.0)
    assert (
        phases(one, *(lambda s, n=n: s.step(on(source=f"b{n}"), 200.0) for n in range(MOST)))
        == ["new"] * MOST
    )
    assert one.dropped == 0
    assert phases(one, lambda s: s.step(on(source="0"), 201.0)) == [], "what goes on keeps its place"
    assert one.dropped == 1


@pytest.mark.parametrize(
    ("topic", "own", "expected"),
    [
        ("Acme/Thing", {}, None),
        ("Acme/Thing", {"Acme/Thing": "fire"}, "fire"),
        (MOTION, {MOTION: "nothing"}, "nothing"),
        ("Device/Trigger/Relay", {}, "nothing"),
    ],
)
def test_an_unknown_topic_is_never_guessed_and_the_owners_word_goes_first(
    topic: str, own: dict[str, EventKind], expected: str | None
) -> None:
    found = sign(Note(topic, (), (("State", "true"),)), own)
    assert (found.kind if isinstance(found, Sign) else found) == expected
