"""How values are spread: counts below given bounds, which Prometheus calls a histogram.

Doors count with these and import no monitoring library; whoever asks reads them.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds for what people wait for."""
LATE = (0.1, 0.5, 1.0, 5.0, 30.0, 300.0, 3_600.0, 86_400.0, 604_800.0)
"""Bounds in seconds for what may lie in an outbox for a week."""
SIZES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
"""Bounds for how many there are at once."""


class Spread:
    """Values noted by one thread, read by any."""

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        self.bounds = bounds
        self.sum = 0.0
        """Of all values."""
        self._counts = [0] * (len(bounds) + 1)

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self._counts)

    def note(self, value: float, times: int = 1) -> None:
        """Count a value; one that lies on a bound counts below it."""
        self._counts[bisect_left(self.bounds, value)] += times
        self.sum += value * times

    def below(self) -> list[tuple[str, float]]:
        """For each bound, and `+Inf` last, how many values were not greater."""
        names = [*(format(bound, "g") for bound in self.bounds), "+Inf"]
        return list(zip(names, map(float, accumulate(self._counts)), strict=True))
