"""`python -m tests.bench.clip`: how long a clip takes, from the packet ring and out of recordings.

A clip is ten seconds, five of them before its event, of a large camera (1920x1080, 25 pictures a second,
about 4 Mbit/s); it is on the disk, synchronised and hashed, when its time ends.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import av

from edge.camera import clip, talk
from edge.camera.mask import Mask
from edge.camera.passing import Copier
from edge.camera.recorder import Recorder
from edge.camera.ring import Packet, Ring
from edge.camera.strand import Strand
from edge.record.archive import Archive
from edge.record.cut import cut, recoded
from tests.bench.footage import VTEST
from tests.bench.large import SECONDS, large
from tests.bench.report import report, skip

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 30
PRE, LASTS = 5.0, 5.0
ROUNDS = 6
BEGAN = 1_763_800_000.0
TARGETS = {"ms": "<= 20"}


def packets(film: Path, rounds: int) -> list[Packet]:
    """The film's packets again and again, as a camera's reader hands them on."""
    with av.open(str(film)) as file:
        stream = file.streams.video[0]
        copier = Copier(stream)
        once = [kept for packet in file.demux(stream) for kept in copier.copied(packet, BEGAN)]
    return [
        Packet(packet.data, packet.at + turn * SECONDS, packet.key, packet.film)
        for turn in range(rounds)
        for packet in once
    ]


def took(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds and those of them on the processor, the middle of many times."""
    times, spent = [], []
    for _ in range(TIMES):
        began, cpu = time.perf_counter(), time.process_time()
        work()
        times.append(1e3 * (time.perf_counter() - began))
        spent.append(1e3 * (time.process_time() - cpu))
    return median(times), median(spent)


def archive_of(folder: Path, film: list[Packet], length: float) -> Archive:
    """Recordings of the packets."""
    strand = Strand(Mask(), None)
    said: list[talk.Wrote | talk.Recording] = []
    told = talk.Record("gate", str(folder), length, "main", masked=False, before=None, until=None)
    recorder = Recorder(told, {"main": strand, "sub": strand}, said.append)
    recorder.once(0.0)
    for number, packet in enumerate(film):
        strand.taps.push(packet)
        if number % 100 == 0:
            recorder.once(0.0)
    recorder.once(0.0)
    recorder.finish()
    archive = Archive(folder)
    for one in said:
        if isinstance(one, talk.Wrote):
            archive.take(one.piece)
    return archive


def main() -> bool:
    """Measure and report."""
    if not VTEST.exists():
        return skip("clip", "no .cache/footage/vtest.avi: run `python3 -m launch setup`")
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        film = packets(large(here / "large.mp4"), ROUNDS)
        ring = Ring(30.0, 64 << 20)
        for packet in film:
            ring.push(packet)
        end = film[-1].at - 1.0
        begin = end - PRE - LASTS
        size = clip.write(ring.span(begin, end), here / "ring.mp4").size
        recorded = archive_of(here / "record", film, 60.0)
        spanning = archive_of(here / "spanning", film, 12.0)
        hevc = archive_of(here / "hevc", packets(large(here / "hevc.mp4", "libx265", 5), 1), 60.0)
        anew = recoded(cut(hevc, "gate", BEGAN, BEGAN + 4.0, here / "h.mp4"), here / "anew.mp4")
        span = (BEGAN + 7.3, BEGAN + 7.3 + PRE + LASTS)
        from_ring = took(lambda: clip.write(ring.span(begin, end), here / "ring.mp4"))
        from_one = took(lambda: cut(recorded, "gate", *span, here / "cut.mp4"))
        from_several = took(lambda: cut(spanning, "gate", *span, here / "cut.mp4"))
        figures = {
            "ms": from_ring[0],
            "cpu_ms": from_ring[1],
            "ms_recorded": from_one[0],
            "cpu_ms_recorded": from_one[1],
            "ms_spanning": from_several[0],
            "cpu_ms_spanning": from_several[1],
            "clip_mb": size / 1e6,
            "hevc_cpu_s_a_second": anew.cpu / 4.0,
        }
        for archive in (recorded, spanning, hevc):
            archive.close()
    return report("clip", figures, TARGETS)


if __name__ == "__main__":
    sys.exit(not main())
