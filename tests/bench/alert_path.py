"""`python -m tests.bench.alert_path`: how long an alert takes until a person has it on the screen.

`frame_to_screen`: from handing a frame of real footage to the edge until the alert that it raised stands in
the page. `hub_to_screen`: from the hub's receipt of a message until what it changed stands there, while a
device tells 50 events a second; `told_to_screen` is the same from the device's own promise. Edge, broker, hub
and Chromium are real; only the camera is the benchmark's own.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from edge.agent import Agent, load_detector
from edge.config import CameraConfig
from edge.key import read_key
from hub.store.alert import AlarmRecord, AlertEvent
from hub.store.base import engine, readings
from hub.store.evidence import Line
from tests.bench.device import config, device
from tests.bench.film import FPS, FilmEye, cells
from tests.bench.report import report, skip
from tests.bench.wall import busy, chromium, missing, wall

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playwright.sync_api import Browser

    from tests.bench.wall import Shown, Wall

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
        cameras = [CameraConfig(id=name, url=0, fps=FPS, zones=zones) for name in BEGINS]
        told = config(open_wall.hub, open_wall.folder, *cameras)
        key, detector = read_key(Path(told.hub.password_file)), load_detector(told.detector)
        agent = Agent(told, key, detector, open_eye=lambda camera, _: FilmEye(camera.id, BEGINS[camera.id]))
        stack.callback(agent.stop)
        agent.start()
        looking = Thread(target=agent.turns.run)
        looking.start()
        open_wall.page.wait_for_timeout(WATCH_SECONDS * 1e3)
        agent.turns.end()
        looking.join()
        open_wall.page.wait_for_timeout(LAST_SECONDS * 1e3)
        return [way for way in ways(open_wall) if way.phase == "new"]


def tell(browser: Browser) -> list[Way]:
    """One device that tells 50 events a second; their ways."""
    with wall(browser) as open_wall, device(open_wall.hub, open_wall.folder, ZONES) as one:
        telling = Thread(target=one.flood, args=(ZONES * TELL_SECONDS, ZONES))
        telling.start()
        while telling.is_alive():
            open_wall.page.wait_for_timeout(100)
        open_wall.page.wait_for_timeout(LAST_SECONDS * 1e3)
        return ways(open_wall)


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


def main() -> bool:
    if sentence := missing():
        return skip("alert_path", sentence)
    print(f"alert_path: {busy()}")
    with chromium() as browser:
        return report("alert_path", figures(watch(browser), tell(browser)), TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
