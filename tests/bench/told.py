"""What cameras tell of the clip, beside what they would tell if the detector were shown every picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from edge.agent import load_detector
from edge.camera.frame import Frame
from edge.config import CameraConfig, DetectorConfig
from edge.watch import Watch
from tests.bench.edge_rss import MODEL
from tests.bench.film import cells
from tests.bench.footage import pictures
from tests.edge.market import config
from tests.edge.scene import StillEye
from wire.message import Event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.stage import Began
    from tests.edge.market import Hub

FILM_FPS, LASTS = 10, 79.5
"""Of the clip."""
APART = 6.0
"""Seconds of the clip between the beginnings of two cameras."""
NEAR = 1.0
"""Seconds by which an event may begin later, or be over sooner."""
EPOCH = 1e6


@dataclass(frozen=True, slots=True)
class Told:
    """An event: somebody was in a zone from one second to another, of a clip that goes round and round."""

    camera: int
    zone: str
    began: float
    ended: float = float("inf")


def watched(number: int, url: str | int, fps: float) -> CameraConfig:
    """A camera with four zones, each of which tells whenever somebody walks through."""
    return CameraConfig(id=f"c-{number}", url=url, fps=fps, zones=tuple(cells(2, 2)))


def begins(number: int) -> float:
    """The second of the clip with which a camera begins."""
    return number * APART % LASTS


def full_rate() -> list[Told]:
    """Of twice the clip, every picture of which is looked at."""
    camera = watched(0, 0, FILM_FPS)
    watch, found = Watch(camera, config(Path("none"), 1, 1, camera), StillEye()), dict[str, Told]()
    detector = load_detector(DetectorConfig(model=str(MODEL)))
    for number, picture in enumerate(each for _ in range(2) for each in pictures()):
        for change in watch.look(Frame(camera.id, EPOCH + number / FILM_FPS, number + 1, picture), detector):
            _keep(found, 0, change.event, change.phase, change.zone, change.at - EPOCH)
    return list(found.values())


def heard(hub: Hub, began: Mapping[int, Began]) -> list[Told]:
    """Of every camera, in seconds since its film showed what it was to begin with."""
    found: dict[str, Told] = {}
    for envelope in hub.of("event"):
        body = envelope.body
        if isinstance(body, Event) and body.camera is not None:
            number = int(body.camera.removeprefix("c-"))
            film = began[number]
            at = body.at.timestamp() - film.at + film.second - begins(number)
            _keep(found, number, body.event, body.phase, body.zone, at)
    return list(found.values())


def judged(
    expected: Sequence[Told], found: Sequence[Told], cameras: int, begin: float, end: float
) -> tuple[int, int]:
    """How many of the expected beginnings were told of, and how many there are.

    Counted are those from `begin` to `end`, seconds since each film began; told of is one at whose
    moment the same zone of that camera tells of somebody.
    """
    told = wanted = 0
    for number in range(cameras):
        own = [one for one in found if one.camera == number]
        for one in expected:
            second = one.began - begins(number)
            if begin <= second < end:
                wanted += 1
                told += any(o.zone == one.zone and o.began - NEAR <= second <= o.ended + NEAR for o in own)
    return told, wanted


def _keep(found: dict[str, Told], number: int, event: str, phase: str, zone: str | None, at: float) -> None:
    """Note the beginning or the end of an event."""
    if phase == "new":
        found[event] = Told(number, zone or "", at)
    elif phase == "end" and event in found:
        found[event] = replace(found[event], ended=at)
