"""Help is called by holding the key, once each time, and never by brushing against it."""

from __future__ import annotations

import pytest

from edge.patrol.panic import Panic

KEY = "KEY_F12"


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def panic(calls: list[str]) -> Panic:
    return Panic(KEY, 1.0, lambda: calls.append("help"))


def test_held_for_a_second_it_calls_once_however_long_it_is_held(panic: Panic, calls: list[str]) -> None:
    panic.press((KEY,), True, 10.0)
    for number in range(100):
        panic.tick(10.0 + number / 10)
    assert calls == ["help"]


def test_let_go_sooner_nothing_was_meant(panic: Panic, calls: list[str]) -> None:
    panic.press((KEY,), True, 10.0)
    panic.tick(10.5)
    panic.press((KEY,), False, 10.9)
    panic.tick(20.0)
    assert calls == []


def test_a_machine_that_was_busy_meanwhile_still_counts_the_second(panic: Panic, calls: list[str]) -> None:
    panic.press((KEY,), True, 10.0)
    panic.press((KEY,), False, 11.2)
    assert calls == ["help"]


def test_held_again_it_calls_again(panic: Panic, calls: list[str]) -> None:
    for begin in (10.0, 20.0):
        panic.press((KEY,), True, begin)
        panic.tick(begin + 1.0)
        panic.press((KEY,), False, begin + 1.1)
    assert calls == ["help", "help"]


def test_any_other_key_calls_nobody(panic: Panic, calls: list[str]) -> None:
    panic.press(("KEY_F11",), True, 10.0)
    panic.tick(20.0)
    assert calls == []


def test_a_keyboard_that_is_pulled_out_while_the_key_is_down_calls_nobody(
    panic: Panic, calls: list[str]
) -> None:
    panic.press((KEY,), True, 10.0)
    panic.lost()
    panic.tick(20.0)
    assert calls == []


def test_told_to_wait_for_nothing_it_calls_at_once(calls: list[str]) -> None:
    Panic(KEY, 0.0, lambda: calls.append("help")).press((KEY,), True, 10.0)
    assert calls == ["help"]
