"""Cameras whose masks are changing: nothing seen under the old ones leaves this device any more."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Veil:
    """Drawn by the one who obeys, lifted by the one who takes the cameras in turn, asked by all who send."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._drawn: Counter[str] = Counter()
        self._ages: Counter[str] = Counter()

    def draw(self, camera: str) -> None:
        """Its masks change from now on; once more for each change that is lifted later."""
        with self._lock:
            self._drawn[camera] += 1
            self._ages[camera] += 1

    def lift(self, camera: str) -> None:
        """What it shows from now on was seen under the new masks."""
        with self._lock:
            self._drawn[camera] -= 1
            self._ages[camera] += 1

    def hides(self, camera: str) -> bool:
        """Whether its pictures must stay here."""
        return self._drawn[camera] > 0

    def age(self, camera: str) -> int:
        """How often it was drawn or lifted; what was seen at another age must stay here for ever."""
        return self._ages[camera]

    def lets(self, camera: str, age: int) -> bool:
        """Whether what was seen at that age may leave now."""
        with self._lock:
            return self._drawn[camera] <= 0 and self._ages[camera] == age
