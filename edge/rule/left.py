"""Something stands where nothing stood, and nobody attends to it; what it is, nobody says.

Who passes by does not attend to it: somebody does who was beside it when it came, or who stays beside it.
What the detector knows by itself, a person who stands still or a parked vehicle, is not left.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from edge.rule.change import NONE_YET, Count, Facts
from edge.rule.scene import feet
from edge.rule.standing import Standing, boxes_of_things
from wire.rule import VEHICLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from edge.rule.change import Change
    from edge.rule.scene import Scene, Sense, Thing, Track
    from edge.rule.scope import Scope

STAY = 4.0
"""Seconds in one place beside a thing from which on somebody attends to it; who passes by has no place."""
STRAY = 0.6
"""Own heights that one may stray and is still in one place."""
SLANT = np.array([1.0, 2.0], np.float32)
"""A camera looks down upon the ground: a step away from it has half the pixels of one across."""
BLINK = 1.0
"""Somebody who is not seen beside it for no longer than this has not left it."""
COVERED = 0.5
"""A thing of which so much lies in the box of a known one is that one."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """Somebody beside a thing: in what place, since when, and last seen when."""

    place: NDArray[np.float32]
    since: float
    seen: float


@dataclass(slots=True)
class _Care:
    """Since when nobody attends to a thing, and who is beside it, by track."""

    alone: float
    beside: dict[int, _Beside] = field(default_factory=dict)


class Left:
    """One event for as long as anything stands unattended in the zone."""

    needs: frozenset[Sense] = frozenset({"still"})

    def __init__(self, scope: Scope, *, seconds: float, near: float, least: float, most: float) -> None:
        """Watch one zone.

        Args:
            scope: where and when nothing may be left, and who may attend to it.
            seconds: how long a thing must stand unattended.
            near: who stands within so many of their own heights of it is beside it.
            least: smallest area that counts, as a share of the picture's.
            most: largest.
        """
        self._scope = scope
        self.count = NONE_YET
        self._seconds = seconds
        self._near = near
        self._standing = Standing("came", least=least, most=most)
        self._care: dict[int, _Care] = {}
        self._episode = scope.episode("left")

    @property
    def is_open(self) -> bool:
        """Whether an event of it goes on."""
        return self._episode.is_open

    def step(self, scene: Scene, now: float) -> tuple[Change, ...]:
        """Look at one picture's scene, taken at stream second `now`."""
        things = self._standing.step(scene, now)
        inside = self._scope.zone.holds(feet(things))
        things = [thing for thing, within in zip(things, inside, strict=True) if within]
        people = self._scope.sure(scene.tracks, now)
        known = people + [track for track in scene.tracks if track.label in VEHICLES]
        self._care = {thing.id: self._cared(thing, people, known, now) for thing in things}
        alone = [now - care.alone for care in self._care.values()]
        self.count = Count(max(alone, default=0.0), len(things))
        left = [thing for thing in things if now - self._care[thing.id].alone >= self._seconds]
        if not self._episode.is_open:
            left = [thing for thing in left if self._standing.sees(thing, now)]
        if not left or not self._scope.armed.armed(now):
            return self._episode.step(None, now, now)
        began = min(thing.since for thing in left)
        longest = max(now - self._care[thing.id].alone for thing in left)
        score = max(thing.score for thing in left)
        facts = Facts(score, boxes_of_things(left), self._scope.zone.size, len(left), longest)
        return self._episode.step(facts, began, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open and forget what stood there."""
        self._standing.clear()
        self._care.clear()
        return self._episode.step(None, now, now)

    def _cared(self, thing: Thing, people: Sequence[Track], known: Sequence[Track], now: float) -> _Care:
        care = self._care.get(thing.id)
        # Who is there when a thing is first seen brought it, and needs no time to be believed.
        arrived = now if care else -np.inf
        care = care or _Care(thing.since)
        near = [track for track in people if _apart(track, thing) <= self._near * _height(track)]
        near += [track for track in known if _share(thing, track) >= COVERED]
        for track, foot in zip(near, feet(near), strict=True):
            was = care.beside.get(track.id, _Beside(foot, arrived, now))
            strays = np.hypot(*(SLANT * (foot - was.place))) > STRAY * _height(track)
            care.beside[track.id] = _Beside(foot, now, now) if strays else replace(was, seen=now)
        care.beside = {who: beside for who, beside in care.beside.items() if now - beside.seen <= BLINK}
        if any(now - beside.since >= STAY for beside in care.beside.values()):
            care.alone = now
        return care


def _height(track: Track) -> float:
    return float(track.box[3] - track.box[1])


def _apart(track: Track, thing: Thing) -> float:
    """Pixels across between a person's foot and a thing; none where the foot is within its box."""
    foot = feet([track])[0]
    return float(np.hypot(*(SLANT * np.maximum(np.maximum(thing.box[:2] - foot, foot - thing.box[2:]), 0))))


def _share(thing: Thing, track: Track) -> float:
    """Share of a thing's box that lies in a track's."""
    first, last = np.maximum(thing.box[:2], track.box[:2]), np.minimum(thing.box[2:], track.box[2:])
    return float(np.clip(last - first, 0, None).prod() / max(1.0, (thing.box[2:] - thing.box[:2]).prod()))
