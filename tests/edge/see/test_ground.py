from __future__ import annotations

import numpy as np

from edge.see.ground import Ground

GREY, LORRY = 90, 160
HIGH, WIDE = 20, 40
NOBODY = np.zeros((HIGH, WIDE), bool)
PART = np.zeros((HIGH, WIDE), bool)
PART[5:15, 10:20] = True
BESIDE = np.zeros((HIGH, WIDE), bool)
BESIDE[5:15, 10:14] = True


def picture(stands: bool) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    made = np.full((HIGH, WIDE, 3), GREY, np.uint8)
    if stands:
        made[PART] = LORRY
    return made


def parked() -> Ground:
    """A place that is known, in which something has stood for ten seconds."""
    ground = Ground(picture(stands=False), 0.0)
    for second in range(1, 20):
        ground.step(picture(stands=second >= 10), NOBODY, float(second), 1.0)
    return ground


def test_what_is_seen_to_stand_becomes_the_ground() -> None:
    ground = parked()
    assert ground.standing(NOBODY)[PART].all()
    ground.absorb(PART, (slice(None), slice(None)))
    ground.step(picture(stands=True), NOBODY, 20.0, 1.0)
    assert (ground.picture()[PART] == LORRY).all()
    assert not ground.standing(NOBODY).any()


def test_what_somebody_hides_meanwhile_does_not_become_the_ground() -> None:
    """It may have driven off behind them, and then its ground is not what came."""
    ground = parked()
    ground.step(picture(stands=True), BESIDE, 20.0, 1.0)
    ground.absorb(PART, (slice(None), slice(None)))
    for second in range(21, 40):
        ground.step(picture(stands=False), NOBODY, float(second), 1.0)
        assert not ground.standing(NOBODY)[BESIDE].any()
    assert (ground.picture()[BESIDE] == GREY).all()
