"""What one camera's rules have counted at a picture, as it is shown to whoever tries them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from edge.clock import moment
from edge.rule.change import MOST_BOXES, boxes_of
from edge.rule.hand import HandFirst
from edge.rule.timetable import timetable
from edge.see.still import jpeg
from wire.shown import Gauge, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from edge.camera.frame import Frame
    from edge.config import CameraConfig, EdgeConfig
    from edge.rule.change import Rule
    from edge.rule.hand import Hands
    from edge.rule.scene import Scene
    from wire.message import EventKind

QUALITY = 70
NEEDED = {"intrusion": "dwell", "vehicle": "dwell", "line": None}
"""Kind → the field that says how long; of all others it is `seconds`."""


def shown(
    frame: Frame, scene: Scene, motion: NDArray[np.int32], gauges: Sequence[Gauge], quality: int = QUALITY
) -> Shown:
    """A picture with what was seen in it and what its rules have counted."""
    high, wide = frame.picture.shape[:2]
    things = (*scene.tracks, *scene.moving)
    moving = [[min(max(int(edge), 0), 65_535) for edge in box] for box in motion[:MOST_BOXES]]
    return Shown(
        at=moment(frame.at),
        picture=(wide, high),
        still=jpeg(frame.picture, quality),
        boxes=boxes_of(things),
        motion=tuple((left, top, right, bottom) for left, top, right, bottom in moving),
        gauges=tuple(gauges),
    )


def gauges(
    camera: CameraConfig, edge: EdgeConfig, rules: Sequence[Rule], hands: Hands, at: float
) -> list[Gauge]:
    """How far each rule of the camera has come at stream second `at`, in the order in which they are told."""
    told = [(zone, rule) for zone in camera.zones for rule in zone.rules]
    clock, found = edge.clock(), []
    for (zone, config), rule in zip(told, rules, strict=False):
        kind = cast("EventKind", config.__struct_config__.tag)
        field = NEEDED.get(kind, "seconds")
        armed = HandFirst(timetable(config, edge.calendar, clock), hands, camera.id, zone.id)
        found.append(
            Gauge(
                zone=zone.id,
                kind=kind,
                seconds=round(max(0.0, rule.count.seconds), 2),
                needed=float(getattr(config, field)) if field else 0.0,
                number=rule.count.number,
                enough=getattr(config, "count", None),
                armed=armed.armed(at),
                open=rule.is_open,
            )
        )
    return found
