from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from edge import envelope
from edge.clock import Wall, kernel, moment
from edge.outbox import Outbox
from tests.wire.samples import EVENT
from wire.message import Clock, decode

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp()


@dataclass
class Hands:
    at: float

    def __call__(self) -> float:
        return self.at


def good() -> Clock:
    return Clock(source="ntp", offset_ms=1.5)


def test_this_kernel_says_how_good_its_clock_is() -> None:
    said = kernel()
    assert said.source in {"system", "ntp", "gps"}
    assert abs(said.offset_ms) < 1000


def test_a_clock_that_runs_evenly_was_never_set() -> None:
    wall, steady = Hands(NOON), Hands(50.0)
    clock = Wall(wall, steady, good)
    for _ in range(100):
        wall.at += 30.01
        steady.at += 30.0
        assert clock.look()[1] == good()
    assert clock.steps == 0


@pytest.mark.parametrize("step", [3600.0 * 12, -3600.0 * 12, 2.0, -2.0])
def test_a_clock_that_somebody_sets_is_said_once(step: float, caplog: pytest.LogCaptureFixture) -> None:
    wall, steady = Hands(NOON), Hands(50.0)
    clock = Wall(wall, steady, good)
    with caplog.at_level(logging.WARNING):
        wall.at += step
        for _ in range(3):
            clock.look()
    assert clock.steps == 1
    assert f"the wall clock was set by {step:+.1f} s" in caplog.text


def test_a_box_that_woke_in_1970_says_that_its_clock_was_never_set() -> None:
    wall, steady = Hands(12.0), Hands(12.0)
    clock = Wall(wall, steady, good)
    assert clock.look() == (datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC), Clock(source="unset"))
    wall.at = NOON
    assert clock.look()[1] == good()


@pytest.mark.parametrize(
    ("seconds", "year"), [(-1e9, 1970), (0.0, 1970), (4_070_908_800.0, 2099), (9e9, 2199), (1e300, 2199)]
)
def test_whatever_the_clock_shows_is_a_time_that_the_wire_takes(seconds: float, year: int) -> None:
    assert moment(seconds).year == year


@pytest.mark.parametrize("seconds", [-1e9, 5.0, NOON, 4_070_908_800.0, 9e9])
def test_whatever_the_clock_shows_an_alarm_is_promised(
    tmp_path: Path, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envelope, "WALL", Wall(Hands(seconds), Hands(0.0), good))
    outbox = Outbox(tmp_path / "outbox.sqlite")
    assert outbox.put(envelope.seal("edge-west", outbox.epoch, EVENT), envelope.lane(EVENT)) == 1
    (row,) = outbox.due(0.0, 1)
    outbox.close()
    assert decode(row.data).at == moment(seconds)


def test_the_order_of_what_is_said_survives_a_clock_that_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = Hands(NOON)
    monkeypatch.setattr(envelope, "WALL", Wall(wall, time.monotonic, good))
    outbox = Outbox(tmp_path / "outbox.sqlite")
    for step in (0.0, -43_200.0, 86_400.0):
        wall.at += step
        outbox.put(envelope.seal("edge-west", outbox.epoch, EVENT), envelope.lane(EVENT))
        time.sleep(0.005)
    said = [decode(row.data) for row in outbox.due(0.0, 10)]
    outbox.close()
    assert [one.seq for one in said] == [1, 2, 3]
    assert sorted(said, key=lambda one: one.mono_ms) == said
    assert sorted(said, key=lambda one: one.at) != said
