"""Films that an edge is shown: clips, and what is made of them while the test runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from edge.camera.pace import Pace
from edge.config.values import SightConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge.camera.mask import Picture

ROOT = Path(__file__).parents[2]
FOOTAGE = ROOT.parent / "shared" / "footage"
VTEST = ROOT / ".cache" / "footage" / "vtest.avi"
USUAL = SightConfig()
RATE = 5.0
"""Pictures a second that are looked at, as an edge does by default."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a film."""

    key: str
    """The same for the same picture in any film, so that a detector need look at it once only."""
    at: float
    """Second of the film."""
    picture: Picture


@dataclass(frozen=True, slots=True)
class Film:
    """A film with the clip that it needs; `long` ones run with `make test-all`."""

    name: str
    clip: Path
    shots: Callable[[Path], Iterator[Shot]]
    long: bool = False
    sight: SightConfig = USUAL
    """When the camera that films it counts as blind."""


def clip(
    path: Path, begin: float = 0.0, end: float = 1e9, comes: Callable[[], bool] = lambda: True
) -> Iterator[Shot]:
    """`RATE` pictures a second of a clip, from its second `begin` on, of those that come through."""
    pace = Pace(RATE)
    with av.open(str(path)) as opened:
        for number, frame in enumerate(opened.decode(video=0)):
            at = float(frame.time or 0.0)
            if at >= end:
                return
            if at + 1e-6 >= begin and comes() and pace.lets(at):
                picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                yield Shot(f"{path.name}:{number}", at - begin, picture)


def cut(name: str, path: Path, begin: float = 0.0, end: float = 1e9, *, long: bool = False) -> Film:
    """A clip, or what it shows from one second to another; its time begins at zero."""
    return Film(name, path, lambda found: clip(found, begin, end), long)


def half_lost(path: Path, end: float, seed: int) -> Iterator[Shot]:
    """A clip of which every second picture, on the average, is lost on the way to the edge."""
    random = np.random.default_rng(seed)
    return clip(path, 0.0, end, lambda: bool(random.random() < 0.5))


def visits(path: Path, pieces: tuple[tuple[float, float], ...], times: int) -> Iterator[Shot]:
    """Pieces of a clip one after another, all of them so many times."""
    shown = [list(clip(path, *piece)) for piece in pieces] * times
    for number, shot in enumerate(shot for piece in shown for shot in piece):
        yield Shot(shot.key, number / RATE, shot.picture)


def lights(path: Path, at: float, seconds: float) -> Iterator[Shot]:
    """One picture of a clip, over one half of which the light goes on and off every six seconds."""
    (empty, *_) = clip(path, at, at + 1.0)
    lit = empty.picture.copy()
    half = lit[:, : lit.shape[1] // 2].astype(np.float32)
    lit[:, : lit.shape[1] // 2] = np.clip(half * 1.7 + 25, 0, 255).astype(np.uint8)
    random = np.random.default_rng(1)
    for number in range(int(seconds * RATE)):
        is_lit = int(number / RATE / 6) % 2 == 1
        noise = random.normal(0, 2, lit.shape).astype(np.float32)
        picture = np.clip((lit if is_lit else empty.picture) + noise, 0, 255).astype(np.uint8)
        yield Shot(f"{empty.key}/lights:{number}", number / RATE, picture)
