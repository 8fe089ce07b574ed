"""What the detector says of one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Boxes = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Things seen in one picture, the surest first."""

    boxes: NDArray[np.float32]
    """[n, 4] left, top, right, bottom in pixels of the picture, within it."""
    scores: NDArray[np.float32]
    """[n] how sure, 0..1."""
    labels: tuple[str, ...]
    """n words such as `person`."""

    def __len__(self) -> int:
        return len(self.labels)


NOTHING = Seen(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), ())


def overlap(one: Boxes, other: Boxes) -> NDArray[np.float64]:
    """Intersection over union of every pair of boxes: [n, 4] and [m, 4] to [n, m]."""
    first = np.maximum(one[:, None, :2], other[None, :, :2])
    last = np.minimum(one[:, None, 2:], other[None, :, 2:])
    common = np.clip(last - first, 0, None).prod(axis=2)
    either = _area(one)[:, None] + _area(other)[None] - common
    return np.asarray(common / np.maximum(either, np.finfo(np.float32).tiny), np.float64)


def _area(boxes: Boxes) -> NDArray[np.float64]:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), np.float64)
