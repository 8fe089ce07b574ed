"""Who a track is the continuation of: a person lost behind a pillar comes back under another number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.rule.scene import feet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from edge.rule.scene import Track

NEAR = 0.75
"""A track that appears within this share of its own height of a vanished one is the same person."""


class Kin:
    """Remembers each person for `grace` seconds after they were last seen."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._people: dict[int, tuple[Track, float]] = {}
        """By the number of each person's first track: the last one, and when it was seen."""
        self._last = float("-inf")
        """Stream second of the last picture."""

    def step(self, tracks: Sequence[Track], now: float) -> Mapping[int, int]:
        """The person of each of `tracks`: its number to that of the person's first track."""
        self._forget(self._last)
        known = {track.id: who for who, (track, _) in self._people.items()}
        present = {track.id for track in tracks}
        names: dict[int, int] = {}
        for track in tracks:
            who = known[track.id] if track.id in known else self._ancestor(track, present)
            names[track.id] = who
            self._people[who] = (track, now)
        self._last = now
        self._forget(now)
        return names

    def known(self) -> set[int]:
        """Everybody who is remembered."""
        return set(self._people)

    def clear(self) -> None:
        """Forget everybody."""
        self._people.clear()
        self._last = float("-inf")

    def _forget(self, now: float) -> None:
        """Whoever pictures up to stream second `now` show to be away for longer than the grace."""
        self._people = {who: last for who, last in self._people.items() if now - last[1] <= self._grace}

    def _ancestor(self, track: Track, present: set[int]) -> int:
        """Whoever vanished where this track appeared, or itself."""
        reach = NEAR * float(track.box[3] - track.box[1])
        for who, (last, _) in self._people.items():
            if last.id not in present and last.label == track.label:
                here, there = feet([track, last])
                if float(np.hypot(*(here - there))) <= reach:
                    return who
        return track.id
