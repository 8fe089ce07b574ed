"""How far it is on foot from door to door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hub.core.planned import WaysMade
from hub.plan.walking import Walking

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.planned import Progress, WaysAsked


def make(asked: WaysAsked, heard: Callable[[Progress], bool]) -> WaysMade:  # noqa: ARG001 - it is quick
    """Metres for each pair, to centimetres."""
    starts, ends = ([pair[end] for pair in asked.pairs] for end in (0, 1))
    ways = Walking(asked.ground).pairs(starts, ends)
    return WaysMade(tuple(round(float(way), 2) if np.isfinite(way) else None for way in ways))
