"""Something that must stay where it is has gone: only its ground is seen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.rule.change import NONE_YET, Count, Facts
from edge.rule.scene import middles
from edge.rule.standing import Standing, boxes_of_things

if TYPE_CHECKING:
    from edge.rule.change import Change
    from edge.rule.scene import Scene, Sense
    from edge.rule.scope import Scope


class Removed:
    """One event for as long as anything that stood in the zone is gone."""

    needs: frozenset[Sense] = frozenset({"still"})

    def __init__(self, scope: Scope, *, seconds: float, least: float, most: float) -> None:
        """Watch one zone.

        Args:
            scope: where and when things must stay.
            seconds: how long one must be gone.
            least: smallest area that counts, as a share of the picture's.
            most: largest.
        """
        self._scope = scope
        self.count = NONE_YET
        self._seconds = seconds
        self._standing = Standing("went", least=least, most=most)
        self._episode = scope.episode("removed")

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        things = self._standing.step(scene, now)
        inside = self._scope.zone.holds(middles(things))
        things = [thing for thing, within in zip(things, inside, strict=True) if within]
        self.count = Count(max((now - thing.since for thing in things), default=0.0), len(things))
        gone = [thing for thing in things if now - thing.since >= self._seconds]
        if not self._episode.is_open:
            gone = [thing for thing in gone if self._standing.sees(thing, now)]
        if not gone or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        facts = Facts(
            max(thing.score for thing in gone),
            boxes_of_things(gone),
            self._scope.zone.size,
            len(gone),
            now - gone[0].since,
        )
        return self._episode.step(facts, gone[0].since, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget what was gone."""
        self._standing.clear()
        return self._episode.step(None, now, now)
