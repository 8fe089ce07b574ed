"""Who stands still: parked things and people who wait, which need no look at every picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from edge.see.track import Track

SETTLED = 3.0
"""Seconds in one place after which something stands."""
STIR = 0.15
"""Share of its height by which something that stands has moved: boxes tremble a little."""


class Standing:
    """Remembers where each track of one camera came to rest; give it the tracks of every look."""

    def __init__(self) -> None:
        self._places: dict[int, tuple[NDArray[np.float32], float]] = {}
        """By track: its middle, [2] pixels, and since when it has not left it."""
        self._all = False

    def step(self, tracks: Sequence[Track], at: float) -> None:
        """What is followed after a look at stream second `at`."""
        self._places = {track.id: self._rested(track, at) for track in tracks}
        stood = (at - since >= SETTLED for _, since in self._places.values())
        self._all = all(track.last == at for track in tracks) and all(stood)

    def __bool__(self) -> bool:
        """Whether all that is followed was seen at the last look and stands; also where nothing is."""
        return self._all

    def _rested(self, track: Track, at: float) -> tuple[NDArray[np.float32], float]:
        middle = np.asarray((track.box[:2] + track.box[2:]) / 2, np.float32)
        place, since = self._places.get(track.id, (middle, at))
        high = float(track.box[3] - track.box[1])
        if float(np.hypot(*(middle - place))) > STIR * high:
            return middle, at
        return place, since
