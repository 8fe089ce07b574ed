"""Somebody who stays too long: seconds of stream time in a zone, which begin anew after a real absence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.rule.change import NONE_YET, Count, Facts, boxes_of
from edge.rule.kin import Kin
from edge.rule.stay import Stays

if TYPE_CHECKING:
    from edge.rule.change import Change
    from edge.rule.scene import Scene, Sense
    from edge.rule.scope import Scope


class Linger:
    """One event for as long as anybody who has stayed too long is there."""

    needs: frozenset[Sense] = frozenset()

    def __init__(
        self,
        scope: Scope,
        *,
        seconds: float,
        grace: float,
    ) -> None:
        """Watch one zone.

        Args:
            scope: where and when staying is noticed, and whose.
            seconds: how long one may stay.
            grace: an absence no longer than this does not end a stay, nor does it count as staying.
        """
        self._scope = scope
        self.count = NONE_YET
        self._seconds = seconds
        self._kin = Kin(grace)
        self._stays = Stays(scope.zone, grace)
        self._episode = scope.episode("linger")

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        known = self._scope.sure(scene.tracks, now)
        stays = self._stays.step(known, self._kin.step(known, now), now)
        self.count = Count(max((stay.seconds for stay in stays), default=0.0), len(stays))
        long = [stay for stay in stays if stay.seconds >= self._seconds]
        if not long or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        boxes = boxes_of(stay.track for stay in long)
        longest = max(stay.seconds for stay in long)
        facts = Facts(boxes[0].score, boxes, self._scope.zone.size, len(long), longest)
        return self._episode.step(facts, min(stay.began for stay in long), now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget who was there."""
        self._kin.clear()
        self._stays.clear()
        return self._episode.step(None, now, now)
