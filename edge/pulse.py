"""The edge's own health, as its beat tells it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from edge.clock import moment
from wire.message import Beat, CameraHealth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from edge.config import CameraConfig
    from edge.outbox import Outbox
    from edge.spool import Spool
    from edge.watch import Watch
    from wire.message import Twin

MB = 1e6
ROOM, MOST_TURNED = 3000, 16
"""Of a beat, for cameras that can be turned: characters, and cameras."""


class Pulse:
    """Counts from its making."""

    def __init__(
        self,
        outbox: Outbox,
        spool: Spool | None = None,
        watches: Sequence[Watch] = (),
        twin: Callable[[], Twin | None] = lambda: None,
    ) -> None:
        self._outbox, self._spool, self._watches, self._twin = outbox, spool, watches, twin
        self._began = time.monotonic()

    def beat(self) -> Beat:
        """How the box and its cameras are now."""
        counts = self._outbox.counts()
        children = [pid for watch in self._watches if (pid := watch.eye.pid())]
        return Beat(
            uptime_s=time.monotonic() - self._began,
            rss_mb=resident([os.getpid(), *children]) / MB,
            queued=counts.queued,
            dropped=counts.dropped + (self._spool.dropped if self._spool else 0),
            cameras=tuple(_camera(watch) for watch in self._watches),
            given_up=self._outbox.given_up(),
            twin=self._twin(),
            turns=turns(watch.camera for watch in self._watches),
        )


def resident(pids: Iterable[int]) -> int:
    """Bytes of memory that these processes hold, as Linux counts them; one that is gone counts nothing."""
    pages = 0
    for pid in pids:
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, IndexError, ValueError):
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


def turns(cameras: Iterable[CameraConfig]) -> dict[str, tuple[str, ...]]:
    """Cameras that can be turned → their presets, home first; no more than a beat has room for."""
    found: dict[str, tuple[str, ...]] = {}
    room = ROOM
    for camera in cameras:
        if camera.onvif and (ptz := camera.onvif.ptz):
            names = (ptz.home, *(name for name in ptz.presets if name != ptz.home))
            room -= len(camera.id) + sum(len(name) + 3 for name in names)
            if room < 0 or len(found) == MOST_TURNED:
                break
            found[camera.id] = names
    return found


def _camera(watch: Watch) -> CameraHealth:
    health = watch.eye.health()
    return CameraHealth(
        camera=watch.camera.id,
        state=watch.blind or health.state if health.state == "live" else health.state,
        since=moment(health.since),
        reason=health.reason,
        fps=health.fps,
        delay_ms=health.delay * 1000,
    )
