"""The latest picture of each camera, in memory: a live view needs no disk."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from hub.service.shape import iso

if TYPE_CHECKING:
    from datetime import datetime

MOST_BYTES = 512 * 1024
"""Of one picture."""


@dataclass(frozen=True, slots=True)
class Still:
    """A JPEG and the time of what it shows."""

    data: bytes
    at: datetime


class Stills:
    """At most `most` bytes; the camera that has been quiet longest goes first."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._lock = Lock()
        self._by_camera: OrderedDict[str, Still] = OrderedDict()
        self._fresh: set[str] = set()

    def put(self, camera: str, still: Still) -> None:
        """Keep it instead of the one before; one that shows an earlier moment is dropped."""
        with self._lock:
            if self._keep(camera, still):
                self._fresh.add(camera)

    def receive(self, camera: str, still: Still) -> None:
        """Keep what another process got, as `put` does."""
        with self._lock:
            self._keep(camera, still)

    def fresh(self) -> dict[str, Still]:
        """What was put since the last call, the latest of each camera, for other processes."""
        with self._lock:
            taken, self._fresh = self._fresh, set()
            return {camera: self._by_camera[camera] for camera in taken if camera in self._by_camera}

    def _keep(self, camera: str, still: Still) -> bool:
        before = self._by_camera.get(camera)
        if before is not None and before.at > still.at:
            return False
        self._size += len(still.data) - (len(before.data) if before else 0)
        self._by_camera[camera] = still
        self._by_camera.move_to_end(camera)
        while self._size > self._most:
            _, gone = self._by_camera.popitem(last=False)
            self._size -= len(gone.data)
        return True

    def get(self, camera: str) -> Still | None:
        """The latest, if there is one."""
        with self._lock:
            return self._by_camera.get(camera)

    def dated(self, camera: dict[str, Any]) -> dict[str, Any]:
        """A camera's state with `still_at`, which only this memory knows."""
        still = self.get(camera["id"])
        return camera | {"still_at": iso(still.at) if still else None}
