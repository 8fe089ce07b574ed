"""`python -m tests.bench.cameras`: how many RTSP cameras of 768x576 at 10 pictures a second a core carries.

A whole edge, its cameras' processes included, is held to one core; RTSP server, broker and the hub's door
have the others. It is opening hour and somebody always moves, the dearest time of a market. So many cameras
are carried when not one sampled picture was left for want of time. Recall is judged against a run of the
clip in which the detector is shown every picture: a zone that tells of somebody there must do so here.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING
from urllib.request import urlopen

import cv2
import msgspec

from edge.config import CameraConfig, DetectorConfig, EdgeConfig
from tests.bench.edge_rss import MODEL, family
from tests.bench.effort import spent
from tests.bench.footage import NO_CLIP, ROOT, VTEST, h264
from tests.bench.report import report, skip
from tests.bench.stage import Began
from tests.bench.told import begins, full_rate, heard, judged, watched
from tests.bench.wall import busy
from tests.edge.door import door
from tests.edge.market import KEY, Hub, broker, config, wait_for
from wire.calendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.told import Told

COUNTS = (12, 14, 16, 18, 20)
"""Cameras that are tried, until there are too many; where the first are, two less each time."""
TRIES = 2
WARM, SECONDS = 12.0, 30.0
RECALL = 0.95
OPEN = msgspec.convert({"open": [{"from": "00:00", "to": "24:00"}]}, Calendar)
TARGETS = {"cameras_per_core": ">= 12", "recall": f">= {RECALL}", "pss_mb_per_camera": "<= 60"}


@dataclass(frozen=True, slots=True)
class Use:
    """What an edge has used so far, in seconds of processor time, and what it holds, in MB."""

    at: float
    agent: float
    children: float
    agent_mb: float
    children_mb: float


@dataclass(frozen=True, slots=True)
class Run:
    """What a number of cameras took."""

    cameras: int
    looked: int
    skipped: int
    cores: float
    child_cores: float
    """Of the cores, what the cameras' processes took."""
    agent_mb: float
    children_mb: float
    told: int
    wanted: int

    @property
    def recall(self) -> float:
        """Share of the full-rate run's events at whose beginning the same zone tells of somebody."""
        return self.told / max(self.wanted, 1)

    @property
    def is_carried(self) -> bool:
        """Whether every picture was handled, and everybody seen who is to be."""
        return not self.skipped and self.recall >= RECALL

    def __str__(self) -> str:
        each, own = 1e3 * self.cores / self.cameras, 1e3 * self.child_cores / self.cameras
        return (
            f"{self.cameras:>4} cameras: {self.looked} pictures looked at, {self.skipped} skipped, recall "
            f"{self.recall:.3f} of {self.wanted}; {self.cores:.2f} core, {each:.1f} ms a second and camera, "
            f"{own:.1f} of it in its own process of {self.children_mb / self.cameras:.1f} MB"
        )


@contextmanager
def street(count: int) -> Iterator[tuple[list[str], dict[int, Began]]]:
    """RTSP cameras that show the clip, each from elsewhere on; and when each began, as soon as it has."""
    words = [sys.executable, "-m", "tests.bench.stage", "--cache", str(ROOT / ".cache" / "rtsp")]
    words += [f"c-{number}={h264()}" for number in range(count)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            urls = json.loads(server.stdout.readline())["cameras"].values()
            began: dict[int, Began] = {}
            Thread(target=note, args=(server.stdout, began), daemon=True).start()
            yield [f"{url}?start={begins(number)}" for number, url in enumerate(urls)], began
        finally:
            server.terminate()


def note(said: IO[str], began: dict[int, Began]) -> None:
    """Take up when the films began; cameras are known by where theirs was to."""
    numbers = {begins(number): number for number in range(COUNTS[-1])}
    for line in said:
        told = json.loads(line)
        began[numbers[told["start"]]] = Began(told["at"], told["second"])


@contextmanager
def running(folder: Path, told: EdgeConfig, core: int) -> Iterator[int]:
    """An edge as a process of its own, with all that it starts, on one core; its process id."""
    (folder / "key").write_text(KEY)
    file = folder / "edge.yaml"
    file.write_bytes(msgspec.json.encode(told))
    words = [sys.executable, "-m", "edge", "run", "--config", str(file)]
    others = os.sched_getaffinity(0)
    with (folder / "edge.log").open("w") as log:
        os.sched_setaffinity(0, {core})
        edge = subprocess.Popen(words, cwd=ROOT, stderr=log)
        os.sched_setaffinity(0, others)
        try:
            yield edge.pid
        finally:
            edge.terminate()
            edge.wait()


def measure(count: int, fps: float, expected: Sequence[Told], core: int) -> Run:
    """So many cameras for a while."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls, began_at = stack.enter_context(street(count))
        mqtt, web = stack.enter_context(broker(folder / "broker")), stack.enter_context(door())
        hub = Hub(mqtt)
        stack.callback(hub.close)
        hub.receipting = True
        cameras = [watched(number, url, fps) for number, url in enumerate(urls)]
        told = asked(config(folder, mqtt.port, web.server_port, *cameras))
        edge = stack.enter_context(running(folder, told, core))
        wait_for(lambda: pictures_of(told).get("looked", 0) >= count, 120)
        time.sleep(WARM)
        before, began = pictures_of(told), use(edge)
        time.sleep(SECONDS)
        after, ended = pictures_of(told), use(edge)
        took = ended.at - began.at
        return Run(
            count,
            after["looked"] - before["looked"],
            after["skipped"] - before["skipped"],
            (ended.agent + ended.children - began.agent - began.children) / took,
            (ended.children - began.children) / took,
            ended.agent_mb,
            ended.children_mb,
            *judged(expected, heard(hub, began_at), count, WARM, WARM + SECONDS),
        )


def asked(told: EdgeConfig) -> EdgeConfig:
    """The same with the detector, figures, and a market that is open."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        metrics = f"127.0.0.1:{free.getsockname()[1]}"
    model = DetectorConfig(model=str(MODEL))
    return msgspec.structs.replace(told, metrics=metrics, detector=model, calendar=OPEN)


def pictures_of(told: EdgeConfig) -> dict[str, int]:
    """What became of all cameras' pictures so far; nothing before the edge answers."""
    try:
        with urlopen(f"http://{told.metrics}/metrics") as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    found: dict[str, int] = {}
    for outcome, number in re.findall(r'camera_pictures_total\{.*outcome="(\w+)"\} (\S+)', text):
        found[outcome] = found.get(outcome, 0) + int(float(number))
    return found


def use(edge: int) -> Use:
    """What it uses now."""
    children = family(edge)[1:]
    times = spent(edge), sum(map(spent, children))
    return Use(time.monotonic(), *times, pss(edge), sum(map(pss, children)))


def pss(pid: int) -> float:
    """MB of memory, where what is shared is divided by those who share it."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[0]) * 1024 / 1e6


def tried(count: int, fps: float, expected: Sequence[Told], core: int) -> Run:
    """So many cameras; once more where they were too many, since other programs may have had the core too."""
    for _ in range(TRIES):
        run = measure(count, fps, expected, core)
        print(run, flush=True)
        if run.is_carried:
            break
    return run


def most(expected: Sequence[Told], core: int, fps: float) -> Run:
    """With the largest number that is carried, or the smallest that was tried."""
    run = tried(COUNTS[0], fps, expected, core)
    while not run.is_carried and run.cameras > 2:
        run = tried(run.cameras - 2, fps, expected, core)
    for count in COUNTS[1:] if run.cameras == COUNTS[0] else ():
        more = tried(count, fps, expected, core)
        if not more.is_carried:
            break
        run = more
    return run


def main() -> bool:
    if not VTEST.is_file():
        return skip("cameras", NO_CLIP)
    if not MODEL.exists():
        return skip("cameras", "the detector is not built here: run `python3 -m launch setup` once")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return skip("cameras", "one core is measured while another shows the films; here is one only")
    cv2.setNumThreads(1)
    print(f"cameras: {busy()}")
    os.sched_setaffinity(0, set(cores[:-1]))
    expected, fps = full_rate(), CameraConfig(id="c-0", url=0).fps
    alone = measure(1, fps, expected, cores[-1])
    run = most(expected, cores[-1], fps)
    figures = {
        "cameras_per_core": run.cameras if run.is_carried else 0,
        "fps": fps,
        "skipped": run.skipped,
        "recall": run.recall,
        "events": run.wanted,
        "ms_per_camera": 1e3 * run.cores / run.cameras,
        "ms_per_camera_process": 1e3 * run.child_cores / run.cameras,
        "pss_mb_per_camera": (run.agent_mb - alone.agent_mb + run.children_mb) / run.cameras,
        "agent_pss_mb": alone.agent_mb,
    }
    return report("cameras", figures, TARGETS)


if __name__ == "__main__":
    sys.exit(not main())
