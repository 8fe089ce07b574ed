"""A vehicle where and when none may be, known by the detector or, seen from straight above, by its motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from edge.rule.change import NONE_YET, Count, Facts, boxes_of
from edge.rule.presence import Presence
from wire.rule import PEOPLE

if TYPE_CHECKING:
    from edge.rule.change import Change, Trust
    from edge.rule.scene import Scene, Sense, Track
    from edge.rule.scope import Scope

TRUST: dict[str, Trust] = {"detector": "normal", "motion": "low"}
NEEDS: dict[str, frozenset[Sense]] = {"detector": frozenset(), "motion": frozenset({"moving"})}


class Vehicle:
    """One event for as long as any vehicle is in the zone."""

    def __init__(
        self,
        scope: Scope,
        *,
        by: Literal["detector", "motion"],
        dwell: float,
        move: float,
        grace: float,
        least: float,
    ) -> None:
        """Watch one zone.

        Args:
            scope: where and when none may be, and by the detector which labels count.
            by: what tells a vehicle; by motion it is anything that moves, is
                large enough and shows nobody.
            dwell: seconds inside before it counts.
            move: how far it must have moved since first seen, in shares of its height.
            grace: seconds with none seen inside before it is over.
            least: by motion, smallest area as a share of the picture's.
        """
        self.needs = NEEDS[by]
        self._scope, self._by = scope, by
        wide, high = scope.zone.size
        self._least = least * wide * high
        self.count = NONE_YET
        self._presence = Presence(scope.zone, dwell=dwell, move=move, grace=grace)
        self._episode = scope.episode("vehicle")

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        inside = self._presence.step(self._vehicles(scene, now), now)
        self.count = Count(self._presence.longest, len(inside))
        if not inside or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        began = min(stay.began for stay in inside)
        boxes = boxes_of(stay.track for stay in inside)
        size, trust = self._scope.zone.size, TRUST[self._by]
        facts = Facts(boxes[0].score, boxes, size, len(inside), now - began, trust=trust)
        return self._episode.step(facts, began, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget what was there."""
        self._presence.clear()
        return self._episode.step(None, now, now)

    def _vehicles(self, scene: Scene, now: float) -> list[Track]:
        if self._by == "detector":
            return self._scope.sure(scene.tracks, now)
        people = [track for track in self._scope.lately(scene.tracks, now) if track.label in PEOPLE]
        large = [track for track in self._scope.lately(scene.moving, now) if _area(track) >= self._least]
        return [track for track in large if not any(_holds(track, person) for person in people)]


def _holds(track: Track, person: Track) -> bool:
    """Whether the middle of somebody who is known lies in what moves: then it is people who move."""
    x, y = (person.box[:2] + person.box[2:]) / 2
    left, top, right, bottom = track.box
    return bool(left <= x <= right and top <= y <= bottom)


def _area(track: Track) -> float:
    left, top, right, bottom = track.box
    return float((right - left) * (bottom - top))
