"""Flames or smoke in a zone: seen for some seconds, and over when not seen for some more.

By colour, flicker and growth alone the trust is low and a person has to look. A model of the owner's that
knows these labels is trusted like any detector.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeVar

from edge.rule.change import MOST_BOXES, NONE_YET, Count, Facts, box_of, boxes_of
from edge.rule.scene import Flame, Track, feet, middles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edge.rule.change import Change, Trust
    from edge.rule.scene import Scene, Sense
    from edge.rule.scope import Scope

T = TypeVar("T", Flame, Track)

BLINK = 2.0
"""Seconds for which it may not be seen and has burnt all the while: flames hide themselves."""
OVER = 8.0
"""Seconds unseen after which it is over."""


class Fire:
    """One event for as long as it burns, or smokes, in the zone."""

    needs: frozenset[Sense] = frozenset({"flames"})

    def __init__(self, scope: Scope, *, kind: Literal["fire", "smoke"], seconds: float, score: float) -> None:
        """Watch one zone.

        Args:
            scope: where and when, and by which labels an owner's model knows it.
            kind: what is watched for.
            seconds: how long it must have been seen.
            score: least score that counts.
        """
        self._scope = scope
        self.count = NONE_YET
        self._kind = kind
        self._seconds = seconds
        self._score = score
        self._since: float | None = None
        self._last = 0.0
        self._facts: Facts | None = None
        self._episode = scope.episode(kind)

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        found = self._found(scene, now)
        patience = OVER if self._episode.is_open else BLINK
        if found is not None:
            self._since = now if self._since is None else self._since
            self._last, self._facts = now, found
        elif self._since is not None and now - self._last > patience:
            self._since = self._facts = None
        lasted = 0.0 if self._since is None else now - self._since
        self.count = Count(lasted, len(self._facts.boxes) if self._facts else 0)
        if self._since is None or self._facts is None or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        if not self._episode.is_open and (found is None or now - self._since < self._seconds):
            return ()
        return self._episode.step(replace(self._facts, seconds=now - self._since), self._since, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and begin anew."""
        self._since = self._facts = None
        return self._episode.step(None, now, now)

    def _found(self, scene: Scene, now: float) -> Facts | None:
        """What this picture shows of it."""
        flames = self._inside([flame for flame in scene.flames if flame.kind == self._kind])
        told = self._inside(self._scope.sure(scene.tracks, now))
        if not flames and not told:
            return None
        trust: Trust = "normal" if told else "low"
        seen = (box_of(flame.box, flame.kind, flame.score, flame.id) for flame in flames)
        boxes = (*boxes_of(told), *seen)[:MOST_BOXES]
        score = max(box.score for box in boxes)
        return Facts(score, boxes, self._scope.zone.size, len(boxes), trust=trust)

    def _inside(self, things: Sequence[T]) -> list[T]:
        """Those sure enough whose foot or middle is in the zone."""
        zone = self._scope.zone
        inside = zone.holds(feet(things)) | zone.holds(middles(things))
        return [
            thing
            for thing, within in zip(things, inside, strict=True)
            if within and thing.score >= self._score
        ]
