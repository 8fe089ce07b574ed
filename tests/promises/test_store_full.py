"""The broker's store is full because nobody takes anything out: it refuses, and refuses nothing for good."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.hub.gear.listener import Listener
from tests.promises.market import Market, wait_for
from tests.promises.verdict import judge

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
STORE_MB = 8
JUNK = b"x" * 50_000
TRIES = 200
"""Together more than the store takes."""
MUCH = 300


def test_a_full_store_costs_no_promise(tmp_path: Path) -> None:
    with Market(tmp_path, LIANFANG_BROKER_STORE_MB=str(STORE_MB)) as market:
        market.start()
        market.hub.hold()
        market.hub.let_go()  # the first start makes the store, the second one gives it its limit
        wait_for("the hub serves again", lambda: market.answers, 60)
        device = market.device("edge-west", each_second=50.0, again=2.0)
        device.process.start()
        wait_for("it is heard", lambda: len(device.promised()) > (device.queued or 0) + 20, 60)
        market.hub.hold()
        refused = filled(market)
        assert refused > 0, "the store has a limit"
        wait_for("much waits", lambda: (device.queued or 0) > MUCH, 60)
        market.hub.let_go()
        wait_for("the hub serves again", lambda: market.answers, 60)
        market.quiet()
        market.drained(120)
        verdict = judge(market.database, market.devices)
    assert verdict.promised > MUCH
    assert (verdict.lost, verdict.doubled, verdict.told_twice) == (0, 0, 0)


def filled(market: Market) -> int:
    """Say junk until the broker takes no more of it; how much it did not take."""
    key = (market.data / "keys" / "edge-east.key").read_text(encoding="ascii").strip()
    east = Listener(market.mqtt_port, "edge-east", key)
    said = [east.client.publish("lf/v1/yunda/edge-east/event", JUNK, 1) for _ in range(TRIES)]
    until = time.monotonic() + 10
    while time.monotonic() < until and not all(one.is_published() for one in said):
        time.sleep(0.1)
    east.leave()
    return sum(not one.is_published() for one in said)
