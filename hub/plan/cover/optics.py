"""How far a camera sees how well, by its lens alone.

IEC 62676-4 counts pixels per metre across the picture, at the distance of what is looked at. A lens of up to
120 degrees is taken to draw as a pinhole does; a wider one spreads its pixels evenly over the angle.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hub.core.cover import SCALES

if TYPE_CHECKING:
    from hub.core.cover import Lens

STRAIGHT = 120.0
"""Degrees; no lens wider than that draws straight lines straight."""
SHAPE = 9 / 16
"""Height of a picture by its width."""
ROUND = 359.9
"""Degrees from which a camera sees all round."""


def reach(lens: Lens, density: float) -> float:
    """Metres up to which a metre has `density` pixels or more; never beyond what the camera is good for."""
    angle = math.radians(lens.fov)
    across = 2 * math.tan(angle / 2) if lens.fov <= STRAIGHT else angle
    return min(lens.range_m, lens.width_px / (density * across))


def near(lens: Lens) -> float:
    """Metres from the camera on the ground below which its picture ends.

    Its picture is 16:9 and its upper edge is where it is good for: what stands under it is not seen.
    """
    if lens.fov > STRAIGHT:
        return 0.0
    tall = 2 * math.atan(math.tan(math.radians(lens.fov) / 2) * SHAPE)
    down = math.atan2(lens.height_m, lens.range_m) + tall
    return 0.0 if down >= math.pi / 2 else min(lens.height_m / math.tan(down), lens.range_m)


def density(scale: str, level: str) -> float:
    """Pixels per metre of a level.

    Raises:
        ValueError: the scale has no such level.
    """
    found = next((one.density for one in SCALES[scale] if one.name == level), None)
    if found is None:
        raise ValueError(f"{scale} has no level {level}: it has {', '.join(x.name for x in SCALES[scale])}")
    return found
