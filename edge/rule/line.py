"""A directed line that is crossed: counted for each direction, deaf to whoever sways on it.

Somebody has crossed who was clearly on one side and is now clearly on the other, and whose foot changed sides
between the ends of the line. Places that are only expected, while nobody is seen there, are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from edge.rule.change import NONE_YET, Count, Facts, boxes_of
from edge.rule.kin import Kin
from edge.rule.scene import feet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edge.rule.change import Change
    from edge.rule.scene import Scene, Sense, Track
    from edge.rule.scope import Scope

    Way = Literal["in", "out"]

GRACE = 2.0
"""Seconds for which somebody unseen is remembered with the side on which they were."""
FIRES: dict[str, frozenset[str]] = {
    "in": frozenset({"in"}),
    "out": frozenset({"out"}),
    "both": frozenset({"in", "out"}),
}
NEAREST = 2.0
"""Pixels that count as clear of the line at least, however small somebody is."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody was seen last, as the line sees it."""

    seen: float
    off: float
    """Pixels to the right of the line; negative to its left."""
    along: float
    """0 at the line's first end, 1 at its second."""
    clear: int = 0
    """The side on which they were clearly last: 1 right, -1 left, 0 none yet."""
    through: bool = False
    """Whether they last changed sides between the line's ends."""


class Line:
    """One event for crossings that follow each other; `counts` goes on for as long as the rule lives."""

    needs: frozenset[Sense] = frozenset()

    def __init__(
        self,
        scope: Scope,
        ends: Sequence[tuple[float, float]],
        *,
        fires: Literal["in", "out", "both"],
        margin: float,
        quiet: float,
    ) -> None:
        """Watch one line.

        Args:
            scope: when crossing is told, and whose.
            ends: first and second end as shares 0..1 of the picture; `in` is from the left hand to the right
                of one who walks from the first to the second.
            fires: which direction is told; both are counted.
            margin: how far from the line is clearly on one side, in shares of one's own height.
            quiet: seconds without a crossing after which the event is over.
        """
        self.counts: dict[str, int] = {"in": 0, "out": 0}
        """Crossings in each direction, told or not."""
        self.count = NONE_YET
        self._scope, self._margin, self._quiet = scope, margin, quiet
        self._fires = FIRES[fires]
        first, second = np.asarray(ends, np.float64) * scope.zone.size
        self._first, self._way = first, second - first
        self._length = float(np.hypot(*self._way))
        self._kin = Kin(GRACE)
        self._places: dict[int, _Place] = {}
        self._episode = scope.episode("line")
        self._told: dict[str, int] = {}
        self._began = self._last = float("-inf")
        self._who: tuple[Track, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        known = self._scope.sure(scene.tracks, now)
        names = self._kin.step(known, now)
        self._places = {who: place for who, place in self._places.items() if who in self._kin.known()}
        crossed = [(track, way) for track in known if (way := self._crossed(track, names[track.id]))]
        for _, way in crossed:
            self.counts[way] += 1
        self.count = Count(number=sum(self.counts.values()))
        if not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        return self._tell([(track, way) for track, way in crossed if way in self._fires], now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget who stood where."""
        self._kin.clear()
        self._places.clear()
        return self._episode.step(None, now, now)

    def _crossed(self, track: Track, who: int) -> Way | None:
        """Which way this track has just crossed the line."""
        before = self._places.get(who)
        if before and track.last <= before.seen:
            return None
        place = self._place(track)
        if before:
            place = _on(before, place)
        height = float(track.box[3] - track.box[1])
        if abs(place.off) < max(NEAREST, self._margin * height):
            self._places[who] = place
            return None
        side = 1 if place.off > 0 else -1
        self._places[who] = replace(place, clear=side)
        if place.clear != -side or not place.through:
            return None
        return "in" if side > 0 else "out"

    def _place(self, track: Track) -> _Place:
        (foot,) = feet([track]).astype(np.float64) - self._first
        off = float(self._way[0] * foot[1] - self._way[1] * foot[0]) / self._length
        return _Place(track.last, off, float(self._way @ foot) / self._length**2)

    def _tell(self, crossed: list[tuple[Track, Way]], now: float) -> tuple[Change, ...]:
        if crossed:
            if not self._episode.is_open:
                self._told, self._began = {"in": 0, "out": 0}, now
            for _, way in crossed:
                self._told[way] += 1
            self._last, self._who = now, tuple(track for track, _ in crossed)
        elif not self._episode.is_open or now - self._last > self._quiet:
            return self._episode.step(None, now, now)
        boxes = boxes_of(self._who)
        words = ", ".join(f"{way} {self._told[way]}" for way in sorted(self._fires))
        count = sum(self._told.values())
        facts = Facts(boxes[0].score, boxes, self._scope.zone.size, count, now - self._began, reason=words)
        return self._episode.step(facts, self._began, now)


def _on(before: _Place, place: _Place) -> _Place:
    """A new place with what is known from the one before."""
    if before.off * place.off > 0:
        return replace(place, clear=before.clear, through=before.through)
    share = abs(before.off) / max(abs(before.off) + abs(place.off), 1e-9)
    along = before.along + share * (place.along - before.along)
    return replace(place, clear=before.clear, through=0 <= along <= 1)
