"""Somebody in a zone where and when nobody may be.

Silent outside its timetable, and about what has never moved since it was first seen: parked things, a poster,
a reflection that stands still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.rule.change import Facts, boxes_of
from edge.rule.kin import Kin
from edge.rule.scene import feet
from edge.rule.stay import Stays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from edge.rule.change import Change
    from edge.rule.scene import Scene, Sense, Track
    from edge.rule.scope import Scope


class Intrusion:
    """One event for as long as anybody is in the zone."""

    needs: frozenset[Sense] = frozenset()

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
        self._kin = Kin(grace)
        self._stays = Stays(scope.zone, grace)
        self._movers = Movers(move)
        self._episode = scope.episode("intrusion")

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        known = self._scope.sure(scene.tracks, now)
        names = self._kin.step(known, now)
        moved = self._movers.step(known, names, self._kin.known())
        stays = self._stays.step([track for track in known if names[track.id] in moved], names, now)
        inside = [stay for stay in stays if stay.seconds >= self._dwell]
        if not inside or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        began = min(stay.began for stay in inside)
        boxes = boxes_of(stay.track for stay in inside)
        facts = Facts(boxes[0].score, boxes, self._scope.zone.size, len(inside), now - began)
        return self._episode.step(facts, began, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget who was there."""
        self._kin.clear()
        self._stays.clear()
        self._movers.clear()
        return self._episode.step(None, now, now)


class Movers:
    """Who has ever moved away from where they were first seen."""

    def __init__(self, share: float) -> None:
        """Count a move from `share` of the box's own height on."""
        self._share = share
        self._first: dict[int, NDArray[np.float32]] = {}
        self._moved: set[int] = set()

    def step(self, tracks: Sequence[Track], names: Mapping[int, int], known: set[int]) -> set[int]:
        """Who has moved; `names` says who each track is, and whoever is not `known` is forgotten."""
        self._first = {who: foot for who, foot in self._first.items() if who in known}
        self._moved &= known
        for track, foot in zip(tracks, feet(tracks), strict=True):
            who = names[track.id]
            first = self._first.setdefault(who, foot)
            height = float(track.box[3] - track.box[1])
            if float(np.hypot(*(foot - first))) >= self._share * height:
                self._moved.add(who)
        return self._moved

    def clear(self) -> None:
        """Forget everybody."""
        self._first.clear()
        self._moved.clear()
