"""Plays a film to a watched camera, with the detector and the rules of a real edge, quicker than time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from edge.camera.frame import Frame
from edge.config import CameraConfig
from edge.see.detect import Detector
from edge.watch import LOW, Watch
from tests.edge.market import config
from tests.edge.scene import StillEye
from tests.events.row import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from edge.camera.mask import Picture
    from edge.rule.change import Change
    from edge.see.seen import Seen
    from tests.events.film import Film, Shot
    from tests.events.row import Row

BEGIN = datetime.fromisoformat("2026-03-04T22:30:00+08:00").timestamp()
"""Stream second at which every film begins: a Wednesday night."""
MODEL = Path(__file__).parents[2] / "models" / "nanodet_g" / "int8_352x288.onnx"
CAMERA = "c-2-01"


class Remembering:
    """A detector that looks at each picture once, in however many films it is shown."""

    def __init__(self) -> None:
        self._detector: Detector | None = None
        self._seen: dict[str, Seen] = {}
        self.key = ""
        """Of the picture that is shown now."""

    def detect(self, picture: Picture) -> Seen:
        if self.key not in self._seen:
            self._detector = self._detector or Detector(MODEL, threshold=LOW)
            self._seen[self.key] = self._detector.detect(picture)
        return self._seen[self.key]


def play(film: Film, rows: Sequence[Row], detector: Remembering) -> list[Outcome]:
    """Show `film` to one camera that has the zones of all its `rows`."""
    zones = tuple(row.zone for row in rows if row.zone)
    camera = CameraConfig(id=CAMERA, url=0, zones=zones, sight=film.sight)
    watch = Watch(camera, config(Path("none"), 1, 1, camera), StillEye())
    outcomes = [Outcome(row, BEGIN) for row in rows]
    by_zone = {outcome.row.zone.id if outcome.row.zone else None: outcome for outcome in outcomes}
    for change in _changes(watch, film.shots(film.clip), detector):
        outcome = by_zone.get(change.zone)
        if outcome and change.phase == "new":
            outcome.fired.append(change)
    return outcomes


def _changes(watch: Watch, shots: Iterable[Shot], detector: Remembering) -> Iterable[Change]:
    for number, shot in enumerate(shots):
        detector.key = shot.key
        yield from watch.look(Frame(CAMERA, BEGIN + shot.at, number, shot.picture), detector)
