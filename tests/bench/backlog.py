"""`python -m tests.bench.backlog`: an edge that was alone for long comes back with 100,000 messages.

They drain while somebody presses the panic button four times a second: the calls overtake all of them. The
backlog is eight scans to two events of twenty zones, promised by a real outbox before it connects.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from hub.store.alert import AlertEvent
from hub.store.base import engine, readings
from tests.bench.report import report
from tests.bench.screen import screen
from tests.promises.market import Market, wait_for
from tests.promises.verdict import judge

if TYPE_CHECKING:
    from tests.promises.market import Device

MESSAGES = 100_000
CALLS_A_SECOND = 4.0
LOOK_SECONDS = 0.01
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


class Commits:
    """Notes when the hub's database holds each call for help, by asking it a hundred times a second."""

    def __init__(self, url: str, device: Device) -> None:
        self.promised: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.alerts: dict[str, str] = {}
        self._engine, self._device = engine(url), device
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(5)
        self._engine.dispose()

    def _run(self) -> None:
        with self._device.spec.promised.open(encoding="ascii") as file:
            file.seek(0, 2)
            while not self._over.wait(LOOK_SECONDS):
                for line in file:
                    _, call, _, _, _, at = line.split()
                    self.promised[call] = float(at)
                self._look([call for call in self.promised if call not in self.seen])

    def _look(self, calls: list[str]) -> None:
        if not calls:
            return
        with readings(self._engine)() as s:
            rows = s.execute(
                select(AlertEvent.event, AlertEvent.alert).where(AlertEvent.event.in_(calls))
            ).all()
        now = time.time()
        for call, alert in rows:
            self.seen[call], self.alerts[call] = now, alert


def fill(market: Market, messages: int) -> tuple[Device, float]:
    """Promise them without a connection; seconds that it took."""
    device = market.device("edge-west", talk="mixed", each_second=0.0, most=messages, threads=8, speaks=False)
    began = time.monotonic()
    device.process.start()
    wait_for("everything is promised", lambda: device.process.over, 600)
    market.devices.remove(device)
    return device, time.monotonic() - began


def measure(folder: Path, messages: int) -> dict[str, float]:
    """One drain on SQLite."""
    with Market(folder) as market:
        market.start()
        _, fill_s = fill(market, messages)
        device = market.device("edge-west", talk="panic", each_second=CALLS_A_SECOND, threads=1)
        device.spec.counts.unlink()
        with screen(market.url, ("listen",)) as person, closing(Commits(market.database, device)) as commits:
            commits.start()
            device.process.start()
            drain_s = wait_for("the backlog drains", lambda: (device.queued or messages) <= ALMOST_NONE, 600)
            market.quiet()
            market.drained(60)
            time.sleep(1)
        verdict = judge(market.database, market.devices)
    commit = np.array([commits.seen[call] - at for call, at in commits.promised.items()])
    told = np.array([person.told[commits.alerts[call]] - at for call, at in commits.promised.items()])
    return {
        "messages": messages,
        "fill_s": fill_s,
        "drain_s": drain_s,
        "drained_per_s": messages / drain_s,
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
