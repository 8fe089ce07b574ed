"""Promises a second that the outbox keeps, by one thread and by eight, and what a shared commit is worth."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from edge.envelope import lane, seal
from edge.outbox import Outbox, group
from tests.bench.report import report
from tests.wire.samples import EVENT
from wire.message import Range

DEVICE = "edge-west"
THREADS, SECONDS = 8, 3.0
BACKLOG = 20_000
TARGETS = {"grouped_ratio": ">= 1.5", "put_p99_ms": "<= 50", "lost": "== 0"}


def ceiling(folder: Path) -> float:
    """Syncs a second that the disk gives to one who appends 4 KB each time."""
    handle = os.open(folder / "ceiling", os.O_CREAT | os.O_WRONLY)
    until, number = time.perf_counter() + 1.0, 0
    while time.perf_counter() < until:
        os.pwrite(handle, bytes(4096), number * 4096)
        os.fdatasync(handle)
        number += 1
    os.close(handle)
    return float(number)


def puts(folder: Path, threads: int, most: int) -> tuple[float, list[float], int]:
    """Puts a second, what each took in ms, and how many are not there afterwards."""
    outbox = Outbox(folder / "outbox.sqlite")
    group.MOST, usual = most, group.MOST
    took: list[float] = []
    until = time.perf_counter() + SECONDS

    def work() -> None:
        own = []
        while (began := time.perf_counter()) < until:
            outbox.put(seal(DEVICE, outbox.epoch, EVENT), lane(EVENT))
            own.append((time.perf_counter() - began) * 1000)
        took.extend(own)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    group.MOST = usual
    lost = len(took) - outbox.counts().queued
    outbox.close()
    (folder / "outbox.sqlite").unlink()
    return len(took) / seconds, took, lost


def drained(folder: Path) -> float:
    """Rows a second that are handed out by twenties and receipted by hundreds, from a backlog."""
    outbox = Outbox(folder / "backlog.sqlite")
    workers = [
        threading.Thread(
            target=lambda: [
                outbox.put(seal(DEVICE, outbox.epoch, EVENT), lane(EVENT)) for _ in range(BACKLOG // THREADS)
            ]
        )
        for _ in range(THREADS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    began, told = time.perf_counter(), 0
    sent: list[int] = []
    while rows := outbox.due(time.monotonic(), 16):
        sent += [row.seq for row in rows]
        if len(sent) - told >= 100:
            outbox.receipted([Range(outbox.epoch, told + 1, len(sent))])
            told = len(sent)
    seconds = time.perf_counter() - began
    outbox.close()
    return len(sent) / seconds


def main() -> bool:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="outbox-") as name:
        folder = Path(name)
        syncs = ceiling(folder)
        one, took_one, lost_one = puts(folder, 1, group.MOST)
        apart, took_apart, lost_apart = puts(folder, THREADS, 1)
        together, took, lost = puts(folder, THREADS, group.MOST)
        rate = drained(folder)
    return report(
        "outbox",
        {
            "syncs_per_s": round(syncs),
            "one_thread_per_s": round(one),
            "one_thread_p99_ms": statistics.quantiles(took_one, n=100)[98],
            "apart_per_s": round(apart),
            "apart_p99_ms": statistics.quantiles(took_apart, n=100)[98],
            "grouped_per_s": round(together),
            "put_p99_ms": statistics.quantiles(took, n=100)[98],
            "put_max_ms": max(took),
            "grouped_ratio": together / apart,
            "drained_per_s": round(rate),
            "lost": lost_one + lost_apart + lost,
        },
        TARGETS,
    )


if __name__ == "__main__":
    sys.exit(not main())
