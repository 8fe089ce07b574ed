"""The cost ladder of one camera: how often the detector looks, and whether keyframes will do meanwhile.

In opening hours something moves in every picture, so a gate saves nothing and a fixed low rate does; who is
followed is carried on by its speed between two looks. In closed hours motion opens the gate at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from edge.see.standing import Standing

if TYPE_CHECKING:
    from edge.rule.hand import Arming
    from edge.see.track import Track, Tracker

Rung = Literal["open", "moves", "stands", "quiet"]
EVERY: dict[Rung, float] = {"open": 0.4, "moves": 0.0, "stands": 5.0, "quiet": 1.0}
"""Stream seconds between two looks of the detector. Nobody may have moved before the motion is seen."""
CALM = 10.0
"""Stream seconds without motion in closed hours after which keyframes will do."""
SLACK = 0.01
"""Seconds by which a picture may be early."""
NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class _Look:
    """The detector's last look at a camera, and when it was due."""

    due: float = NEVER
    tracks: tuple[Track, ...] = ()


class Ladder:
    """Give it every picture of one stream in order.

    Args:
        opening: says when the market is open; None: nobody told, and motion opens the gate at all times.
    """

    def __init__(self, opening: Arming | None) -> None:
        self._opening = opening
        self._standing = Standing()
        self._look = _Look()
        self._stirred = NEVER
        self.rung: Rung = "quiet"
        """On which it stands since the last picture."""

    def step(self, at: float, *, moved: bool) -> bool:
        """Whether the detector is to look at the picture of stream second `at`, in which something moved."""
        self.rung = self._rung(at, moved)
        if self.rung in {"open", "moves"} or self._stirred == NEVER:
            self._stirred = at
        return at - self._look.due >= EVERY[self.rung] - SLACK

    def saw(self, tracks: tuple[Track, ...], at: float) -> None:
        """The detector has looked; these are followed."""
        every = EVERY[self.rung]
        on_time = at - self._look.due < 2 * every
        self._look = _Look(self._look.due + every if on_time else at, tracks)
        self._standing.step(tracks, at)

    def carried(self, tracker: Tracker, at: float) -> tuple[Track, ...]:
        """Who is taken to be in a picture at which the detector did not look.

        Who stands while nothing moves is still there; who walks has walked on.
        """
        if self.rung == "open":
            return tracker.predict(at)
        return tuple(replace(track, last=at) for track in self._look.tracks)

    def is_calm(self, at: float) -> bool:
        """Whether nothing has stirred for a while in hours that are known to be closed."""
        return self._opening is not None and at - self._stirred >= CALM

    def _rung(self, at: float, moved: bool) -> Rung:
        if self._opening is not None and self._opening.armed(at):
            return "open"
        if moved or not self._standing:
            return "moves" if moved or self._look.tracks else "quiet"
        return "stands" if self._look.tracks else "quiet"
