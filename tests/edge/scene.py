"""A camera and a detector that do as they are told, for the tests of what stands between them and the hub."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from edge.camera.clip import Clip, NoClip
from edge.camera.frame import Frame
from edge.camera.health import Health
from edge.config import CameraConfig, IntrusionRule, ZoneConfig
from edge.see.seen import NOTHING, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from edge.camera.mask import Picture

WIDTH, HEIGHT = 160, 120
BEGIN = 1_000_000.0


@dataclass
class StillEye:
    """Gives the frames that were put into it, one at a time."""

    camera: str = "c-2-01"
    clips: Path | None = None
    frames: list[Frame] = field(default_factory=list)
    state: Health = field(default_factory=lambda: Health("c-2-01", "live", BEGIN))
    running: bool = False
    asleep: bool = False
    asked: list[tuple[float, float]] = field(default_factory=list)

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def next(self, timeout: float) -> Frame | None:  # noqa: ARG002 - never waits
        return self.frames.pop(0) if self.frames else None

    def health(self) -> Health:
        return self.state

    def pid(self) -> int | None:
        return None

    def sleep(self, *, asleep: bool) -> None:
        self.asleep = asleep

    def relay(self, mains: Iterable[bool], take: Callable[[bytes], None]) -> None:
        """It has no packets."""

    def clip(self, begin: float, end: float, path: Path) -> Clip:
        self.asked.append((begin, end))
        if self.clips is None:
            raise NoClip("there is no ring")
        data = f"clip {begin} {end}".encode()
        target = self.clips / path
        target.write_bytes(data)
        return Clip(target, begin, end, len(data), hashlib.sha256(data).hexdigest())


class Pointer:
    """A detector that sees a person wherever the picture has a white block, and counts its looks."""

    def __init__(self) -> None:
        self.looks = 0

    def detect(self, picture: Picture) -> Seen:
        self.looks += 1
        rows, columns = np.nonzero(picture[:, :, 0] > 200)
        if not len(rows):
            return NOTHING
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        return Seen(np.array([box], np.float32), np.array([0.9], np.float32), ("person",))


def frame(at: float, x: int | None = None, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Frame:
    """A grey picture; with `x` somebody stands there, 20 pixels wide and 40 tall, feet at row 80."""
    width, height = size
    picture = np.full((height, width, 3), 90, np.uint8)
    if x is not None:
        picture[40:80, x : x + 20] = 255
    return Frame("c-2-01", at, 1, picture)


def crossing(begin: float = BEGIN, seconds: float = 5.6, fps: float = 5.0) -> list[Frame]:
    """Somebody walks in from the left and stays in the picture."""
    times = np.arange(0, seconds, 1 / fps)
    return [frame(begin + float(t), min(120, int(4 + 30 * t))) for t in times]


def watched(**more: float) -> CameraConfig:
    """A camera whose whole picture is a forbidden zone."""
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    zone = ZoneConfig(id="yard", polygon=whole, rules=(IntrusionRule(cooldown=0.0),))
    return CameraConfig(id="c-2-01", url=0, zones=(zone,), **more)  # type: ignore[arg-type]
