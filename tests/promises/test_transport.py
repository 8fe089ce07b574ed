"""Hub or broker are gone for long, a pile drains, it rains on every lens: all of it arrives, alarms first."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bench.commits import Commits
from tests.bench.screen import screen
from tests.promises.market import wait_for
from tests.promises.verdict import judge

if TYPE_CHECKING:
    from tests.promises.market import Device, Market

AGAIN = 1.0
"""Seconds; stand for half a minute, as the time in which `MUCH` piles up stands for an hour."""
MUCH = 200
EACH_SECOND = 100.0
PILE = 2000
RAIN = 400


def one_more(market: Market, **what: object) -> Device:
    """The device's next talk, after its last one was received."""
    market.devices.clear()
    return market.device("edge-west", **what)


def waits(device: Device) -> int:
    """How much is left in its outbox; all of the pile before it has said so."""
    return PILE if device.queued is None else device.queued


def arrived(market: Market, at_least: int) -> None:
    verdict = judge(market.database, market.devices)
    assert verdict.promised >= at_least
    assert (verdict.lost, verdict.doubled, verdict.dead) == (0, 0, 0)
    assert (verdict.duplicate_cases, verdict.told_twice) == (0, 0)


@pytest.mark.long
def test_the_hub_is_away_and_the_broker_takes_what_it_likes(market: Market) -> None:
    device = one_more(market, each_second=EACH_SECOND, again=AGAIN)
    device.process.start()
    wait_for("it is heard", lambda: len(device.promised()) > (device.queued or 0) + 20, 40)
    market.hub.hold()
    time.sleep(AGAIN)
    wait_for("much waits, since nobody receipts", lambda: (device.queued or 0) > MUCH, 60)
    market.hub.let_go()
    wait_for("the hub serves again", lambda: market.answers, 60)
    market.quiet()
    market.drained(60)
    arrived(market, MUCH)


@pytest.mark.long
def test_the_broker_is_away_again_and_again(market: Market) -> None:
    device = one_more(market, each_second=EACH_SECOND, again=AGAIN)
    device.process.start()
    for _ in range(3):
        wait_for("a broker is killed", market.kill_broker, 40)
    wait_for("much was promised", lambda: len(device.promised()) > MUCH, 60)
    market.quiet()
    market.drained(60)
    arrived(market, MUCH)


def test_a_call_for_help_overtakes_what_has_piled_up(market: Market) -> None:
    pile = one_more(market, talk="mixed", each_second=0.0, most=PILE, threads=8, speaks=False)
    pile.process.start()
    wait_for("everything is promised", lambda: pile.process.over, 60)
    device = one_more(market, talk="panic", each_second=5.0, threads=1)
    device.spec.counts.unlink()
    with Commits(market.database, Path(device.spec.promised)) as calls:
        device.process.start()
        wait_for("the first call is there", lambda: calls.seen, 40, every=0.01)
        assert waits(device) > 500, "it is there long before the pile"
        wait_for("the pile is there", lambda: waits(device) < 10, 60)
        made, there = len(calls.promised), len(calls.seen)
        assert there > made / 2, "none of them waits for the pile, and few are on their way"
        market.quiet()
        market.drained(60)
        wait_for("every call is there", lambda: len(calls.seen) == len(calls.promised), 60)
    arrived(market, PILE)


@pytest.mark.long
def test_rain_on_every_lens_is_one_alert_a_zone_and_the_pages_answer(market: Market) -> None:
    one_more(market, talk="crowded", each_second=0.0, most=RAIN, threads=4)
    market.device("edge-east", talk="crowded", each_second=0.0, most=RAIN, threads=4)
    with screen(market.url, ("look",)) as person:
        for device in market.devices:
            device.process.start()
        wait_for("all of it is told", lambda: all(len(d.promised()) >= RAIN for d in market.devices), 60)
        market.quiet()
        market.drained(60)
    arrived(market, 2 * RAIN)
    assert (len(person.looks) > 3, person.errors) == (True, 0)
