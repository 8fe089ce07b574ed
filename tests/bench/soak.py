"""`python -m tests.bench.soak --minutes 10`: whether hub and edge grow while they do what they do every day.

A camera by RTSP, an edge that sees and says, the hub with the reference market, a wall that listens and a
person who looks at every page. The hub has a past and begins as a morning does, with a rush: what only many
at once need, such as threads, connections and their caches, is there from then on and counts. By hand, since
it needs its time.

Memory is read every two seconds, and what counts is the least of a minute: hub and edge let go every minute
of what nobody needs, and that is no growth. After four minutes (`WARM`) the slope is the median of those
between every two of these (Theil and Sen). It is not the least squares' line, because memory comes in steps:
glibc widens a heap by 0.14 MB whenever more is needed at once than ever before, which becomes rarer and never
stops where nothing grows; one such step within six minutes reads as 2 MB an hour on that line. A leak goes on
from reading to reading, and both show it: SQLite's caches, while they filled, were 9 MB an hour on both. What
a median cannot see stands beside it and has a target too: `rise_mb` is all that came from the first minute
after the warm-up to the last one, steps included. Over a longer run (`--minutes 30`) it has to stay as small.

The target holds for all resident memory. `anon` is the part of it that no file stands behind: where it stays
and the whole rises, pages of libraries and databases were read for the first time.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import TYPE_CHECKING

import httpx2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from edge.pulse import resident
from tests.bench.edge_rss import MODEL, family
from tests.bench.footage import NO_CLIP, ROOT, VTEST
from tests.bench.hub_rss import PAGES, listen
from tests.bench.lists import lists, past
from tests.bench.report import report, skip
from tests.edge.camera.street import served
from tests.hub.app.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERY = 2.0
LEAST, ENOUGH = 3, 10
"""Minutes after the warm-up without which there is no slope, and in all without which it says nothing."""
EACH_MINUTE = 30
"""Readings."""
EACH, A_MINUTE = 10.0, 6
"""Seconds between two readings that count, and how many are a minute."""
WARM = 240.0
"""Seconds in which caches fill."""
RUSH, RUSHING = 90.0, 8
"""Seconds of the rush, and people in it."""
PAST = 4000
"""Events. SQLite keeps up to 2 MB of what it read for each connection: in a hub without a past that fills for
hours."""
MB = 1e6
ANON = re.compile(r"^RssAnon:\s+(\d+) kB$", re.MULTILINE)
TARGETS = {
    "hub_mb_per_h": "<= 1",
    "edge_mb_per_h": "<= 1",
    "hub_rise_mb": "<= 0.5",
    "edge_rise_mb": "<= 0.5",
    "events": ">= 10",
}
SQUARE = [[0.02, 0.33], [0.45, 0.33], [0.80, 0.28], [1.00, 0.55], [1.00, 0.84], [0.02, 0.45]]


def edge_file(folder: Path, hub: Running, address: str) -> Path:
    """An edge of the reference market on one camera, with a rule that fires all the time."""
    zone = {
        "id": "square",
        "polygon": SQUARE,
        "rules": [{"kind": "intrusion", "cooldown": 5}, {"kind": "crowd"}],
    }
    keys = folder / "data" / "keys"
    told = {
        "device": "edge-west",
        "market": "yunda",
        "hub": {
            "mqtt": hub.ready["mqtt"],
            "http": hub.ready["url"],
            "password_file": str(keys / "edge-west.key"),
        },
        "data": str(folder / "edge"),
        "detector": {"model": str(MODEL)},
        "cameras": [{"id": "c-2-01", "url": address, "zones": [zone]}],
    }
    file = folder / "edge.yaml"
    file.write_text(json.dumps(told))
    return file


def rush(hub: Running, over: Event) -> None:
    """Many look at every list at once, all over the past."""
    asked, until = lists(PAST), time.monotonic() + RUSH
    with ExitStack() as stack:
        people = {user: stack.enter_context(hub.sign_in(user)) for user in {one.user for one in asked}}

        def look_around(random: Random) -> None:
            while time.monotonic() < until and not over.is_set():
                one = random.choice(asked)
                people[one.user].get(one.where(random.random()))

        rushing = [Thread(target=look_around, args=(Random(seed),)) for seed in range(RUSHING)]
        for each in rushing:
            each.start()
        for each in rushing:
            each.join()


def look(hub: Running, over: Event) -> None:
    """A person who goes from page to page and decides what is there."""
    rush(hub, over)
    with hub.sign_in("monitor") as person:
        while not over.wait(1.0):
            for page in PAGES:
                person.get(page)
            # Whoever never decides has a longer list every minute, and it is the list that grows then.
            for alert in person.get("/api/wall").json()["alerts"]:
                person.post(f"/api/alerts/{alert['id']}/dismiss", json={"reason": "staff"})


def floors(at: list[float], held: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Hours, every ten seconds after the warm-up, and the least MB of the minute that begins there."""
    least: dict[int, float] = {}
    for moment, mb in zip(at, held, strict=True):
        if moment >= WARM:
            part = int(moment // EACH)
            least[part] = min(mb, least.get(part, mb))
    if len(least) < LEAST * A_MINUTE:
        return np.array([]), np.array([])
    kept = sliding_window_view(np.array(list(least.values())), A_MINUTE).min(axis=1)
    return np.array(list(least)[: len(kept)]) * EACH / 3600, kept


def slope(hours: np.ndarray, mb: np.ndarray) -> float:
    """MB an hour: the median of the slopes between every two of them; 0 where there are none."""
    if not len(hours):
        return 0.0
    first, second = np.triu_indices(len(hours), k=1)
    return float(np.median((mb[second] - mb[first]) / (hours[second] - hours[first])))


def rise(mb: np.ndarray) -> float:
    """MB from the first minute to the last one."""
    return float(mb[-1] - mb[0]) if len(mb) else 0.0


def anonymous(pids: Iterable[int]) -> int:
    """Bytes of resident memory of these processes that no file stands behind."""
    texts = [Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace") for pid in pids]
    return sum(int(word) << 10 for text in texts for word in ANON.findall(text))


def taken(hub: Running) -> int:
    text = httpx2.get(f"{hub.ready['url']}/metrics").text
    (line,) = (one for one in text.splitlines() if one.startswith("lianfang_ingest_taken_total "))
    return int(float(line.split()[1]))


def watch(hub: Running, edge: subprocess.Popen[bytes], seconds: float) -> dict[str, float]:
    """Read what both hold until the time is over."""
    at, held = list[float](), defaultdict[str, list[float]](list)
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        time.sleep(EVERY)
        at.append(time.monotonic() - began)
        for name, pids in (("hub", [hub.child.pid]), ("edge", family(edge.pid)), ("agent", [edge.pid])):
            held[name].append(resident(pids) / MB)
            held[f"{name}_anon"].append(anonymous(pids) / MB)
        if len(at) % EACH_MINUTE == 0:
            now = "  ".join(f"{name} {values[-1]:.2f}" for name, values in held.items())
            print(f"{at[-1] / 60:5.1f} min  {now} MB", flush=True)
        assert edge.poll() is None, "the edge ended"
    ends = {f"{name}_mb": held[name][-1] for name in ("hub", "edge")}
    found = {name: floors(at, values) for name, values in held.items()}
    slopes = {f"{name}_mb_per_h": slope(*each) for name, each in found.items()}
    rises = {f"{name}_rise_mb": rise(mb) for name, (_, mb) in found.items()}
    return {**ends, **slopes, **rises, "events": taken(hub)}


def measure(seconds: float) -> dict[str, float]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cameras = stack.enter_context(served(folder / "cache", square=VTEST))
        (folder / "data").mkdir()
        past(f"sqlite:///{folder / 'data' / 'hub.db'}", PAST, datetime.now(UTC) - timedelta(minutes=1))
        hub = stack.enter_context(Running(folder / "data"))
        over = Event()
        people = [Thread(target=listen, args=(hub,)), Thread(target=look, args=(hub, over))]
        for one in people:
            one.start()
            stack.callback(one.join)
        stack.callback(hub.stop)
        stack.callback(over.set)
        words = (sys.executable, "-m", "edge", "run", "--config")
        file = edge_file(folder, hub, cameras["square"])
        with (folder / "edge.log").open("wb") as log:
            edge = subprocess.Popen((*words, str(file)), cwd=ROOT, stderr=log)
        stack.callback(edge.wait)
        stack.callback(edge.terminate)
        return {"minutes": seconds / 60, **watch(hub, edge, seconds)}


def main() -> bool:
    words = argparse.ArgumentParser(prog="python -m tests.bench.soak")
    words.add_argument("--minutes", type=float, default=0.0, help="ten, to say something")
    given = words.parse_args()
    if not given.minutes:
        return skip("soak", "it takes its time: run `python -m tests.bench.soak --minutes 10`")
    if not VTEST.exists():
        return skip("soak", NO_CLIP)
    if not MODEL.exists():
        return skip("soak", "the detector is not built here: run `python3 -m launch setup` once")
    return report("soak", measure(given.minutes * 60), TARGETS if given.minutes >= ENOUGH else {})


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
