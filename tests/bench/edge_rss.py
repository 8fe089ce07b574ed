"""`python -m tests.bench.edge_rss`: memory of an edge with one 768x576 camera by RTSP, child included."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from edge.pulse import resident
from tests.bench.footage import NO_CLIP, ROOT, VTEST
from tests.bench.report import report, skip
from tests.edge.camera.street import served
from tests.edge.door import Door, door
from tests.edge.market import DEVICE, KEY, MARKET, Hub, broker, wait_for

SECONDS = 40.0
EVERY = 0.5
MODEL = ROOT / "models" / "nanodet_g" / "int8_352x288.onnx"
MB = 1e6


def written(folder: Path, address: str, mqtt: int, web: Door) -> Path:
    """An edge's file with the demo's crowd rule, so that events, stills and clips are made meanwhile."""
    (folder / "key").write_text(KEY)
    square = [[0.02, 0.33], [0.45, 0.33], [0.80, 0.28], [1.00, 0.55], [1.00, 0.84], [0.02, 0.45]]
    rules = [{"kind": "crowd"}, {"kind": "intrusion", "cooldown": 5}]
    zone = {"id": "square", "polygon": square, "rules": rules}
    hub = {"mqtt": f"mqtt://127.0.0.1:{mqtt}", "http": f"http://127.0.0.1:{web.server_port}"}
    told = {
        "device": DEVICE,
        "market": MARKET,
        "hub": {**hub, "password_file": str(folder / "key")},
        "data": str(folder / "data"),
        "detector": {"model": str(MODEL)},
        "cameras": [{"id": "c-2-01", "url": address, "zones": [zone]}],
    }
    file = folder / "edge.yaml"
    file.write_text(json.dumps(told))
    return file


def family(pid: int) -> list[int]:
    """A process and its children."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [pid, *(int(word) for task in tasks for word in (task / "children").read_text().split())]


def measure(edge: subprocess.Popen[bytes], hub: Hub) -> dict[str, float]:
    """The most that is held, by the whole and by the agent alone, once it has told its first event."""
    wait_for(lambda: hub.of("event"), 60)
    whole, alone, until = 0, 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        whole, alone = max(whole, resident(family(edge.pid))), max(alone, resident([edge.pid]))
        time.sleep(EVERY)
    return {"rss_mb": whole / MB, "agent_mb": alone / MB, "events": len(hub.of("event"))}


def main() -> bool:
    if not VTEST.exists():
        return skip("edge_rss", NO_CLIP)
    if not MODEL.exists():
        return skip("edge_rss", "the detector is not built here: run `python3 -m launch setup` once")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cameras = stack.enter_context(served(folder / "cache", square=VTEST))
        running, web = stack.enter_context(broker(folder / "broker")), stack.enter_context(door())
        hub = Hub(running)
        stack.callback(hub.close)
        hub.receipting = True
        file = written(folder, cameras["square"], running.port, web)
        words = (sys.executable, "-m", "edge", "run", "--config", str(file))
        edge = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
        stack.callback(edge.wait)
        stack.callback(edge.terminate)
        return report("edge_rss", measure(edge, hub), {"rss_mb": "<= 350", "events": ">= 1"})


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
