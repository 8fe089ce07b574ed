"""A fire lane or an exit where things have stood for too long, whatever they are.

What passes, and what is put down for a moment and taken away again, does not count: only what has stood there
for the whole time does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.rule.change import NONE_YET, Count, Facts
from edge.rule.standing import Standing, boxes_of_things

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from edge.rule.change import Change
    from edge.rule.scene import Scene, Sense, Thing
    from edge.rule.scope import Scope
    from edge.rule.zone import Zone

GRAIN = 80
"""Points across and down the picture, by which it is measured how much of a zone is covered."""
CLEAR = 0.7
"""Of the share that blocks it so much may stay covered, and the way is free again."""


class Blocked:
    """One event for as long as the way is not free."""

    needs: frozenset[Sense] = frozenset({"still"})

    def __init__(self, scope: Scope, *, seconds: float, share: float) -> None:
        """Watch one zone.

        Args:
            scope: what must be free, and when.
            seconds: how long a thing must have stood there.
            share: how much of the zone such things must cover.
        """
        self._scope = scope
        self.count = NONE_YET
        self._seconds = seconds
        self._share = share
        self._standing = Standing("came")
        self._points = _points(scope.zone)
        self._episode = scope.episode("blocked")

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        there = self._standing.step(scene, now)
        there = [thing for thing, points in zip(there, self._covered(there), strict=True) if points.any()]
        self.count = Count(max((now - thing.since for thing in there), default=0.0), len(there))
        things = [thing for thing in there if now - thing.since >= self._seconds]
        if not self._episode.is_open:
            things = [thing for thing in things if self._standing.sees(thing, now)]
        covered = self._covered(things)
        old = [thing for thing, points in zip(things, covered, strict=True) if points.any()]
        share = np.count_nonzero(covered.any(axis=0)) / max(1, len(self._points))
        enough = self._share * (CLEAR if self._episode.is_open else 1.0)
        if not old or share < enough or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        began = old[0].since
        score = max(thing.score for thing in old)
        facts = Facts(score, boxes_of_things(old), self._scope.zone.size, len(old), now - began)
        return self._episode.step(facts, began, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget what stood there."""
        self._standing.clear()
        return self._episode.step(None, now, now)

    def _covered(self, things: Sequence[Thing]) -> NDArray[np.bool_]:
        """Which points of the zone lie in the box of which thing, [things, points]."""
        boxes = np.asarray([thing.box for thing in things], np.float32).reshape(-1, 4, 1)
        x, y = self._points.T
        across = (boxes[:, 0] <= x) & (x < boxes[:, 2])
        return np.asarray(across & (boxes[:, 1] <= y) & (y < boxes[:, 3]))


def _points(zone: Zone) -> NDArray[np.float32]:
    """Points [n, 2] spread evenly over a zone, in pixels."""
    wide, high = zone.size
    steps = (np.arange(GRAIN, dtype=np.float32) + 0.5) / GRAIN
    across, down = np.meshgrid(steps * wide, steps * high)
    points = np.stack([across.ravel(), down.ravel()], axis=1).astype(np.float32)
    return points[zone.holds(points)]
