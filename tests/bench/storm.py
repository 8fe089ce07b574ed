"""`python -m tests.bench.storm`: a thousand events a second for a minute, and a person who goes on working.

Two devices with real outboxes tell the same forty zones again and again, as rain on every lens would; a
person asks for the wall's pages meanwhile. Nothing may be lost, each zone is one alert, and the pages answer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.bench.effort import a_message, effort
from tests.bench.report import report
from tests.bench.screen import screen
from tests.promises.market import DEVICES, Market, wait_for
from tests.promises.verdict import judge

EACH_SECOND = 1000.0
DRAIN_SECONDS = 300.0
TARGETS = {
    "told_per_s": ">= 950",
    "lost": "== 0",
    "duplicate_cases": "== 0",
    "ui_p95_ms": "<= 500",
    "ui_errors": "== 0",
    "drain_s": "<= 30",
}


def measure(folder: Path, seconds: float, each_second: float) -> dict[str, float]:
    """One storm on SQLite."""
    with Market(folder) as market:
        market.start()
        share, whole = each_second / len(DEVICES), int(each_second * seconds)
        for name in DEVICES:
            most = whole // len(DEVICES)
            market.device(name, talk="crowded", each_second=share, most=most, threads=4)
        with screen(market.url) as person:
            began, idle = time.monotonic(), effort(market)
            for device in market.devices:
                device.process.start()
            wait_for("everything is told", lambda: told(market) >= whole, seconds * 3, every=1.0)
            work = a_message(idle, effort(market), seconds * each_second)
            market.quiet()
            looks = np.array(person.looks)
            drain_s = market.drained(DRAIN_SECONDS)
            whole_s = time.monotonic() - began
        verdict = judge(market.database, market.devices)
        times = [float(words[5]) for device in market.devices for words in device.promised()]
    return {
        "promised": verdict.promised,
        "told_per_s": verdict.promised / (max(times) - min(times)),
        "hub_per_s": verdict.promised / whole_s,
        **work,
        "lost": verdict.lost,
        "dead": verdict.dead,
        "alerts": verdict.alerts,
        "duplicate_cases": verdict.duplicate_cases + verdict.told_twice,
        "looks": len(looks),
        "ui_p50_ms": float(np.percentile(looks, 50) * 1e3),
        "ui_p95_ms": float(np.percentile(looks, 95) * 1e3),
        "ui_errors": person.errors,
        "drain_s": drain_s,
    }


def told(market: Market) -> int:
    """How much the devices have promised so far."""
    return sum(len(device.promised()) for device in market.devices)


def main() -> bool:
    words = argparse.ArgumentParser(prog="python -m tests.bench.storm")
    words.add_argument("--seconds", type=float, default=60.0)
    words.add_argument("--each-second", type=float, default=EACH_SECOND)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), given.seconds, given.each_second)
    return report("storm", {"seconds": given.seconds, **figures}, TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
