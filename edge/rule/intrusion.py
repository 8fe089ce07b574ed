"""Somebody in a zone where and when nobody may be.

Silent outside its timetable, and about what has never moved since it was first seen: parked things, a poster,
a reflection that stands still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.rule.change import NONE_YET, Count, Facts, boxes_of
from edge.rule.presence import Presence

if TYPE_CHECKING:
    from edge.rule.change import Change
    from edge.rule.scene import Scene, Sense
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
        self.count = NONE_YET
        self._presence = Presence(scope.zone, dwell=dwell, move=move, grace=grace)
        self._episode = scope.episode("intrusion")

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        inside = self._presence.step(self._scope.sure(scene.tracks, now), now, scene.tracks)
        self.count = Count(self._presence.longest, len(inside))
        if not inside or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        began = min(stay.began for stay in inside)
        boxes = boxes_of(stay.track for stay in inside)
        facts = Facts(boxes[0].score, boxes, self._scope.zone.size, len(inside), now - began)
        return self._episode.step(facts, began, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget who was there."""
        self._presence.clear()
        return self._episode.step(None, now, now)
