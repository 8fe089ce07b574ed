"""`python -m tests.bench.login`: what a flood of log-ins does to the alarms.

A real hub with its real broker; a device tells events at a steady rate and notes, for each, how long its
receipt took, which the hub sends when the event is committed. Quiet rounds and rounds under 200 log-ins a
second take turns; each is held against the quiet one just before it, which had the same neighbours on this
machine, and the median of these ratios counts.
Right and wrong passwords come from many addresses and by many names; most are to be refused before a hash.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from select import select
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from hub.demo.load import MARKET
from hub.demo.people import everybody
from tests.bench import raw
from tests.bench.effort import spent
from tests.bench.report import report
from tests.promises import talk
from tests.promises.market import DEVICES, Market
from wire import message
from wire.message import Clock, Envelope, new_id
from wire.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

DEVICE = "edge-west"
EVENTS_PER_SECOND = 50.0
LOGINS_PER_SECOND = 200.0
SECONDS = 5.0
ROUNDS = 7
ZONES = 40
ADDRESSES = 307
PATIENCE = 30.0
"""Seconds for the last receipts."""
TARGETS = {
    "ingest_p99_ratio": "<= 1.5",
    "worst_p99_ms": "<= 1000",
    "logins_per_s": ">= 190",
    "refused_early": ">= 0.5",
    "unreceipted": "== 0",
    "unanswered": "== 0",
    "faults": "== 0",
}


class Teller:
    """A device that tells events one by one and notes when each was receipted."""

    def __init__(self, market: Market) -> None:
        key = (market.data / "keys" / f"{DEVICE}.key").read_text(encoding="ascii").strip()
        self._wire = raw.Wire(market.mqtt_port, DEVICE, DEVICE, key)
        self._wire.subscribe([str(Topic(MARKET, DEVICE, "receipt"))], 0)
        self._events = talk.crowded(DEVICES[DEVICE], ZONES)
        self._epoch, self._seq = new_id(), 0
        self._told: dict[int, float] = {}
        self._took: list[float] = []

    def tell(self, seconds: float) -> list[float]:
        """Seconds from telling to receipt of every event of a round; those without one are missing."""
        self._took = []
        count, began = int(seconds * EVENTS_PER_SECOND), time.monotonic()
        for number in range(count):
            self._listen(began + number / EVENTS_PER_SECOND)
            self._tell_one()
        until = time.monotonic() + PATIENCE
        while self._told and time.monotonic() < until:
            self._listen(time.monotonic() + 0.1)
        return self._took

    def _tell_one(self) -> None:
        self._seq += 1
        body, now = next(self._events), datetime.now(UTC)
        said = Envelope(
            "1.0", new_id(), DEVICE, self._epoch, now, self._seq, Clock("ntp"), "p1", body, self._seq
        )
        packet = raw.publish(str(Topic(MARKET, DEVICE, "event")), message.encode(said), self._seq)
        self._told[self._seq] = time.monotonic()
        self._wire.socket.sendall(packet)

    def _listen(self, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            if not select([self._wire.socket], [], [], left)[0]:
                return
            for first, body in self._wire.read():
                if first & 0xF0 == raw.PUBLISH:
                    self._note(raw.said(body, (first >> 1) & 3)[2])

    def _note(self, receipt: bytes) -> None:
        now = time.monotonic()
        for one in message.decode_receipt(receipt).ranges:
            for seq in range(one.first, one.last + 1):
                told = self._told.pop(seq, None)
                if told is not None:
                    self._took.append(now - told)


@contextmanager
def flood(market: Market, seconds: float) -> Iterator[dict[str, Any]]:
    """So many log-ins a second during the block; what came of them is in the value afterwards."""
    plan = {
        "port": market.port,
        "each_second": LOGINS_PER_SECOND,
        "seconds": seconds,
        "addresses": ADDRESSES,
        "right": [(one.login, one.password) for one in everybody() if one.login],
    }
    child = subprocess.Popen(
        [sys.executable, "-c", "from tests.bench.knock import main; main()", json.dumps(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    child.stdin.write("go\n")
    child.stdin.flush()
    told: dict[str, Any] = {}
    yield told
    told |= json.loads(child.communicate()[0])


def measure(folder: Path, seconds: float, rounds: int) -> dict[str, float]:
    """Quiet and flooded rounds in turn on one hub."""
    quiet, flooded, lost = [], [], 0
    cpu = {"quiet": 0.0, "flood": 0.0}
    statuses: Counter[str] = Counter()
    rates, slowest = [], 0.0
    whole = int(seconds * EVENTS_PER_SECOND)
    with Market(folder) as market:
        market.start()
        teller = Teller(market)
        teller.tell(seconds / 2)
        for _ in range(rounds):
            before = spent(market.hub.pid)
            took = teller.tell(seconds)
            quiet.append(p99_ms(took))
            between = spent(market.hub.pid)
            with flood(market, seconds) as told:
                under = teller.tell(seconds)
            cpu["quiet"] += between - before
            cpu["flood"] += spent(market.hub.pid) - between
            flooded.append(p99_ms(under))
            lost += 2 * whole - len(took) - len(under)
            statuses.update(told["statuses"])
            rates.append(sum(told["statuses"].values()) / told["seconds"])
            slowest = max(slowest, told["slowest"])
    print(f"  p99 of quiet rounds {shown(quiet)} ms, of flooded ones {shown(flooded)} ms")
    tried = sum(statuses.values())
    return {
        "quiet_p99_ms": median(quiet),
        "flood_p99_ms": median(flooded),
        "ingest_p99_ratio": median(under / still for under, still in zip(flooded, quiet, strict=True)),
        "worst_p99_ms": max(flooded),
        **{f"{name}_hub_cores": used / (rounds * seconds) for name, used in cpu.items()},
        "logins_per_s": max(rates),
        "tried": tried,
        "signed_in": statuses["200"],
        "wrong": statuses["401"],
        "refused_early": statuses["429"] / tried,
        "unanswered": statuses["0"],
        "faults": sum(count for status, count in statuses.items() if status.startswith("5")),
        "slowest_answer_s": slowest,
        "unreceipted": lost,
    }


def p99_ms(took: list[float]) -> float:
    """The 99th percentile in milliseconds."""
    return float(np.percentile(np.array(took or [np.inf]), 99) * 1e3)


def shown(figures: list[float]) -> str:
    """Rounded, with commas."""
    return ", ".join(f"{one:.0f}" for one in figures)


def main() -> bool:
    """Whether every target is kept."""
    words = argparse.ArgumentParser(prog="python -m tests.bench.login")
    words.add_argument("--seconds", type=float, default=SECONDS)
    words.add_argument("--rounds", type=int, default=ROUNDS)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), given.seconds, given.rounds)
    return report("login", {"seconds": given.seconds, "rounds": given.rounds, **figures}, TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
