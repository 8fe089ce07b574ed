"""Codes a clip anew in H.264, in a process of its own: `python -m edge.record.recode FROM TO BEGAN`."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import av

from edge.camera import clip
from edge.camera.encode import Encoder, fitted
from edge.camera.mask import Mask
from edge.camera.strand import WIDEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.camera.ring import Packet

_MOST_MEMORY = 1 << 30


def coded(path: Path, began: float) -> Iterator[Packet]:
    """The pictures of a clip that begins at stream second `began`, as H.264 packets."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        stream.codec_context.thread_count = 1
        rate = min(max(float(stream.average_rate or 25), 1.0), 60.0)
        encoder = None
        for frame in file.decode(stream):
            if encoder is None:
                encoder = Encoder(fitted(frame.width, frame.height, WIDEST), rate, Mask())
            yield from encoder.encode(frame, began + float(frame.time or 0.0))


def main(source: str, target: str, began: str) -> None:
    """Code `source` into `target`."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    made = clip.write(tuple(coded(Path(source), float(began))), Path(target))
    said = {
        "began": made.began,
        "ended": made.ended,
        "size": made.size,
        "sha256": made.sha256,
        "cpu": round(time.process_time(), 2),
    }
    sys.stdout.write(json.dumps(said))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
