"""`python -m tests.bench.alert_path`: how long an alert takes until a person has it on the screen.

`frame_to_screen`: from handing a frame of real footage to the edge until the alert that it raised stands in
the page. `hub_to_screen`: from the hub's receipt of a message until what it changed stands there, while a
device tells 50 events a second; `told_to_screen` is the same from the device's own promise. Edge, broker, hub
and Chromium are real; only the camera is the benchmark's own.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from edge.agent import Agent, load_detector
from edge.config import CameraConfig, DetectorConfig, EdgeConfig, HubConfig
from edge.envelope import lane, seal
from edge.link import Link
from edge.outbox import Outbox
from hub.store.alert import AlarmRecord, AlertEvent
from hub.store.base import engine, readings
from hub.store.evidence import Line
from tests.bench.film import FPS, FilmEye, cells
from tests.bench.footage import NO_CLIP, ROOT, VTEST
from tests.bench.report import report, skip
from tests.bench.wall import cannot_look, chromium, wall
from tests.edge.market import wait_for
from wire.message import Beat, Box, Event, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playwright.sync_api import Browser

    from tests.bench.wall import Shown, Wall

MODEL = ROOT / "models" / "nanodet_g" / "int8_352x288.onnx"
DEVICE = "edge-west"
BEGINS = {"c-2-01": 0.0, "c-1-08": 30.0}
"""Camera → second of the clip at which it begins."""
WATCH_SECONDS = 60.0
ZONES = 50
"""Each with one open event that is told again every second."""
TELL_SECONDS = 25
LAST_SECONDS = 3.0
"""So long the last change may take to appear."""
TARGETS = {
    "frame_to_screen_p99_ms": "<= 1000",
    "raised": ">= 100",
    "hub_to_screen_p99_ms": "<= 150",
    "events_per_s": ">= 49",
    "unseen": "== 0",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One message's way to the screen, seconds of UNIX epoch."""

    phase: str
    told: float
    """Its frame was handed over, or its device told it."""
    received: float
    shown: float
    """When its change stood in the page, or a later one of the same alert; not a number if never."""


def watch(browser: Browser) -> list[Way]:
    """Two cameras that a real edge watches; the ways of what their frames raised."""
    with wall(browser) as open_wall, ExitStack() as stack:
        zones = tuple(cells(6, 4))
        told = config(open_wall, *(CameraConfig(id=name, url=0, fps=FPS, zones=zones) for name in BEGINS))
        key = open_wall.key_file(DEVICE).read_text().strip()
        detector = load_detector(told.detector)
        agent = Agent(told, key, detector, open_eye=lambda camera, _: FilmEye(camera.id, BEGINS[camera.id]))
        stack.callback(agent.stop)
        agent.start()
        looking = Thread(target=agent.run)
        looking.start()
        open_wall.page.wait_for_timeout(WATCH_SECONDS * 1e3)
        agent.end()
        looking.join()
        open_wall.page.wait_for_timeout(LAST_SECONDS * 1e3)
        return [way for way in ways(open_wall) if way.phase == "new"]


def tell(browser: Browser) -> list[Way]:
    """One device that tells 50 events a second; their ways."""
    with wall(browser) as open_wall, ExitStack() as stack:
        told = config(open_wall, CameraConfig(id="c-2-01", url=0))
        Path(told.data).mkdir()
        outbox = Outbox(Path(told.data) / "outbox.sqlite")
        stack.callback(outbox.close)
        key = open_wall.key_file(DEVICE).read_text().strip()
        link = Link(told, key, outbox, lambda: Beat(0, 0, 0, 0))
        stack.callback(link.stop)
        link.start()
        wait_for(lambda: link.connected)
        telling = Thread(target=speak, args=(outbox, link))
        telling.start()
        while telling.is_alive():
            open_wall.page.wait_for_timeout(100)
        open_wall.page.wait_for_timeout(LAST_SECONDS * 1e3)
        return ways(open_wall)


def config(open_wall: Wall, *cameras: CameraConfig) -> EdgeConfig:
    ready = open_wall.hub.ready
    return EdgeConfig(
        device=DEVICE,
        market="yunda",
        hub=HubConfig(ready["mqtt"], ready["url"], str(open_wall.key_file(DEVICE))),
        data=str(open_wall.folder / "edge"),
        detector=DetectorConfig(model=str(MODEL)),
        cameras=cameras,
    )


def speak(outbox: Outbox, link: Link) -> None:
    """Open an event in every zone, then tell each again every second."""
    events = [new_id() for _ in range(ZONES)]
    began, start = datetime.now(UTC), time.monotonic()
    for number in range(ZONES * TELL_SECONDS):
        time.sleep(max(0.0, start + number / ZONES - time.monotonic()))
        event = Event(
            event=events[number % ZONES],
            phase="new" if number < ZONES else "update",
            kind="intrusion",
            camera="c-2-01",
            began=began,
            at=datetime.now(UTC),
            score=0.9,
            zone=f"zone-{number % ZONES}",
            boxes=(Box(320, 120, 64, 240, "person", 0.9),),
            picture=(768, 576),
            count=1,
            seconds=number / ZONES,
        )
        outbox.put(seal(DEVICE, outbox.epoch, event), lane(event))
        link.wake()


def ways(open_wall: Wall) -> list[Way]:
    """The way of every event message; the ledger says which version of which alert it made."""
    shown = open_wall.shown()
    made = (Line.alert == AlertEvent.alert) & (Line.at == AlarmRecord.received_at)
    query = (
        select(AlarmRecord.phase, AlarmRecord.at, AlarmRecord.received_at, Line.alert, Line.public)
        .join(AlertEvent, AlertEvent.event == AlarmRecord.event)
        .join(Line, made)
        .where(Line.act.in_(("alert.new", "alert.update", "alert.raise")))
        .order_by(AlarmRecord.at)
    )
    on = engine(f"sqlite:///{open_wall.database}")
    with readings(on)() as session:
        rows = session.execute(query).all()
    on.dispose()
    return [
        Way(phase, at.timestamp(), received.timestamp(), stood(shown, alert or "", public["version"]))
        for phase, at, received, alert, public in rows
    ]


def stood(shown: Shown, alert: str, version: int) -> float:
    """When this version of the alert, or a later one, first stood in the page."""
    return min((at for number, at in shown.get(alert, ()) if number >= version), default=float("nan"))


def spread(name: str, seconds: Iterable[float]) -> dict[str, float]:
    """Median and 99th percentile in milliseconds of what was seen at all."""
    middle, most = np.nanpercentile([1e3 * each for each in seconds], [50, 99])
    return {f"{name}_p50_ms": float(middle), f"{name}_p99_ms": float(most)}


def figures(watched: Sequence[Way], flood: Sequence[Way]) -> dict[str, float]:
    """All that is reported."""
    return {
        **spread("frame_to_screen", (way.shown - way.told for way in watched)),
        "raised": len(watched),
        **spread("hub_to_screen", (way.shown - way.received for way in flood)),
        **spread("told_to_screen", (way.shown - way.told for way in flood)),
        "events": len(flood),
        "events_per_s": (len(flood) - 1) / (flood[-1].told - flood[0].told),
        "unseen": sum(isnan(way.shown) for way in (*watched, *flood)),
    }


def missing() -> str:
    """What this benchmark needs and has not, as a sentence; empty if nothing."""
    if not VTEST.exists():
        return NO_CLIP
    if not MODEL.exists():
        return "the detector is not built here: run `python3 -m launch setup` once"
    return cannot_look()


def main() -> bool:
    if sentence := missing():
        return skip("alert_path", sentence)
    print(f"alert_path: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before it began")
    with chromium() as browser:
        return report("alert_path", figures(watch(browser), tell(browser)), TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
