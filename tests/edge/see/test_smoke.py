from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from edge.rule.scene import Flame
from edge.see.smoke import Smoke

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

HIGH, WIDE = 240, 320
NOBODY = np.zeros((0, 4), np.float32)


@lru_cache
def yard() -> Picture:
    """A yard with a lawn that has colour and detail everywhere."""
    random = np.random.default_rng(2)
    rough = random.integers(-30, 30, (HIGH // 4, WIDE // 4, 1)).astype(np.float32)
    lawn = np.array([40, 110, 60]) + np.kron(rough, np.ones((4, 4, 1)))
    return np.asarray(np.clip(lawn, 0, 255), np.uint8)


def veil(at: float, grown: float, strength: float = 0.85, *, drifts: bool = True) -> Picture:
    """The yard under a grey cloud, `grown` 0..1 of its size, that turns while it stands there."""
    down, across = np.mgrid[:HIGH, :WIDE].astype(np.float32)
    far = np.hypot((across - 160) / 110, (down - 120) / 90) / max(grown, 0.05)
    random = np.random.default_rng(int(at * 10) if drifts else 1)
    turning = cv2.resize(random.uniform(0.6, 1.0, (8, 10)).astype(np.float32), (WIDE, HIGH))
    cover = (np.clip(1.6 - 1.2 * far, 0, 1) * strength * turning)[:, :, None]
    return np.asarray(np.clip(yard() * (1 - cover) + 190 * cover, 0, 255), np.uint8)


def shown(
    picture: Callable[[float], Picture], end: float = 24.0, people: NDArray[np.float32] = NOBODY
) -> tuple[Flame, ...]:
    """All that is surer than one half, after eight seconds of the yard as it is, at two pictures a second."""
    smoke, sure = Smoke(), list[Flame]()
    for at in np.arange(0, end, 0.5):
        seen = smoke.flames(yard() if at < 8 else picture(float(at)), float(at), people)
        sure += [flame for flame in seen if flame.score >= 0.5]
    return tuple(sure)


def growing(at: float) -> Picture:
    return veil(at, min(1.0, (at - 8) / 12))


def test_a_cloud_that_grows_and_turns_is_smoke_and_stays_one() -> None:
    found = shown(growing)
    assert {flame.kind for flame in found} == {"smoke"}
    assert len({flame.id for flame in found}) == 1
    assert found[0].since < 18
    left, top, right, bottom = found[-1].box
    assert left < 160 < right
    assert top < 120 < bottom


@pytest.mark.parametrize(
    "picture",
    [
        lambda _: yard(),
        lambda _: (yard() * 0.4).astype(np.uint8),
        lambda at: np.clip(yard() * (1 + 0.3 * np.sin(at)), 0, 255).astype(np.uint8),
        lambda at: veil(at, 0.8, drifts=False),
        lambda at: veil(at, 3.0),
    ],
    ids=[
        "nothing",
        "lamps out",
        "exposure that hunts",
        "a grey sheet that hangs still",
        "a hand at the lens",
    ],
)
def test_what_does_not_drift_or_grow_is_no_smoke(picture: Callable[[float], Picture]) -> None:
    assert shown(picture) == ()


def test_where_people_are_nothing_smokes() -> None:
    assert shown(growing, people=np.array([[0, 0, WIDE, HIGH]], np.float32)) == ()
