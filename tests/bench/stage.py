"""`python -m tests.bench.stage NAME=FILE …`: edge.rtsp that says when each film began, in a line of JSON.

What an edge says of when a camera was live is late by as long as it took to open it, which is seconds where
twelve begin at once on one core; an event is laid beside the film by the film's own clock.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.rtsp import __main__ as program
from edge.rtsp import session
from edge.rtsp.play import play

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from edge.rtsp.reel import Reel
    from edge.rtsp.rtp import Packets


@dataclass(frozen=True, slots=True)
class Began:
    """A session: at which second of UNIX epoch it showed which second of the film."""

    at: float
    second: float


async def said(
    reel: Reel, faults: Mapping[str, float], packets: Packets, writer: asyncio.StreamWriter
) -> None:
    """Say that it begins, and where: at the keyframe before what was asked for."""
    start = faults.get("start", 0.0)
    second = max(unit.due for unit in reel.units if unit.key and unit.due <= start % reel.lasts)
    print(json.dumps({"start": start, "at": time.time(), "second": second}), flush=True)
    await play(reel, faults, packets, writer)


if __name__ == "__main__":
    vars(session)["play"] = said
    sys.exit(program.main())
