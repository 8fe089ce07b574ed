"""How long each person has been in a zone, in seconds of stream time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from edge.rule.scene import feet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from edge.rule.scene import Track
    from edge.rule.zone import Zone

STEP = 1.0
"""Longest pause between two sights that still counts as having been there all the while.

Where no picture came between them it counts however long it is: what was not looked at shows no absence.
"""


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit: since when, how many seconds seen inside, last seen inside when and how."""

    track: Track
    began: float
    seconds: float
    seen: float


class Stays:
    """The visits to one zone; one is forgotten when its person was away for longer than `grace` seconds."""

    def __init__(self, zone: Zone, grace: float) -> None:
        self._zone = zone
        self._grace = grace
        self._stays: dict[int, Stay] = {}
        self._last = float("-inf")
        """Stream second of the last picture."""

    def step(self, tracks: Sequence[Track], names: Mapping[int, int], now: float) -> list[Stay]:
        """Every visit that goes on at stream second `now`, those in their grace included.

        `names` says which person each track is, by the track's number.
        """
        self._forget(self._last)
        for track, inside in zip(tracks, self._zone.holds(feet(tracks)), strict=True):
            if inside:
                who = names[track.id]
                self._stays[who] = _longer(self._stays.get(who), track, now, self._last)
        self._last = now
        self._forget(now)
        return list(self._stays.values())

    def clear(self) -> None:
        """Forget everybody."""
        self._stays.clear()
        self._last = float("-inf")

    def _forget(self, now: float) -> None:
        """Whoever pictures up to stream second `now` show to be away for longer than the grace."""
        self._stays = {who: stay for who, stay in self._stays.items() if now - stay.seen <= self._grace}


def _longer(stay: Stay | None, track: Track, now: float, before: float) -> Stay:
    """The visit after one more sight; the picture before this one was taken at stream second `before`."""
    if stay is None:
        return Stay(track, now, 0.0, now)
    pause = now - stay.seen
    seconds = stay.seconds + (pause if pause <= STEP or stay.seen == before else 0.0)
    return replace(stay, track=track, seconds=seconds, seen=now)
