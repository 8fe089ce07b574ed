"""Whether something came, or went, or only the light changed: read off the border of a patch that changed.

A thing has a border of its own, which stands in the picture that shows the thing: in the one of now if it
came, in the one of the ground if it went. Where both show one pattern, darker or brighter, nothing stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

MARGIN = 4
"""Pixels around a patch that are looked at with it."""
ALIKE = 0.6
"""Correlation of two patterns from which on they are one pattern in another light."""
PATTERN = 1.5
"""Levels, standard deviation, from which on a surface has a pattern to be known by."""
EVEN = 0.06
"""Spread of the ratio now : ground below which a patch without pattern only changed its light."""
WIDE = 60
"""Pixels from which on a patch without pattern may be a change of light; a smaller one is a thing."""
TINT = 12.0
"""Levels by which colours may differ from grey to grey in another light."""
INNER = 5
SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a changed patch is."""

    kind: Literal["came", "went", "light"]
    score: float
    """How sure, 0..1."""


def verdict(now: Picture, ground: Picture, patch: Picture) -> Verdict:
    """Judge one patch.

    Args:
        now: what is seen, BGR uint8 [h, w, 3]; `MARGIN` pixels around the patch where the picture has them.
        ground: what was there before, of the same shape.
        patch: uint8 [h, w], not 0 where they differ.
    """
    if _only_light(now, ground, patch):
        return Verdict("light", 1.0)
    lean = _edges(now, ground, patch) + _colours(now, ground, patch)
    return Verdict("came" if lean >= 0 else "went", min(1.0, 0.5 + abs(lean) / 4))


def _edges(now: Picture, ground: Picture, patch: Picture) -> float:
    """-1..1: whose pixels are steeper along the border of the patch."""
    band = cv2.morphologyEx(patch, cv2.MORPH_GRADIENT, SQUARE)
    return _balance(cv2.mean(_steep(now), band)[0], cv2.mean(_steep(ground), band)[0])


def _colours(now: Picture, ground: Picture, patch: Picture) -> float:
    """-1..1: in which picture the patch differs more from what lies around it."""
    wide = cv2.dilate(patch, SQUARE)
    ring = np.asarray(cv2.dilate(wide, SQUARE, iterations=2) - wide, np.uint8)
    return _balance(_apart(now, patch, ring), _apart(ground, patch, ring))


def _apart(picture: Picture, patch: Picture, ring: Picture) -> float:
    inside, outside = cv2.mean(picture, patch), cv2.mean(picture, ring)
    return max(abs(one - other) for one, other in zip(inside[:3], outside[:3], strict=True))


def _balance(one: float, other: float) -> float:
    return (one - other) / max(one + other, 1.0)


def _steep(picture: Picture) -> NDArray[np.uint8]:
    """The steepest slope of any colour at each pixel."""
    slopes = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, SQUARE)
    return np.asarray(slopes.max(axis=2), np.uint8)


def _only_light(now: Picture, ground: Picture, patch: Picture) -> bool:
    inner = cv2.erode(patch, SQUARE, iterations=1)
    inside = (inner if cv2.countNonZero(inner) >= INNER * INNER else patch) > 0
    one, other = _grey(now), _grey(ground)
    fine, before = (_detail(one)[inside], _detail(other)[inside])
    if before.std() >= PATTERN and fine.std() >= PATTERN / 2:
        return bool((fine * before).sum() >= ALIKE * np.sqrt((fine**2).sum() * (before**2).sum()))
    if before.std() >= PATTERN or fine.std() >= PATTERN or np.count_nonzero(inside) < WIDE:
        return False
    ratio = np.log((one[inside] + 8) / (other[inside] + 8))
    tint = np.abs(_tint(now)[inside].mean(axis=0) - _tint(ground)[inside].mean(axis=0)).max()
    return bool(ratio.std() < EVEN and tint < TINT)


def _grey(picture: Picture) -> NDArray[np.float32]:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)


def _tint(picture: Picture) -> NDArray[np.float32]:
    """How far each colour is from grey, [h, w, 3]."""
    return picture - _grey(picture)[:, :, None]


def _detail(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is left of a surface without its shade."""
    return grey - np.asarray(cv2.blur(grey, (INNER, INNER)), np.float32)
