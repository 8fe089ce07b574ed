"""Whether something came, or went, or only the light changed: read off the border of a patch that changed.

A thing ends at a border, across which colours jump. They do so in the picture that shows the thing: in that
of now if it came, in that of the ground if it went. Where both show one pattern, only darker or brighter,
or where a wide even surface became evenly darker or brighter, the light changed and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Grey = NDArray[np.float32]
    Mask = NDArray[np.bool_]

MARGIN = 4
"""Pixels around a patch that are looked at with it."""
REACH = 2.0
"""Pixels to both sides of the border at which colours are compared."""
VAGUE = 0.2
"""A border that stands out so little more in one picture than in the other says nothing."""
STEP = 22
"""Levels of any colour from which on a pixel is changed."""
SEEN = 0.7
"""Share of the border that must be seen to be one."""
ALIKE = 0.6
"""Correlation of two patterns from which on they are one pattern in another light."""
PATTERN = 3.0
"""Levels, standard deviation, from which on a surface has a pattern to be known by, and is not even."""
EVEN = 0.05
"""Fine spread of the logarithm of now : ground below which an even surface changed its light."""
ROUGH = 0.25
"""The same for a surface whose pattern is alike."""
STRONG = 0.6
"""The mean of that logarithm from which on it is no shadow and no ray of the sun."""
WIDE = 400
"""Pixels from which on an even patch changed its light, and one cut off by the picture's edge is a thing."""
TINT = 24.0
"""Levels by which colours may differ in their distance from grey in another light."""
FINE = 5
"""Pixels a side of what counts as fine."""
SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a changed patch is."""

    kind: Literal["came", "went", "light", "vague"]
    score: float
    """How sure, 0..1."""


def verdict(now: Picture, ground: Picture, patch: Mask) -> Verdict:
    """Judge one patch.

    Args:
        now: what is seen, BGR uint8 [h, w, 3]; `MARGIN` pixels around the patch where the picture has them.
        ground: what was there before, of the same shape.
        patch: [h, w], where they differ.
    """
    light = _light(now, ground, patch)
    if light is not None:
        return light
    first, second = _across(patch)
    # Where the change goes on beyond it, the border is none.
    ends = np.abs(now[tuple(second)].astype(np.int16) - ground[tuple(second)]).max(axis=1, initial=0) < STEP
    jump_now, jump_then = (_jump(picture, first[:, ends], second[:, ends]) for picture in (now, ground))
    lean = (jump_now - jump_then) / max(jump_now + jump_then, 1.0)
    # What sways into the picture or out of it neither came nor went; a lorry is more than that.
    cut = patch[0].any() or patch[-1].any() or patch[:, 0].any() or patch[:, -1].any()
    small = cut and np.count_nonzero(patch) < WIDE
    if small or abs(lean) < VAGUE or np.count_nonzero(ends) < SEEN * len(ends):
        return Verdict("vague", 0.5)
    return Verdict("came" if lean > 0 else "went", 0.5 + abs(lean) / 2)


def _across(patch: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of pixels, each [2, n] rows and columns, just within and just outside the border of a patch."""
    soft = cv2.GaussianBlur(patch.astype(np.float32), (FINE, FINE), 0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    rows, columns = np.nonzero(patch & ~(cv2.erode(patch.view(np.uint8), SQUARE) > 0))
    slope = np.stack([down[rows, columns], across[rows, columns]])
    step = REACH * slope / np.maximum(np.hypot(*slope), 1e-6)
    at = np.stack([rows, columns])
    first, second = (np.rint(at + sign * step).astype(np.intp) for sign in (0.5, -1.0))
    limits = np.array(patch.shape)[:, None]
    seen = ((first >= 0) & (first < limits) & (second >= 0) & (second < limits)).all(axis=0)
    return first[:, seen], second[:, seen]


def _jump(picture: Picture, first: NDArray[np.intp], second: NDArray[np.intp]) -> float:
    """Levels by which the colours of pairs of pixels differ, on the average."""
    if not first.size:
        return 0.0
    apart = np.abs(picture[tuple(first)].astype(np.int16) - picture[tuple(second)])
    return float(apart.max(axis=1).mean())


def _light(now: Picture, ground: Picture, patch: Mask) -> Verdict | None:
    """The verdict where the same surface is seen in another light, or may be; None where it is not."""
    inner = cv2.erode(patch.view(np.uint8), SQUARE) > 0
    inside = inner if np.count_nonzero(inner) >= FINE * FINE else patch
    one, other = _grey(now), _grey(ground)
    fine, before = _detail(one, inside), _detail(other, inside)
    ratio = np.log((one + 8) / (other + 8))
    spread = _detail(ratio, inside).std()
    even = spread < EVEN
    alike = (
        spread < ROUGH and (fine * before).sum() >= ALIKE * np.sqrt((fine**2).sum() * (before**2).sum()) > 0
    )
    if np.abs(_tint(now, inside) - _tint(ground, inside)).max() >= TINT or not (even or alike):
        return None
    if before.std() >= PATTERN or (even and np.count_nonzero(inside) >= WIDE):
        return Verdict("light", 1.0)
    return Verdict("vague", 0.5) if abs(ratio[inside].mean()) < STRONG else None


def _grey(picture: Picture) -> Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32)


def _tint(picture: Picture, inside: Mask) -> NDArray[np.float32]:
    """How far each colour is from grey on the average, [3] levels."""
    colours = picture[inside].astype(np.float32)
    return np.asarray((colours - colours.mean(axis=1, keepdims=True)).mean(axis=0))


def _detail(grey: Grey, inside: Mask) -> Grey:
    """What is left of a surface without its shade, [n]; nothing beyond its border counts."""
    weight = inside.astype(np.float32)
    shade = cv2.blur(grey * weight, (FINE, FINE)) / np.maximum(cv2.blur(weight, (FINE, FINE)), 1e-6)
    return np.asarray((grey - shade)[inside], np.float32)
