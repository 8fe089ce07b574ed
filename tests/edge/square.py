"""The clip of a square watched as an edge watches it, with what the detector saw in it, recorded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edge.camera.frame import Frame
from edge.config import CameraConfig, ZoneConfig
from edge.see.seen import NOTHING
from edge.watch import Watch
from tests.edge.market import config
from tests.edge.scene import StillEye

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from edge.camera.mask import Picture
    from edge.rule.change import Change
    from edge.see.detect import Detector
    from edge.see.seen import Seen
    from wire.rule import AreaRule

BEGIN = 1_000_000.0
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class Recorded:
    """What a detector saw in a clip, told again by the second, whatever has been put into the picture."""

    def __init__(self, detector: Detector | None = None) -> None:
        self._detector = detector
        self._seen: dict[float, Seen] = {}
        self.at = 0.0

    def note(self, at: float, picture: Picture) -> None:
        """Look at the picture of clip second `at` as it is."""
        self.at = at
        if self._detector is not None:
            self._seen[round(at, 2)] = self._detector.detect(picture)

    def detect(self, _picture: Picture) -> Seen:
        """What was seen in the picture noted last."""
        return self._seen.get(round(self.at, 2), NOTHING)


def watching(zones: Sequence[tuple[str, Sequence[tuple[float, float]], tuple[AreaRule, ...]]]) -> Watch:
    """An edge's watch over a camera with these zones: a name, a polygon, rules."""
    made = tuple(ZoneConfig(id=name, polygon=tuple(polygon), rules=rules) for name, polygon, rules in zones)
    camera = CameraConfig(id="c-2-01", url=0, zones=made)
    return Watch(camera, config(Path("none"), 1, 1, camera), StillEye())


def look(watch: Watch, recorded: Recorded, at: float, picture: Picture) -> list[Change]:
    """What a picture of clip second `at` changes."""
    return list(watch.look(Frame("c-2-01", BEGIN + at, 1, picture), recorded))


def news(changes: Iterable[Change]) -> list[tuple[str, str | None, float]]:
    """Kind, zone and clip second of everything that began."""
    return [(c.kind, c.zone, round(c.at - BEGIN, 1)) for c in changes if c.phase == "new"]
