"""`python -m tests.bench.live`: how long a live picture takes from the hub to the screen, 9 and 16 at once.

RTSP server, edge, hub and Chromium are real, and all of them, with Chromium's decoders, share this machine.
A sample goes from the moment when the hub had a picture until the page has drawn it; the page itself is not
changed for it: the socket's messages and the canvas's strokes are listened to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from sqlalchemy import select, update

from edge.config import CameraConfig
from hub.store.base import engine, sessions
from hub.store.camera import Camera
from tests.bench.device import NAME, config
from tests.bench.footage import ROOT, h264
from tests.bench.report import report, skip
from tests.bench.wall import busy, chromium, missing, monitor
from tests.edge.market import wait_for
from tests.hub.app.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

VIEWS = (9, 16)
SETTLE = 4.0
SECONDS = 20.0
LOOK_FPS = 1.0
"""Pictures a second that the edge looks at; it shares the machine with all that is measured here."""
LISTENING = """
const arrived = new Map();
samples = [];
const Socket = WebSocket;
WebSocket = class extends Socket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      if (typeof data === "string") return;
      const view = new DataView(data);
      arrived.set(Math.round(view.getFloat64(8) * 1000), view.getFloat64(16));
      if (arrived.size > 5000) arrived.delete(arrived.keys().next().value);
    });
  }
};
const pen = CanvasRenderingContext2D.prototype;
const stroke = pen.drawImage;
pen.drawImage = function (frame, ...where) {
  stroke.call(this, frame, ...where);
  const now = Date.now();
  const since = arrived.get(frame.timestamp);
  if (since) samples.push([now - since, now - frame.timestamp / 1000]);
};
"""
"""Milliseconds from the hub's arrival, and from the camera's moment, until a picture was drawn."""
TARGETS = {"p50_ms": "<= 30", "p95_ms": "<= 120", "hub_cores": "<= 0.15", "tiles_live": "== 9"}


@contextmanager
def street(cameras: list[str]) -> Iterator[dict[str, str]]:
    """An RTSP server; each camera begins the clip elsewhere."""
    words = [f"{camera}={h264()}" for camera in cameras]
    told = [sys.executable, "-m", "edge.rtsp", *words]
    with subprocess.Popen(told, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            urls = json.loads(server.stdout.readline())["cameras"]
            yield {camera: f"{urls[camera]}?start={7 * number}" for number, camera in enumerate(cameras)}
        finally:
            server.terminate()


@contextmanager
def watching(hub: Running, folder: Path, urls: dict[str, str]) -> Iterator[int]:
    """An edge as a process of its own; its process id."""
    cameras = [CameraConfig(id=camera, url=url, fps=LOOK_FPS) for camera, url in urls.items()]
    told = config(hub, folder, *cameras)
    obeys = msgspec.structs.replace(told.hub, orders_key_file=str(folder / "orders.pub"))
    file = folder / "edge.yaml"
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(told, hub=obeys)))
    with (folder / "edge.log").open("w") as log:
        argv = [sys.executable, "-m", "edge", "run", "--config", str(file)]
        with subprocess.Popen(argv, cwd=ROOT, stderr=log) as edge:
            try:
                yield edge.pid
            finally:
                edge.terminate()


def stand(hub: Running, count: int) -> list[str]:
    """So many cameras of the market are the edge's own; their names."""
    on = engine(f"sqlite:///{hub.data / 'hub.db'}")
    with sessions(on).begin() as session:
        all_of_them = select(Camera.id).order_by(Camera.device.is_distinct_from(NAME), Camera.id)
        names = list(session.scalars(all_of_them.limit(count)))
        session.execute(update(Camera).values(device=None))
        session.execute(update(Camera).where(Camera.id.in_(names)).values(device=NAME))
    on.dispose()
    return names


def spent(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def below(pid: int) -> list[int]:
    """A process and all that it began."""
    found, row = [pid], 0
    while row < len(found):
        for task in Path(f"/proc/{found[row]}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
        row += 1
    return found


def look(browser: Browser, hub: Running, names: list[str], view: int, edge: int) -> dict[str, float]:
    """Open the wall with so many live tiles and watch it for a while."""
    with monitor(browser, hub) as context:
        page = context.new_page()
        page.add_init_script(
            LISTENING + f"localStorage.view = '{view}'; localStorage.views = '{' '.join(names)}'"
        )
        began = time.monotonic()
        page.goto("/")
        page.locator("[data-how=codecs]").nth(view - 1).wait_for(timeout=60_000)
        first = time.monotonic() - began
        page.wait_for_timeout(SETTLE * 1e3)
        family = [pid for pid in below(edge) if pid != edge]
        before, cameras = (spent(hub.child.pid), spent(edge)), sum(map(spent, family))
        page.evaluate("samples.length = 0")
        page.wait_for_timeout(SECONDS * 1e3)
        taken: list[list[float]] = page.evaluate("samples")
        figures = (spent(hub.child.pid) - before[0]) / SECONDS, (spent(edge) - before[1]) / SECONDS
        processes = (sum(map(spent, family)) - cameras) / SECONDS
        _keep(page, view)
        delays = np.array([sample[0] for sample in taken])
        p50, p95, p99 = np.percentile(delays, [50, 95, 99])
        return {
            "p50_ms": float(p50),
            "p95_ms": float(p95),
            "p99_ms": float(p99),
            "camera_to_screen_p50_ms": float(np.median([sample[1] for sample in taken])),
            "tiles_live": page.locator("[data-how=codecs]").count(),
            "fps_a_tile": len(taken) / SECONDS / view,
            "all_live_s": first,
            "hub_cores": figures[0],
            "edge_cores": figures[1],
            "camera_processes_cores": processes,
        }


def _keep(page: Page, view: int) -> None:
    if folder := os.environ.get("TEST_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"live-{view}.png"))


def measure() -> dict[str, float]:
    """Nine tiles, then sixteen."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub = stack.enter_context(Running(folder / "data"))
        browser = stack.enter_context(chromium())
        found = {view: measured(browser, hub, folder, view) for view in VIEWS}
        more = {f"{name}_16": figure for name, figure in found[16].items()}
        return {**found[9], **more}


def measured(browser: Browser, hub: Running, folder: Path, view: int) -> dict[str, float]:
    """As many cameras as tiles, read by one edge."""
    names = stand(hub, view)
    with street(names) as urls, watching(hub, folder, urls) as edge:
        with hub.sign_in("monitor") as person:
            wait_for(lambda: _live(person.get("/api/wall").json()) == view, 120)
        return look(browser, hub, names, view, edge)


def _live(wall: dict[str, Any]) -> int:
    return sum(camera["state"] == "live" for camera in wall["cameras"])


def main() -> bool:
    if sentence := missing():
        return skip("live", sentence)
    print(f"live: {busy()}")
    return report("live", measure(), TARGETS)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
