"""`python -m tests.bench.hub_rss`: how much memory the hub takes with the reference market, at work.

Fifteen people sign in, twenty walls listen, a thousand events come through the broker, clips are stored and
watched, stills flow; the broker is a process of its own and is not counted.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from tests.bench.report import report
from tests.hub.app.running import Running
from tests.hub.gear.listener import Listener, eventually
from tests.hub.said import event
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS, WALLS, CLIPS = 1000, 20, 20
CLIP_BYTES = 4 * 1024 * 1024


def memory(pid: int) -> dict[str, float]:
    """MB of a process: what it has now, and the most it had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    words = dict(line.split(":", 1) for line in lines)
    return {name: int(words[key].split()[0]) / 1024 for name, key in (("now", "VmRSS"), ("most", "VmHWM"))}


def listens(client: httpx2.Client, told: list[int], number: int) -> None:
    """Read a feed until the hub closes it."""
    with suppress(httpx2.HTTPError), client.stream("GET", "/api/feed", timeout=60) as feed:
        told[number] += sum(1 for line in feed.iter_lines() if line.startswith("event: alert"))


def clips() -> Iterator[bytes]:
    """Clips by their first bytes alike, by all others different."""
    for _ in range(CLIPS):
        yield b"\0\0\0\x18ftypisom" + os.urandom(CLIP_BYTES)


def works(hub: Running, data: Path) -> int:
    """Let everybody do their work; how many alerts came of it."""
    key = (data / "keys" / "edge-west.key").read_text().strip()
    told = [0] * WALLS
    with ExitStack() as stack:
        people = [stack.enter_context(hub.sign_in(login["user"])) for login in hub.ready["logins"]]
        monitor = next(
            p for p, login in zip(people, hub.ready["logins"], strict=True) if login["role"] == "monitor"
        )
        for number in range(WALLS):
            threading.Thread(target=listens, args=(monitor, told, number), daemon=True).start()
        west = Listener(hub.mqtt_port, "edge-west", key)
        epoch = new_id()
        for seq in range(EVENTS):
            west.client.publish("lf/v1/yunda/edge-west/event", event(epoch, seq, zone=f"z{seq % 50}"), 1)
        edge = httpx2.Client(base_url=hub.ready["url"], auth=("edge-west", key), timeout=30)
        for clip in clips():
            name, kind = hashlib.sha256(clip).hexdigest(), {"Content-Type": "video/mp4"}
            assert edge.put(f"/edge/v1/media/{name}", content=clip, headers=kind).status_code == 201
        for client in people:
            client.get("/api/market")
            client.get("/api/wall")
        assert eventually(lambda: f"taken_total {EVENTS}" in edge.get("/metrics").text, 60)
        edge.close()
        west.leave()
        return len(monitor.get("/api/alerts?state=all&limit=200").json())


def main() -> int:
    """0 when the target is kept."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Running(data) as hub:
            idle = memory(hub.child.pid)
            began = time.monotonic()
            alerts = works(hub, data)
            seconds = time.monotonic() - began
            busy = memory(hub.child.pid)
            code, stop = hub.stop()
    figures = {
        "start_s": hub.took,
        "idle_mb": idle["now"],
        "rss_mb": busy["now"],
        "rss_most_mb": busy["most"],
        "alerts": alerts,
        "work_s": seconds,
        "stop_s": stop,
        "exit": code,
    }
    return 0 if report("hub_rss", figures, {"rss_most_mb": "<= 250", "stop_s": "<= 5", "exit": "== 0"}) else 1


if __name__ == "__main__":
    sys.exit(main())
