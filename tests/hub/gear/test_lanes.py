"""Whoever calls for help waits behind nobody but those who called before."""

from __future__ import annotations

import pytest

from hub.gear.lanes import Lanes
from hub.ports import Heard

ALARM = b'{"v":"1.0","prio":"p1","body":{"type":"event","event":"x","phase":"new"}}'


def test_calls_go_first_then_new_alarms_then_the_rest_each_in_its_order() -> None:
    waiting = Lanes()
    said = [("scan", b"1"), ("event", b"2"), ("event", ALARM), ("sos", b"3"), ("sos", b"4"), ("scan", b"5")]
    for kind, data in said:
        waiting.put(Heard(f"lf/v1/yunda/edge-1/{kind}", data))
    assert waiting.qsize() == len(said)
    order = [one.data for _ in said if (one := waiting.get(0.1))]
    assert order == [b"3", b"4", ALARM, b"1", b"2", b"5"]
    assert waiting.get(0.01) is None


@pytest.mark.parametrize(
    "later",
    [ALARM.replace(b"p1", b"p2"), ALARM.replace(b"new", b"update"), b"", b"\xff\xfe", b" " * 900 + ALARM],
)
def test_what_does_not_say_at_once_that_it_is_urgent_and_new_waits(later: bytes) -> None:
    waiting = Lanes()
    waiting.put(Heard("lf/v1/yunda/edge-1/event", later))
    waiting.put(Heard("lf/v1/yunda/edge-1/event", ALARM))
    first = waiting.get(0.1)
    assert first is not None
    assert first.data == ALARM
