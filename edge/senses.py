"""What one picture shows, as rules are given it; what no rule asked for is not looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.rule.scene import Scene
from edge.see.fire import Fire
from edge.see.seen import Seen
from edge.see.smoke import Smoke
from edge.see.static import Static
from edge.see.track import Tracker
from wire.rule import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from edge.camera.mask import Picture
    from edge.rule.scene import Sense, Track

UNKNOWN = 0.5
"""The score of what is only known to move."""


class Senses:
    """What looks at one camera's pictures besides its detector; for one stream, in order."""

    def __init__(self, needs: Iterable[Sense]) -> None:
        """Make ready to look for what is needed."""
        asked = frozenset(needs)
        self._moving = Tracker() if "moving" in asked else None
        self._static = Static() if "still" in asked else None
        self._burning = (Fire(), Smoke()) if "flames" in asked else ()

    def scene(
        self, picture: Picture, tracks: tuple[Track, ...], moved: NDArray[np.int32], at: float
    ) -> Scene:
        """What a picture shows.

        Args:
            picture: BGR uint8 [h, w, 3].
            tracks: who is known to be in it.
            moved: [n, 4] where it moves, left, top, right, bottom in pixels.
            at: its stream second.
        """
        high, wide = picture.shape[:2]
        moving = self._moving.step(_seen(moved), at) if self._moving else ()
        people = np.array([t.box for t in tracks if t.label in PEOPLE], np.float32).reshape(-1, 4)
        still = self._static.things(picture, at, people) if self._static else ()
        flames = tuple(flame for sense in self._burning for flame in sense.flames(picture, at, people))
        return Scene(size=(wide, high), tracks=tracks, moving=moving, still=still, flames=flames)


def _seen(moved: NDArray[np.int32]) -> Seen:
    scores = np.full(len(moved), UNKNOWN, np.float32)
    return Seen(moved.astype(np.float32), scores, ("moving",) * len(moved))
