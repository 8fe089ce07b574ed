"""A process that runs one replay at low priority: a job on standard input, reports on standard output."""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import av
import msgspec

from edge.agent import load_detector
from edge.camera.clip import NoClip
from edge.record.archive import Archive
from edge.replay.job import Job, read_job
from edge.replay.play import Score, play
from wire.replay import Replayed

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.watch import Sees

    Say = Callable[[Replayed], None]

MOST_JOB = 1 << 20
_MOST_MEMORY = 2 << 30
EVERY = 0.5
"""Seconds between two reports."""


def run(job: Job, detector: Sees, say: Say) -> None:
    """Run the job, and say how far it is and how it ended."""
    began, told = time.monotonic(), float("-inf")
    archive, score = Archive(Path(job.folder)), Score(job.begin)
    pictures, at = 0, job.begin

    def report(state: str, reason: str | None = None) -> None:
        fired, more = score.told()
        shown = min(max(at - job.begin, 0.0), job.seconds)
        took = round(time.monotonic() - began, 3)
        share = 1.0 if state == "done" else shown / job.seconds
        values = {"state": state, "share": share, "pictures": pictures, "shown": shown, "took": took}
        say(msgspec.convert(values | {"fired": fired, "more": more, "reason": reason}, Replayed))

    try:
        for looked in play(job, archive, Path(job.scratch), detector, score):
            at, pictures = looked, pictures + 1
            if time.monotonic() - told >= EVERY:
                told = time.monotonic()
                report("running")
        report("done")
    except (NoClip, OSError, av.FFmpegError) as error:
        report("failed", str(error)[:200])
    finally:
        archive.close()


def main() -> None:
    """One job."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.dup(1)
    os.dup2(2, 1)
    job = read_job(sys.stdin.buffer.readline(MOST_JOB))
    run(job, load_detector(job.edge.detector), lambda said: _write(out, said))
    os._exit(0)


def _write(out: int, said: Replayed) -> None:
    data = msgspec.json.encode(said) + b"\n"
    while data:
        data = data[os.write(out, data) :]


if __name__ == "__main__":
    main()
