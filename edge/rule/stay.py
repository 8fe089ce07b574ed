"""How long each track has been in a zone, in seconds of stream time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from edge.rule.change import feet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edge.rule.change import Track
    from edge.rule.zone import Zone

STEP = 1.0
"""Longest pause between two sights that still counts as having been there all the while."""
NEAR = 0.75
"""A track that appears within this share of its own height of a vanished one goes on with its stay."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit: since when, how many seconds seen inside, last seen inside when and how."""

    track: Track
    began: float
    seconds: float
    seen: float


class Stays:
    """The visits to one zone; one is forgotten when its track was away for longer than `grace` seconds."""

    def __init__(self, zone: Zone, grace: float) -> None:
        self._zone = zone
        self._grace = grace
        self._stays: dict[int, Stay] = {}

    def step(self, tracks: Sequence[Track], now: float) -> list[Stay]:
        """Every visit that goes on at stream second `now`, those in their grace included."""
        self._stays = {key: stay for key, stay in self._stays.items() if now - stay.seen <= self._grace}
        present = {track.id for track in tracks}
        for track, inside in zip(tracks, self._zone.holds(feet(tracks)), strict=True):
            if inside:
                self._stays[track.id] = self._longer(track, present, now)
        return list(self._stays.values())

    def clear(self) -> None:
        """Forget everybody."""
        self._stays.clear()

    def _longer(self, track: Track, present: set[int], now: float) -> Stay:
        stay = self._stays.get(track.id) or self._heir_of(track, present)
        if stay is None:
            return Stay(track, now, 0.0, now)
        pause = now - stay.seen
        seconds = stay.seconds + (pause if pause <= STEP else 0.0)
        return replace(stay, track=track, seconds=seconds, seen=now)

    def _heir_of(self, track: Track, present: set[int]) -> Stay | None:
        """The stay of a track that vanished where this one appeared: one person, lost and found again."""
        reach = NEAR * float(track.box[3] - track.box[1])
        for key, stay in self._stays.items():
            if key not in present and stay.track.label == track.label:
                here, there = feet([track, stay.track])
                if float(np.hypot(*(here - there))) <= reach:
                    return self._stays.pop(key)
        return None
