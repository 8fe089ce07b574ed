"""How well a camera sees: one picture beside what it usually shows, measured once a second or so.

Fine detail tells a lens out of focus, edges tell where a camera points, a very small picture tells what is
roughly where. Each is compared with the usual, so nothing here knows what the place looks like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]
    Plane = NDArray[np.float32]

WIDTH, HEIGHT = 320, 240
"""Pixels of the small picture that is measured; fine detail is the first to go at this size."""
ROUGH = (20, 15)
"""Pixels of the picture that only tells what is roughly where."""
HARD = 100.0
"""Gradient from which on an edge counts as any other: a lamp must not outweigh a hall."""
WHITE = 245
"""Grey level from which on a pixel is blinded."""
STEP = 12
"""Grey levels by which a pixel must differ to have changed: coding the same picture anew moves it less."""
WARM = 10
"""Looks that weigh alike in what is usual; later ones weigh KEEP."""
KEEP = 0.02
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Look:
    """One picture beside the usual one."""

    detail: float
    """Fine detail as a share of the usual."""
    sharp: float
    """The same for its contrast: a picture in little light has less of both."""
    edges: float
    """How far edges lie where they usually do: 1 the same, 0 anywhere."""
    rough: float
    """How far light and dark lie where they usually do: 1 the same, 0 anywhere."""
    light: float
    """Mean grey, 0..1."""
    contrast: float
    """Standard deviation of grey, 0..0.5."""
    white: float
    """Share of blinded pixels."""
    changed: float
    """Share of pixels that changed since the look before; 1 at the first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """What one picture shows, or what is usual."""

    detail: float
    contrast: float
    edges: Plane
    """float32 [HEIGHT, WIDTH]."""
    rough: Plane
    """float32 [15, 20]."""

    def mixed(self, now: _Measured, share: float) -> _Measured:
        """This with a share of `now` in it."""
        part = np.float32(share)
        return _Measured(
            self.detail + share * (now.detail - self.detail),
            self.contrast + share * (now.contrast - self.contrast),
            self.edges + part * (now.edges - self.edges),
            self.rough + part * (now.rough - self.rough),
        )


class Sight:
    """Remembers what one camera usually shows; give it pictures in order, of any size."""

    def __init__(self) -> None:
        self._usual: _Measured | None = None
        self._now: _Measured | None = None
        self._before: Grey | None = None
        self._learned = 0

    def look(self, picture: NDArray[np.uint8]) -> Look:
        """Measure a picture BGR uint8 [h, w, 3]; it becomes usual only by `learn`."""
        grey = _small(picture)
        self._now = now = _measured(grey)
        usual = self._usual or now
        changed = 1.0 if self._before is None else _changed(self._before, grey)
        self._before = grey
        return Look(
            detail=now.detail / max(usual.detail, TINY),
            sharp=(now.detail * usual.contrast) / max(usual.detail * now.contrast, TINY),
            edges=_alike(now.edges, usual.edges),
            rough=_alike(now.rough, usual.rough),
            light=float(grey.mean()) / 255,
            contrast=now.contrast / 255,
            white=float(np.count_nonzero(grey >= WHITE)) / grey.size,
            changed=changed,
        )

    def learn(self) -> None:
        """Let the last look count among what is usual."""
        if self._now is None:
            return
        self._learned += 1
        share = max(KEEP, 1 / min(self._learned, WARM))
        self._usual = self._usual.mixed(self._now, share) if self._usual else self._now

    def begin(self) -> None:
        """Take the last look for the usual one: the camera is meant to look there from now on."""
        self._usual, self._learned = self._now, 1


def _small(picture: NDArray[np.uint8]) -> Grey:
    # Grey first: one plane is made small for a third of what three cost.
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def _measured(grey: Grey) -> _Measured:
    detail = cv2.norm(cv2.Laplacian(grey, cv2.CV_16S), cv2.NORM_L1) / grey.size
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    edges = np.minimum(cv2.magnitude(across, down), HARD)
    rough = cv2.resize(grey, ROUGH, interpolation=cv2.INTER_AREA)
    contrast = float(cv2.meanStdDev(grey)[1][0, 0])
    return _Measured(detail, contrast, np.asarray(edges, np.float32), np.asarray(rough, np.float32))


def _alike(one: Plane, other: Plane) -> float:
    """Correlation of two planes, -1..1; 0 where one of them is even all over."""
    first, second = one - one.mean(), other - other.mean()
    size = float(np.sqrt((first * first).sum() * (second * second).sum()))
    return float((first * second).sum()) / size if size > 1.0 else 0.0


def _changed(before: Grey, grey: Grey) -> float:
    return float(np.count_nonzero(cv2.absdiff(before, grey) > STEP)) / grey.size
