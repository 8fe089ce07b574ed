"""Somebody in a zone where and when nobody may be.

Silent outside its timetable, and about what has never moved since it was first seen: parked things, a poster,
a reflection that stands still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.rule.change import Facts, boxes_of, feet
from edge.rule.stay import Stays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from edge.rule.change import Change, Track
    from edge.rule.scope import Scope


class Intrusion:
    """One event for as long as anybody is in the zone."""

    def __init__(
        self,
        scope: Scope,
        *,
        dwell: float,
        move: float,
        grace: float,
    ) -> None:
        """Watch one zone.

        Args:
            scope: where and when nobody may be, and what counts.
            dwell: seconds inside before it counts.
            move: how far a thing must have moved since first seen, in shares of its height.
            grace: seconds with nobody seen inside before it is over.
        """
        self._scope = scope
        self._dwell = dwell
        self._stays = Stays(scope.zone, grace)
        self._movers = Movers(move)
        self._episode = scope.episode("intrusion")

    def step(self, tracks: Sequence[Track], now: float) -> tuple[Change, ...]:
        """Look at one picture's tracks, taken at stream second `now`."""
        known = self._scope.sure(tracks, now)
        moved = self._movers.step(known)
        stays = self._stays.step([track for track in known if track.id in moved], now)
        inside = [stay for stay in stays if stay.seconds >= self._dwell]
        if not inside or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        began = min(stay.began for stay in inside)
        boxes = boxes_of(stay.track for stay in inside)
        facts = Facts(boxes[0].score, boxes, self._scope.zone.size, len(inside), now - began)
        return self._episode.step(facts, began, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget who was there."""
        self._stays.clear()
        self._movers.clear()
        return self._episode.step(None, now, now)


class Movers:
    """Which tracks have ever moved away from where they were first seen."""

    def __init__(self, share: float) -> None:
        """Count a move from `share` of the box's own height on."""
        self._share = share
        self._first: dict[int, NDArray[np.float32]] = {}
        self._moved: set[int] = set()

    def step(self, tracks: Sequence[Track]) -> set[int]:
        """Ids of those that have moved; a track that is gone is forgotten."""
        present = {track.id for track in tracks}
        self._first = {key: foot for key, foot in self._first.items() if key in present}
        self._moved &= present
        for track, foot in zip(tracks, feet(tracks), strict=True):
            first = self._first.setdefault(track.id, foot)
            height = float(track.box[3] - track.box[1])
            if float(np.hypot(*(foot - first))) >= self._share * height:
                self._moved.add(track.id)
        return self._moved

    def clear(self) -> None:
        """Forget everybody."""
        self._first.clear()
        self._moved.clear()
