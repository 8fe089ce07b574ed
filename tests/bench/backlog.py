"""`python -m tests.bench.backlog`: an edge that was alone for long comes back with 100,000 messages.

They drain while somebody presses the panic button four times a second: the calls overtake all of them. The
backlog is eight scans to two events of twenty zones, promised by a real outbox before it connects.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.commits import Commits
from tests.bench.effort import a_message, effort
from tests.bench.report import report
from tests.bench.screen import screen
from tests.promises.market import Market, wait_for
from tests.promises.verdict import judge

if TYPE_CHECKING:
    from tests.promises.market import Device

MESSAGES = 100_000
CALLS_A_SECOND = 4.0
ALMOST_NONE = 10
"""So few wait at an edge that keeps up with its calls."""
TARGETS = {
    "drain_s": "<= 60",
    "lost": "== 0",
    "duplicate_cases": "== 0",
    "calls": ">= 50",
    "panic_p99_s": "<= 1",
    "panic_told_p99_s": "<= 1.5",
}


def fill(market: Market, messages: int) -> float:
    """Promise them without a connection; seconds that it took."""
    device = market.device("edge-west", talk="mixed", each_second=0.0, most=messages, threads=8, speaks=False)
    device.process.start()
    took = wait_for("everything is promised", lambda: device.process.over, 600)
    market.devices.remove(device)
    return took


def waits(device: Device, messages: int) -> int:
    """What is left in its outbox; all of it before it has said so."""
    return messages if device.queued is None else device.queued


def measure(folder: Path, messages: int) -> dict[str, float]:
    """One drain on SQLite."""
    with Market(folder) as market:
        market.start()
        fill_s = fill(market, messages)
        device = market.device("edge-west", talk="panic", each_second=CALLS_A_SECOND, threads=1)
        device.spec.counts.unlink()
        commits, idle = Commits(market.database, device.spec.promised), effort(market)
        with screen(market.url, ("listen",)) as person, commits:
            device.process.start()
            drain_s = wait_for("the backlog drains", lambda: waits(device, messages) <= ALMOST_NONE, 600)
            work = a_message(idle, effort(market), messages)
            market.quiet()
            market.drained(60)
            time.sleep(1)
        verdict = judge(market.database, market.devices)
    commit = [commits.seen[call] - at for call, at in commits.promised.items()]
    told = [person.told[commits.alerts[call]] - at for call, at in commits.promised.items()]
    return {
        "messages": messages,
        "fill_s": fill_s,
        "drain_s": drain_s,
        "drained_per_s": messages / drain_s,
        **work,
        "promised": verdict.promised,
        "lost": verdict.lost,
        "dead": verdict.dead,
        "duplicate_cases": verdict.duplicate_cases + verdict.told_twice,
        "calls": len(commit),
        "panic_p50_s": float(np.percentile(commit, 50)),
        "panic_p99_s": float(np.percentile(commit, 99)),
        "panic_told_p99_s": float(np.percentile(told, 99)),
    }


def main() -> bool:
    words = argparse.ArgumentParser(prog="python -m tests.bench.backlog")
    words.add_argument("--messages", type=int, default=MESSAGES)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return report("backlog", measure(Path(folder), given.messages), TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
