"""Writes ordered clips from a ring while the reader goes on reading."""

from __future__ import annotations

import time
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING

import av

from edge.camera import clip
from edge.camera.talk import Cut, Done, Failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.camera.ring import Ring

LATE = 3.0
"""Seconds that a clip waits past its end for a stream that lags or stands still."""
MOST = 8
"""Clips that may wait at the same time."""
_LOOK = 0.05


class Cutter:
    """Takes orders for clips of one ring; each answer is one `Done` or `Failed`."""

    def __init__(self, ring: Ring, say: Callable[[Done | Failed], None]) -> None:
        self._ring = ring
        self._say = say
        self._free = BoundedSemaphore(MOST)

    def order(self, cut: Cut) -> None:
        """Cut in a thread of its own, as soon as the ring has reached the clip's end."""
        if not self._free.acquire(blocking=False):
            self._say(
                Failed(cut.order, f"{MOST} clips of this camera are being cut already, try again later")
            )
            return
        Thread(target=self._cut, args=(cut,), daemon=True).start()

    def _cut(self, cut: Cut) -> None:
        try:
            self._say(self._written(cut))
        finally:
            self._free.release()

    def _written(self, cut: Cut) -> Done | Failed:
        # Waited for by the steady clock: a wall clock that is set back must not make it hours.
        until = time.monotonic() + cut.end + LATE - time.time()
        while not self._ring.reached(cut.end) and time.monotonic() < until:
            time.sleep(_LOOK)
        try:
            made = clip.write(self._ring.span(cut.begin, cut.end), Path(cut.path))
        except clip.NoClip as refused:
            return Failed(cut.order, str(refused))
        except (OSError, av.FFmpegError) as error:
            said = getattr(error, "strerror", None) or type(error).__name__
            return Failed(cut.order, f"the clip cannot be written: {said}"[:300])
        return Done(cut.order, made.began, made.ended, made.size, made.sha256)
