"""Too many in one place: over one threshold for some seconds, until under a lower one for as long."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from edge.rule.change import NONE_YET, Count, Facts, boxes_of
from edge.rule.scene import feet

if TYPE_CHECKING:
    from edge.rule.change import Change, Trust
    from edge.rule.scene import Scene, Sense
    from edge.rule.scope import Scope

TWICE = 2
"""So many times the threshold is a throng, which is told with high trust."""
BLINK = 1.0
"""A count that dips for no longer than this has not dipped: the detector missed somebody."""


THIN = 70
"""Per cent of the density that makes a crowd, at which or below it is none any more."""


def dense(density: float, area: float) -> tuple[int, int]:
    """From how many on it is a crowd, and at how many none: of `density` people a m² on `area` m²."""
    count = max(2, math.ceil(density * area))
    return count, min(count - 1, count * THIN // 100)


class Crowd:
    """One event from when a crowd has gathered until it has gone."""

    needs: frozenset[Sense] = frozenset()

    def __init__(
        self,
        scope: Scope,
        *,
        count: int,
        clear: int,
        seconds: float,
        area: float | None = None,
    ) -> None:
        """Watch one zone.

        Args:
            scope: where and when to count, and whom.
            count: from this many on it is a crowd.
            clear: at this many or fewer it is none any more; less than `count`.
            seconds: how long either must hold.
            area: square metres of the zone; its density is told then.
        """
        self._scope = scope
        self.count = NONE_YET
        self._limits = (count, clear)
        self._seconds = seconds
        self._area = area
        self._since: float | None = None
        self._last = 0.0
        self._episode = scope.episode("crowd")

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        known = self._scope.sure(scene.tracks, now)
        inside = [t for t, within in zip(known, self._scope.zone.holds(feet(known)), strict=True) if within]
        since = self._gathered(len(inside), now)
        self.count = Count(0.0 if self._since is None else now - self._since, len(inside))
        if since is None or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        boxes = boxes_of(inside)
        score = sum(box.score for box in boxes) / len(boxes) if boxes else 0.0
        trust: Trust = "high" if len(inside) >= TWICE * self._limits[0] else "normal"
        picture = self._scope.zone.size
        dense = f"{len(inside) / self._area:.2g}/m²" if self._area else None
        facts = Facts(score, boxes, picture, len(inside), now - since, reason=dense, trust=trust)
        return self._episode.step(facts, since, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and count anew."""
        self._since = None
        return self._episode.step(None, now, now)

    def _gathered(self, count: int, now: float) -> float | None:
        """Since when it has been a crowd, or None while it is not, or not yet."""
        over, clear = self._limits
        going_on = self._episode.is_open
        if count >= (clear + 1 if going_on else over):
            self._last = now
            self._since = now if self._since is None else self._since
        elif self._since is not None and now - self._last > (self._seconds if going_on else BLINK):
            self._since = None
        if self._since is None or (now - self._since < self._seconds and not going_on):
            return None
        return self._since
