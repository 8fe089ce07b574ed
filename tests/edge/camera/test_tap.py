"""Whoever takes a camera's packets gets what can be shown, and holds up nobody."""

from __future__ import annotations

import time
from threading import Thread

from edge.camera.ring import Film, Packet
from edge.camera.tap import Taps

FILM = Film("h264", 64, 64)


def packet(number: int, *, key: bool = False, size: int = 100) -> Packet:
    return Packet(bytes(size), number / 10, key, FILM)


def test_a_tap_begins_with_a_keyframe() -> None:
    taps = Taps()
    tap = taps.open()
    for number in range(5):
        taps.push(packet(number, key=number == 2))
    assert [one.at for one in tap.take(0)] == [0.2, 0.3, 0.4]
    assert tap.dropped == 0, "nobody was too slow"


def test_who_looks_in_at_once_gets_the_group_that_is_going_on() -> None:
    taps = Taps()
    for number in range(5):
        taps.push(packet(number, key=number in {0, 3}))
    tap, patient = taps.open(at_once=True), taps.open()
    taps.push(packet(5))
    assert [one.at for one in tap.take(0)] == [0.3, 0.4, 0.5]
    assert patient.take(0) == ()


def test_a_slow_taker_loses_up_to_the_next_keyframe_and_is_told_how_much() -> None:
    taps = Taps()
    slow, quick = taps.open(most=350), taps.open()
    for number in range(8):
        taps.push(packet(number, key=number in {0, 6}))
    assert [one.at for one in slow.take(0)] == [0.6, 0.7]
    assert slow.dropped == 6
    assert len(quick.take(0)) == 8
    assert quick.dropped == 0


def test_a_taker_waits_for_what_comes_and_no_longer() -> None:
    taps = Taps()
    tap = taps.open()
    began = time.monotonic()
    assert tap.take(0.05) == ()
    assert time.monotonic() - began >= 0.05
    Thread(target=taps.push, args=(packet(0, key=True),)).start()
    assert len(tap.take(10.0)) == 1


def test_closing_wakes_the_taker_and_nothing_is_kept_for_it() -> None:
    taps = Taps()
    tap = taps.open()
    assert taps
    waiting = Thread(target=tap.take, args=(60.0,))
    waiting.start()
    tap.close()
    waiting.join(10.0)
    assert not waiting.is_alive()
    taps.push(packet(0, key=True))
    assert tap.take(0) == ()
    assert not taps
