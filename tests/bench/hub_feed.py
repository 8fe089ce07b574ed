"""`python -m tests.bench.hub_feed`: from the edge's publish and the hub's receiving to a listening page.

Fifty events a second, each a new alert, through the real broker and the real hub with the reference market.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from statistics import quantiles

import httpx2

from tests.bench.report import report
from tests.hub.app.running import Running
from tests.hub.gear.listener import Listener, eventually
from tests.hub.said import event
from wire.message import new_id

EVENTS, PER_SECOND = 500, 50
WARM = 50
"""Events before the clock counts."""


def percentile(values: list[float], per_cent: int) -> float:
    """Of milliseconds."""
    return quantiles(values, n=100)[per_cent - 1]


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """0 when the target is kept."""
    heard: dict[str, tuple[float, float]] = {}
    sent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Running(data) as hub, hub.sign_in("monitor") as monitor:
            west = Listener(hub.mqtt_port, "edge-west", (data / "keys" / "edge-west.key").read_text().strip())

            def listens() -> None:
                with suppress(httpx2.HTTPError), monitor.stream("GET", "/api/feed", timeout=60) as feed:
                    for line in feed.iter_lines():
                        if line.startswith('data: {"id"'):
                            alert = json.loads(line[6:])
                            received = datetime.fromisoformat(alert["received_at"]).timestamp()
                            heard.setdefault(alert.get("zone") or "", (time.time(), received))

            threading.Thread(target=listens, daemon=True).start()
            epoch, begun, busy = new_id(), time.monotonic(), cpu(hub.child.pid)
            for seq in range(WARM + EVENTS):
                zone = f"z{seq}"
                sent[zone] = time.time()
                west.client.publish("lf/v1/yunda/edge-west/event", event(epoch, seq, zone=zone), 1)
                time.sleep(max(0.0, begun + (seq + 1) / PER_SECOND - time.monotonic()))
            assert eventually(lambda: len(heard) >= WARM + EVENTS, 30), f"{len(heard)} of {WARM + EVENTS}"
            cpu_ms = 1e3 * (cpu(hub.child.pid) - busy) / (WARM + EVENTS)
            west.leave()
            hub.stop()
    counted = [f"z{seq}" for seq in range(WARM, WARM + EVENTS)]
    hub_ms = [1e3 * (heard[zone][0] - heard[zone][1]) for zone in counted]
    edge_ms = [1e3 * (heard[zone][0] - sent[zone]) for zone in counted]
    figures = {
        "events": EVENTS,
        "cpu_ms_per_event": cpu_ms,
        "hub_to_page_p50_ms": percentile(hub_ms, 50),
        "hub_to_page_p99_ms": percentile(hub_ms, 99),
        "edge_to_page_p50_ms": percentile(edge_ms, 50),
        "edge_to_page_p99_ms": percentile(edge_ms, 99),
    }
    return 0 if report("hub_feed", figures, {"hub_to_page_p99_ms": "<= 150"}) else 1


if __name__ == "__main__":
    sys.exit(main())
