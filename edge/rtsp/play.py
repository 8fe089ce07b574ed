"""Sends a reel round and round to one client, and what a drill asks to go wrong."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from edge.rtsp.reel import Reel, Unit
    from edge.rtsp.rtp import Packets

SLOW = 5.0
"""Seconds that a client may take for what it was sent."""
REPORT_EVERY = 5.0
"""Seconds between two reports of the camera's own time."""
_NEVER = float("inf")


async def play(
    reel: Reel, faults: Mapping[str, float], packets: Packets, writer: asyncio.StreamWriter
) -> None:
    """Send pictures at their own speed until the client leaves or does not keep up.

    `stall_after` seconds it falls silent and keeps the connection, `drop_after` seconds it cuts the
    connection, `garbage_after` seconds it sends noise instead of pictures; `start` is where the reel
    begins, at the keyframe before, and its clock is `clock_ahead` seconds before this machine's.
    """
    stall, drop, garble = (
        faults.get(name, _NEVER) for name in ("stall_after", "drop_after", "garbage_after")
    )
    clock = asyncio.get_running_loop().time
    began, noise = clock(), random.Random(0)  # noqa: S311 - noise, not a secret
    report_due = 0.0
    try:
        for unit, shift in _rounds(reel, faults.get("start", 0.0)):
            moment = shift + unit.due
            await asyncio.sleep(began + moment - clock())
            if moment >= drop:
                break
            if moment >= stall:
                await asyncio.Event().wait()
            if moment >= report_due:
                report_due = moment + REPORT_EVERY
                writer.write(packets.report(shift + unit.at, time.time() + faults.get("clock_ahead", 0.0)))
            nals = tuple(noise.randbytes(len(nal)) for nal in unit.nals) if moment >= garble else unit.nals
            writer.write(packets.unit(nals, shift + unit.at))
            async with asyncio.timeout(SLOW):
                await writer.drain()
    except (ConnectionError, TimeoutError):
        pass
    writer.transport.abort()


def _rounds(reel: Reel, start: float) -> Iterator[tuple[Unit, float]]:
    """Each picture and the seconds that lead from the reel's time to the session's, for ever."""
    keys = [index for index, unit in enumerate(reel.units) if unit.key and unit.due <= start % reel.lasts]
    shift = -reel.units[keys[-1]].due
    units = reel.units[keys[-1] :]
    while True:
        for unit in units:
            yield unit, shift
        shift += reel.lasts
        units = reel.units
