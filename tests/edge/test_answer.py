"""A broker that hangs: its connections stay open, and nobody is answered."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from edge.envelope import lane, seal
from edge.link import Link, answer
from edge.link.answer import QUIET, WITHIN, Answer
from edge.link.link import IDLE
from tests.edge.market import DEVICE, KEY, Hub, config, wait_for
from tests.edge.way import Way
from tests.wire.samples import EVENT
from wire.message import Beat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.outbox import Outbox
    from hub.gear.broker import Broker

PULSE = 5.0
"""Seconds between two pulses of the hub."""


def test_a_hub_that_pulses_spares_the_broker_every_question() -> None:
    one = Answer()
    beats = [number * PULSE for number in range(20)]
    for at, later in pairwise(beats):
        one.heard(at)
        assert not one.is_doubtful(later)


def test_a_broker_that_says_nothing_is_asked_once_and_then_left_within_fifteen_seconds() -> None:
    one = Answer()
    assert not one.is_doubtful(1e9), "nobody has connected yet"
    one.heard(100.0)
    assert not one.is_doubtful(100.0 + QUIET - 0.1)
    assert one.is_doubtful(100.0 + QUIET)
    one.asked(100.0 + QUIET)
    assert not one.is_doubtful(100.0 + QUIET + WITHIN - 0.1)
    assert not one.is_missing(100.0 + QUIET + WITHIN - 0.1)
    assert one.is_missing(100.0 + QUIET + WITHIN)
    assert QUIET + WITHIN + 2 * IDLE <= 15.0


def test_whoever_answers_at_last_is_believed() -> None:
    one = Answer()
    one.heard(0.0)
    one.asked(QUIET)
    one.heard(QUIET + WITHIN - 0.1)
    assert not one.is_missing(QUIET + WITHIN)
    assert one.is_doubtful(2 * QUIET + WITHIN)


@pytest.fixture
def way(running: Broker) -> Iterator[Way]:
    with Way(running.port) as one:
        yield one


@pytest.fixture
def link(tmp_path: Path, way: Way, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Link]:
    monkeypatch.setattr(answer, "QUIET", QUIET / 10)
    one = Link(config(tmp_path, way.port), KEY, outbox, lambda: Beat(1.0, 1.0, 0, 0), beat_every=QUIET / 50)
    one.start()
    wait_for(lambda: one._listening)
    yield one
    one.stop()


def put(outbox: Outbox) -> None:
    outbox.put(seal(DEVICE, outbox.epoch, EVENT), lane(EVENT))


@pytest.mark.parametrize("waiting", [0, 3])
def test_a_broker_that_hangs_is_left_and_what_waited_goes_when_it_is_back(
    hub: Hub, outbox: Outbox, way: Way, link: Link, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr(answer, "WITHIN", WITHIN / 10)
    way.stand_still()
    for _ in range(waiting):
        put(outbox)
    wait_for(lambda: not link.connected)
    assert link.figures.stalls == 1
    assert hub.seqs() == []
    way.flow()
    put(outbox)
    wait_for(lambda: set(hub.seqs()) == set(range(1, waiting + 2)))


def test_a_broker_at_which_nobody_speaks_is_asked_and_kept(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    ask = Answer.asked

    def counted(self: Answer, now: float) -> None:
        asked.append(now)
        ask(self, now)

    monkeypatch.setattr(Answer, "asked", counted)
    wait_for(lambda: len(asked) >= 3)
    assert (link.connected, link.figures.connections, link.figures.stalls) == (True, 1, 0)
