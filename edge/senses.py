"""What one picture shows, as rules are given it; what no rule asked for is not looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.rule.scene import Scene
from edge.see.fire import Fire
from edge.see.moving import Moving
from edge.see.seen import Seen
from edge.see.smoke import Smoke
from edge.see.static import Static
from edge.see.track import Tracker
from wire.rule import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edge.camera.mask import Picture
    from edge.rule.scene import Sense, Track

UNKNOWN = 0.5
"""The score of what is only known to move."""


class Senses:
    """What looks at one camera's pictures besides its detector; for one stream, in order."""

    def __init__(self, needs: Iterable[Sense]) -> None:
        """Make ready to look for what is needed."""
        asked = frozenset(needs)
        self._moving = _Followed() if "moving" in asked else None
        self._static = Static() if "still" in asked else None
        self._burning = (Fire(), Smoke()) if "flames" in asked else ()

    def scene(self, picture: Picture, tracks: tuple[Track, ...], at: float) -> Scene:
        """What a picture shows.

        Args:
            picture: BGR uint8 [h, w, 3].
            tracks: who is known to be in it.
            at: its stream second.
        """
        high, wide = picture.shape[:2]
        moving = self._moving.tracks(picture, at) if self._moving else ()
        people = np.array([t.box for t in tracks if t.label in PEOPLE], np.float32).reshape(-1, 4)
        still = self._static.things(picture, at, people) if self._static else ()
        flames = tuple(flame for sense in self._burning for flame in sense.flames(picture, at, people))
        return Scene(size=(wide, high), tracks=tracks, moving=moving, still=still, flames=flames)


class _Followed:
    """Whatever moves, followed from picture to picture."""

    def __init__(self) -> None:
        self._moving, self._tracker = Moving(), Tracker()

    def tracks(self, picture: Picture, at: float) -> tuple[Track, ...]:
        boxes = self._moving.boxes(picture)
        scores = np.full(len(boxes), UNKNOWN, np.float32)
        return self._tracker.step(Seen(boxes, scores, ("moving",) * len(boxes)), at)
