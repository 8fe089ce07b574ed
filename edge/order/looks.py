"""Who wants to look at a camera now: the next picture once, or several a second for a while."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.camera.frame import Frame

SLACK = 0.9
"""Pictures come with some unrest; one that is a little early must not be left for the next."""


class Looks:
    """Asked by the one who obeys, served by the one who takes the cameras in turn."""

    def __init__(self) -> None:
        self._fresh = threading.Condition()
        self._wanted: set[str] = set()
        self._frames: dict[str, Frame] = {}
        self._relays: dict[str, tuple[float, float]] = {}
        """Camera → seconds between two pictures, and until which monotonic second."""

    def next(self, camera: str, seconds: float) -> Frame | None:
        """The camera's next picture; None when none comes within `seconds`."""
        with self._fresh:
            self._frames.pop(camera, None)
            self._wanted.add(camera)
            self._fresh.wait_for(lambda: camera in self._frames, seconds)
            self._wanted.discard(camera)
            return self._frames.pop(camera, None)

    def offer(self, frame: Frame) -> None:
        """A picture has come."""
        if frame.camera in self._wanted:
            with self._fresh:
                self._wanted.discard(frame.camera)
                self._frames[frame.camera] = frame
                self._fresh.notify_all()

    def relay(self, camera: str, fps: float, seconds: float) -> None:
        """Show the camera `fps` times a second for `seconds`, from now."""
        self._relays[camera] = (SLACK / fps, time.monotonic() + seconds)

    def stop(self, camera: str) -> None:
        """Show it as often as before."""
        self._relays.pop(camera, None)

    def every(self, camera: str, otherwise: float) -> float:
        """Seconds between two live stills of the camera now."""
        every, until = self._relays.get(camera, (otherwise, 0.0))
        if time.monotonic() < until:
            return min(every, otherwise)
        self._relays.pop(camera, None)
        return otherwise
