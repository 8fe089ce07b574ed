"""How often: pictures handed on, pictures counted, attempts made."""

from __future__ import annotations

from collections import deque

SOONEST = 0.5
LATEST = 60.0
"""Seconds between two attempts to reach a camera."""
_SLACK = 0.01
"""Seconds by which a picture may be early: cameras round their timestamps."""
_WINDOW = 5.0


class Pace:
    """Lets at most `fps` pictures a second of stream time pass, evenly."""

    def __init__(self, fps: float) -> None:
        self._step = 1.0 / fps
        self._due: float | None = None

    def lets(self, at: float) -> bool:
        """Whether the picture of stream time `at` is handed on. A clock set back starts the pace anew."""
        if self._due is not None and self._due - self._step * 2 < at < self._due - _SLACK:
            return False
        on_time = self._due is not None and self._due - _SLACK <= at < self._due + self._step
        self._due = (self._due if self._due is not None and on_time else at) + self._step
        return True


class Rate:
    """Counts pictures a second over the last five seconds of stream time."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=1000)

    def saw(self, at: float) -> None:
        """One more picture, of stream time `at`."""
        self._times.append(at)
        while self._times[0] < at - _WINDOW:
            self._times.popleft()

    def per_second(self) -> float:
        """Pictures a second, 0 before the second one."""
        lasted = self._times[-1] - self._times[0] if self._times else 0.0
        return min((len(self._times) - 1) / lasted, 1000.0) if lasted > 0 else 0.0


def back_off(failures: int, chance: float) -> float:
    """Seconds to wait after `failures` vain attempts; `chance` 0..1 spreads cameras that fell together."""
    return min(LATEST, SOONEST * 2.0 ** min(failures, 16)) * (0.75 + 0.25 * chance)
