"""What is read and pressed on a walk is kept for the hub, with the place, once."""

from __future__ import annotations

import pytest

from edge.disk import DiskError
from edge.patrol.walk import Walk
from wire.message import Position, Scan, Sos, Up

HERE = Position(29.33, 120.08, 4.0)


class Round:
    """A walk whose promises and sounds are looked at."""

    def __init__(self) -> None:
        self.said: list[Up] = []
        self.sounds: list[str] = []
        self.now, self.full, self.holds = 100.0, False, False
        self.walk = Walk(self.promise, lambda: HERE, self.sounds.append, clock=lambda: self.now)

    def promise(self, body: Up) -> None:
        if self.full:
            error = DiskError("the disk is full")
            error.is_held = self.holds
            raise error
        self.said.append(body)


@pytest.fixture
def on() -> Round:
    return Round()


def test_a_point_is_said_as_it_was_read_with_the_place_and_a_sound(on: Round) -> None:
    on.walk.read(" LF1-12-3 \n", "qr")
    assert on.said == [Scan(by="qr", code="LF1-12-3", position=HERE)]
    assert on.sounds == ["taken"]


def test_a_tag_that_is_held_before_the_reader_is_one_visit(on: Round) -> None:
    for _ in range(10):
        on.walk.read("04A2B3C4", "nfc")
        on.now += 2.0
    assert len(on.said) == 1
    on.now += 10.0
    on.walk.read("04A2B3C4", "nfc")
    assert len(on.said) == 2


def test_two_points_in_turn_are_two_visits(on: Round) -> None:
    for code in ("a1", "b2", "a1"):
        on.walk.read(code, "nfc")
    assert [body.code for body in on.said if isinstance(body, Scan)] == ["a1", "b2", "a1"]


@pytest.mark.parametrize("text", ["x" * 161, "\x1b[2J", "a\x00b", "\u202egnp"])
def test_what_is_no_code_is_refused_with_a_sound(
    on: Round, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    on.walk.read(text, "qr")
    assert on.said == []
    assert on.sounds == ["refused"]
    assert "read it again" in caplog.text


def test_nothing_read_is_nothing_said(on: Round) -> None:
    on.walk.read(" \r\n", "qr")
    assert not on.said
    assert not on.sounds


def test_what_cannot_be_kept_is_not_called_taken_and_may_be_read_again_at_once(on: Round) -> None:
    on.full = True
    on.walk.read("a1", "nfc")
    assert on.sounds == ["refused"]
    on.full = False
    on.walk.read("a1", "nfc")
    assert on.sounds == ["refused", "taken"]


def test_help_is_called_with_the_place(on: Round) -> None:
    on.walk.call("panic")
    (said,) = on.said
    assert isinstance(said, Sos)
    assert (said.button, said.position) == ("panic", HERE)
    assert on.sounds == ["called"]


def test_pressed_again_in_need_it_is_the_same_call_made_once_more(on: Round) -> None:
    for _ in range(3):
        on.walk.call("panic")
        on.now += 20.0
    on.walk.call("medical")
    on.now += 61.0
    on.walk.call("panic")
    calls = [body.call for body in on.said if isinstance(body, Sos)]
    assert len(calls) == 5
    assert len(set(calls)) == 3
    assert len(set(calls[:3])) == 1


def test_whoever_presses_on_and_on_calls_anew_a_minute_after_the_first_press(on: Round) -> None:
    for _ in range(4):
        on.walk.call("panic")
        on.now += 30.0
    calls = [body.call for body in on.said if isinstance(body, Sos)]
    assert len(set(calls[:3])) == 1
    assert calls[3] != calls[0]


@pytest.mark.parametrize(("holds", "sound"), [(True, "called"), (False, "refused")])
def test_a_call_that_no_disk_takes_is_called_only_if_it_is_held(on: Round, holds: bool, sound: str) -> None:
    on.full, on.holds = True, holds
    on.walk.call("panic")
    assert on.sounds == [sound]
