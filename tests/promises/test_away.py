"""Hub or broker are gone for long and come back: what was promised arrives, alarms before the rest."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.commits import Commits
from tests.promises.market import wait_for
from tests.promises.verdict import judge

if TYPE_CHECKING:
    from tests.promises.market import Device, Market

AWAY = 2.0
"""Stands for an hour: `AGAIN` stands for its half minute."""
AGAIN = 1.0
EACH_SECOND = 100.0


def one_more(market: Market, **what: object) -> Device:
    """The device's next talk, after its last one was received."""
    market.devices.clear()
    return market.device("edge-west", **what)


def arrived(market: Market, at_least: int) -> None:
    verdict = judge(market.database, market.devices)
    assert verdict.promised >= at_least
    assert (verdict.lost, verdict.doubled, verdict.dead) == (0, 0, 0)
    assert (verdict.duplicate_cases, verdict.told_twice) == (0, 0)


def test_the_hub_is_away_and_the_broker_takes_what_it_likes(market: Market) -> None:
    device = one_more(market, each_second=EACH_SECOND, again=AGAIN)
    device.process.start()
    wait_for("it is heard", lambda: len(device.promised()) > (device.queued or 0) + 20, 20)
    market.hub.hold()
    time.sleep(AWAY)
    assert (device.queued or 0) > AWAY * EACH_SECOND / 2, "nobody receipts while the hub is away"
    market.hub.let_go()
    wait_for("the hub serves again", lambda: market.answers, 30)
    market.quiet()
    market.drained(30)
    arrived(market, int(AWAY * EACH_SECOND))


def test_the_broker_is_away_again_and_again(market: Market) -> None:
    device = one_more(market, each_second=EACH_SECOND, again=AGAIN)
    device.process.start()
    until = time.monotonic() + AWAY
    kills = 0
    while time.monotonic() < until:
        kills += market.kill_broker()
        time.sleep(0.05)
    market.quiet()
    market.drained(40)
    assert kills >= 2
    arrived(market, int(AWAY * EACH_SECOND / 2))


def test_a_call_for_help_overtakes_what_has_piled_up(market: Market) -> None:
    pile = one_more(market, talk="mixed", each_second=0.0, most=2000, threads=8, speaks=False)
    pile.process.start()
    wait_for("everything is promised", lambda: pile.process.over, 30)
    device = one_more(market, talk="panic", each_second=5.0, threads=1)
    with Commits(market.database, Path(device.spec.promised)) as calls:
        device.process.start()
        wait_for("the first call is there", lambda: calls.seen, 20, every=0.01)
        assert (device.queued or 2000) > 500, "it is there long before the pile"
        wait_for("the pile is there", lambda: (device.queued or 2000) < 10, 30)
        market.quiet()
        market.drained(20)
    waits = sorted(calls.seen[call] - at for call, at in calls.promised.items() if call in calls.seen)
    assert waits[len(waits) // 2] <= 1.0
    arrived(market, 2000)
