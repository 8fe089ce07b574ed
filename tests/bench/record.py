"""`python -m tests.bench.record`: what it costs to record sixteen large streams beside reading them.

Sixteen processes read one RTSP camera each (1920x1080, 25 pictures a second, about 4 Mbit/s) by copying its
packets, as a camera's process reads its main stream; first they only keep the packet ring, then they record
too. Counted are the CPU seconds of these processes, everything in them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from edge.camera import talk
from edge.camera.mask import Mask
from edge.camera.recorder import Recorder
from edge.camera.ring import Ring
from edge.camera.second import Second
from edge.camera.strand import Strand
from edge.record.check import check
from tests.bench.footage import VTEST
from tests.bench.large import large
from tests.bench.report import report, skip
from tests.edge.camera import street

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAMS = 16
WARM, SECONDS = 8.0, 24.0
LENGTH = 10.0
TARGETS = {"recording_cores": "<= 0.1", "faults": "<= 0"}


def read(url: str, folder: str, name: str) -> None:
    """One process: read, and record where a folder is given; says its CPU seconds over the measured time."""
    strand = Strand(Mask(), Ring(30.0, 32 << 20))
    Second(url, strand).start()
    recorder = None
    if folder:
        told = talk.Record(name, folder, LENGTH, "main", masked=False, before=None, until=None)
        recorder = Recorder(told, {"main": strand, "sub": strand}, lambda _: None)
        recorder.start()
    Event().wait(WARM)
    began = time.process_time()
    Event().wait(SECONDS)
    sys.stdout.write(f"{time.process_time() - began}\n")
    sys.stdout.flush()
    if recorder is not None:
        recorder.stop()


def cores(urls: list[str], folder: str) -> float:
    """CPU seconds a second of all reading processes together."""
    word = [sys.executable, "-m", "tests.bench.record"]
    readers = [
        subprocess.Popen([*word, url, folder, f"c-{number}"], stdout=subprocess.PIPE, text=True)
        for number, url in enumerate(urls)
    ]
    return sum(float(reader.communicate(timeout=120)[0]) for reader in readers) / SECONDS


def sizes(folder: Path) -> Iterator[int]:
    """Bytes of each piece."""
    for path in folder.rglob("*.mp4"):
        yield path.stat().st_size


def main() -> bool:
    """Measure and report."""
    if not VTEST.exists():
        return skip("record", "no .cache/footage/vtest.avi: run `python3 -m launch setup`")
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        films = {f"c{number}": here / f"{number}.mp4" for number in range(STREAMS)}
        first, *others = films.values()
        large(first)
        for other in others:
            shutil.copy(first, other)
        with street.served(here / "cache", **films) as cameras:
            urls = list(cameras.values())
            alone = cores(urls, "")
            with_recording = cores(urls, str(here / "record"))
        folder = here / "record"
        figures = {
            "streams": STREAMS,
            "mbit_s": first.stat().st_size * 8 / 1e6 / 12,
            "reading_cores": alone,
            "whole_cores": with_recording,
            "recording_cores": max(0.0, with_recording - alone),
            "pieces": len(list(sizes(folder))),
            "recorded_mb": sum(sizes(folder)) / 1e6,
            "faults": sum(1 for fault in check(folder, lambda *_: None) if "index" not in fault.sentence),
        }
    return report("record", figures, TARGETS)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(*sys.argv[1:])
    else:
        sys.exit(not main())
