"""Three brokers of which two are enough, two workers of which one is, and devices that promise meanwhile."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import httpx2
from sqlalchemy import select

from hub.app import Hub
from hub.config import Settings
from hub.store.alert import AlarmRecord
from hub.store.base import engine, readings
from hub.store.device import ScanRecord
from tests.promises.brokers import HUB_PASSWORD, SERVERS, Brokers, Way
from tests.promises.lasting import Lasting
from tests.promises.market import DEVICES, START_SECONDS, Device, free_port, wait_for
from tests.promises.promiser import Spec
from tests.promises.verdict import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from tests.promises.postgres import Postgres

WORKERS = 2
EACH_SECOND = 80.0
"""Promises of each device."""
DRAIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures of one run."""

    verdict: Verdict
    published: int
    """By the devices, repeated ones counted each time."""
    acknowledged: int
    """By the brokers (PUBACK)."""
    committed: int
    """Facts that the hub holds."""
    gaps: dict[str, float]
    """What was killed → the longest time without a commit from then on, in seconds."""
    late: list[float]
    """Seconds from each promise to its commit, in order."""
    drain_s: float
    seconds: float

    def line(self) -> str:
        """As JSON."""
        told = {
            "servers": SERVERS,
            "workers": WORKERS,
            "seconds": round(self.seconds, 1),
            "promised": self.verdict.promised,
            "published": self.published,
            "pubacked": self.acknowledged,
            "committed": self.committed,
            "missing": self.verdict.lost,
            "doubled": self.verdict.doubled,
            "duplicate_cases": self.verdict.duplicate_cases + self.verdict.told_twice,
            "gap_s": {what: round(gap, 2) for what, gap in self.gaps.items()},
            "late_s": {f"p{share}": round(_share(self.late, share), 2) for share in (50, 99, 100)},
            "drain_s": round(self.drain_s, 2),
        }
        return json.dumps({"cluster": told})


class Cluster:
    """All of it below `folder`, until the end of the block."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.folder, self.url = folder, postgres.url
        settings = Settings(data=folder / "data", database=self.url, demo=True)
        hub = Hub(settings)
        hub.prepare()
        hub.stop()
        keys = {name: (folder / "data" / "keys" / f"{name}.key").read_text().strip() for name in DEVICES}
        self.brokers = Brokers(folder, keys)
        self.way = Way([one.mqtt for one in self.brokers.ports])
        self._ports = [free_port() for _ in range(WORKERS)]
        self.workers = [self._worker(number, port) for number, port in enumerate(self._ports, 1)]
        self.devices = [self._device(name) for name in DEVICES]

    def _worker(self, number: int, port: int) -> Lasting:
        argv = [sys.executable, "-m", "hub", "ingest", "--data", str(self.folder / "data")]
        argv += ["--port", str(port), "--database", self.url]
        environment = {
            "LIANFANG_GEAR": "jetstream",
            "LIANFANG_STREAM_REPLICAS": "3",
            "LIANFANG_BROKER": f"mqtt://127.0.0.1:{self.way.port},{self.brokers.urls}",
            "LIANFANG_BROKER_PASSWORD": HUB_PASSWORD,
        }
        return Lasting(argv, self.folder / f"ingest-{number}.log", environment=environment)

    def _device(self, name: str) -> Device:
        key, own = self.folder / "data" / "keys" / f"{name}.key", self.folder / name
        spec = Spec(
            name,
            DEVICES[name],
            f"mqtt://127.0.0.1:{self.way.port}",
            str(key),
            str(own),
            talk="mixed",
            each_second=EACH_SECOND,
            again=5.0,
        )
        return Device(spec)

    def start(self) -> None:
        """Until both workers take messages, and devices promise."""
        self.brokers.start()
        for worker in self.workers:
            worker.start()
        try:
            wait_for("both workers take messages", lambda: all(map(_ready, self._ports)), START_SECONDS)
        except AssertionError as error:
            error.add_note("\n".join(worker.words() for worker in self.workers))
            raise
        for device in self.devices:
            device.process.start()
        wait_for("what they promise is committed", lambda: len(self.held()) > 50, START_SECONDS)

    def run(self, calm: float) -> Outcome:
        """Kill the leader, then a worker, `calm` seconds after each; end when everything is receipted."""
        began = time.time()
        time.sleep(calm / 2)
        leader = self.brokers.leader()
        assert leader is not None
        killed = {"leader": time.time()}
        self.brokers.servers[leader].hold()
        time.sleep(calm)
        killed["worker"] = time.time()
        self.workers[0].hold()
        time.sleep(calm / 2)
        self.brokers.servers[leader].let_go()
        time.sleep(calm / 2)
        until = time.time()
        for device in self.devices:
            device.quiet()
        drain = self._drained()
        held = self.held()
        commits = sorted(held.values())
        edges = [*killed.values(), until]
        gaps = {what: _gap(commits, *edges[n : n + 2]) for n, what in enumerate(killed)}
        told = [_figures(device) for device in self.devices]
        published, acknowledged = (sum(column) for column in zip(*told, strict=True))
        verdict = judge(self.url, self.devices)
        late = sorted(
            held[one] - float(words[5])
            for device in self.devices
            for words in device.promised()
            if (one := words[1] if words[0] == "scan" else words[2]) in held
        )
        return Outcome(verdict, published, acknowledged, len(commits), gaps, late, drain, time.time() - began)

    def held(self) -> dict[str, float]:
        """Each fact that the hub holds, and when it was committed, in seconds of UNIX epoch."""
        on = engine(self.url)
        facts = (
            select(AlarmRecord.id, AlarmRecord.received_at),
            select(ScanRecord.checkpoint, ScanRecord.received_at),
        )
        try:
            with readings(on)() as s:
                return {name: at.timestamp() for query in facts for name, at in s.execute(query)}
        finally:
            on.dispose()

    def _drained(self) -> float:
        try:
            return wait_for(
                "every promise is receipted",
                lambda: all(device.process.over for device in self.devices),
                DRAIN_SECONDS,
            )
        except AssertionError as error:
            error.add_note(f"still waiting: {[device.queued for device in self.devices]}")
            error.add_note(
                "\n".join(one.words() for one in (*self.workers, *(d.process for d in self.devices)))
            )
            raise

    def end(self) -> None:
        """Nothing of it runs any more."""
        for process in (*(device.process for device in self.devices), *self.workers, *self.brokers.servers):
            process.end()
        self.way.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end()


def _ready(port: int) -> bool:
    with suppress(httpx2.HTTPError):
        return httpx2.get(f"http://127.0.0.1:{port}/api/health", timeout=2).status_code == 200
    return False


def _gap(commits: Sequence[float], since: float, until: float) -> float:
    """The longest time without a commit between two moments."""
    edges = [since, *(at for at in commits if since <= at <= until), until]
    return max(later - earlier for earlier, later in pairwise(edges))


def _share(ordered: Sequence[float], share: int) -> float:
    """The value that `share` per cent do not exceed."""
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def _figures(device: Device) -> tuple[int, int]:
    """Published and acknowledged."""
    published, acknowledged = device.spec.figures.read_text(encoding="ascii").split()
    return int(published), int(acknowledged)
