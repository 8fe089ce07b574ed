"""What a replay is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from edge.config import CameraConfig, EdgeConfig
from wire.value import Value

if TYPE_CHECKING:
    from wire.order import Replay
    from wire.scene import Masks


class Job(Value, frozen=True):
    """A recorded time, and how it is looked at."""

    folder: str
    """Of all recordings."""
    scratch: str
    """Where what is cut out stands meanwhile."""
    edge: EdgeConfig
    camera: CameraConfig
    """With the zones and masks that are tried."""
    begin: float
    """Stream second."""
    seconds: float


def masks(camera: CameraConfig, args: Replay) -> Masks:
    """What is hidden while `args` is tried.

    What is masked now stays masked: pixels that nobody may see are no more seen by a rule that is tried.
    """
    return (*camera.masks, *(mask for mask in args.masks if mask not in camera.masks))


def job(edge: EdgeConfig, camera: CameraConfig, args: Replay, folder: str, scratch: str) -> Job:
    """Try what is drawn in `args` on a recorded time of `camera`, otherwise as it is watched now."""
    tried = msgspec.structs.replace(camera, zones=args.zones, masks=masks(camera, args))
    return Job(folder, scratch, edge, tried, args.begin.timestamp(), args.seconds)


def read_job(data: bytes) -> Job:
    """The job in a line of JSON."""
    return msgspec.json.decode(data, type=Job)
