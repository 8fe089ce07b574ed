"""The exact field of view of one camera: an angular sweep over the ends of walls.

Between two neighbouring events - an end of a wall, or a point where a range's circle cuts one - the nearest
thing is the same wall or the range itself, so the field of view is exact but for its arcs, which are chords
of 2 degrees or less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hub.plan.cover import optics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hub.core.cover import Lens
    from hub.plan.cover.walls import Shape, Walls

    Floats = NDArray[np.float64]

STEP = math.radians(2.0)
BESIDE = 1e-6
"""Radians to both sides of an event, where what is nearest may differ."""
STAND_OFF = 0.05
"""Metres; a wall nearer than that is the one that the camera hangs on."""
STRAIGHT = 1e-4
MOST_KEPT = 4000


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a camera sees in every direction; `angles` rise, in radians from straight ahead."""

    at: tuple[float, float]
    ahead: float
    angles: Floats
    far: Floats
    near: float

    def points(self, radius: float) -> Floats:
        """Where sight ends within `radius`, relative to the camera."""
        angles = self.angles + self.ahead
        ends = np.minimum(self.far, radius)
        return np.stack([np.cos(angles) * ends, np.sin(angles) * ends], axis=1)

    def shape(self, radius: float) -> Shape:
        """What it sees within `radius`."""
        ring = _thinned(self.points(radius))
        whole = self.angles[-1] - self.angles[0] >= math.radians(optics.ROUND)
        ring = ring if whole else np.vstack([np.zeros((1, 2)), ring])
        seen = shapely.Polygon(ring + np.array(self.at))
        if self.near < STAND_OFF:
            return seen
        return shapely.difference(seen, shapely.Point(self.at).buffer(self.near, quad_segs=45))

    def holds(self, points: Floats, radius: float) -> NDArray[np.bool_]:
        """Which points it sees within `radius`; as `shape`, without making it."""
        away = points - np.array(self.at)
        turn = wrapped(np.arctan2(away[:, 1], away[:, 0]) - self.ahead)
        ends = self.points(radius)
        after = np.clip(np.searchsorted(self.angles, turn), 1, len(self.angles) - 1)
        one, two = ends[after - 1], ends[after]
        side = _cross(two - one, away - one) * np.sign(_cross(two - one, -one))
        aimed = (turn >= self.angles[0]) & (turn <= self.angles[-1])
        held: NDArray[np.bool_] = aimed & (side >= 0) & (np.hypot(away[:, 0], away[:, 1]) >= self.near)
        return held


def sight(walls: Walls, lens: Lens, radius: float) -> Sight:
    """What a camera sees up to its range, exact at that and at `radius`; kept for the next who asks."""
    key = (lens, radius)
    if key not in walls.sights:
        if len(walls.sights) >= MOST_KEPT:
            walls.sights.clear()
        walls.sights[key] = look(walls.within(reached(lens, lens.range_m)), lens, (radius, lens.range_m))
    return walls.sights[key]


def look(segments: Floats, lens: Lens, radii: tuple[float, ...]) -> Sight:
    """The same past any walls, exact at each of `radii`."""
    ahead, half = math.radians(lens.bearing - 90), math.radians(min(lens.fov, 360.0)) / 2
    starts = segments[:, :2] - np.array(lens.at)
    ends = segments[:, 2:] - np.array(lens.at)
    events = _events(starts, ends, radii)
    turns = wrapped(np.arctan2(events[:, 1], events[:, 0]) - ahead)
    arc = np.linspace(-half, half, math.ceil(2 * half / STEP) + 1)
    angles = np.unique(np.concatenate([turns - BESIDE, turns, turns + BESIDE, arc]))
    angles = angles[(angles >= -half) & (angles <= half)]
    far = np.minimum(_nearest(starts, ends - starts, angles + ahead), max(radii))
    return Sight(lens.at, ahead, angles, far, optics.near(lens))


def sector(lens: Lens, radius: float) -> Shape:
    """What it would claim to see if nothing stood in the way."""
    return look(np.empty((0, 4)), lens, (radius,)).shape(radius)


def reached(lens: Lens, radius: float) -> tuple[float, float, float, float]:
    """A rectangle round its sector."""
    ahead, half = math.radians(lens.bearing - 90), math.radians(min(lens.fov, 360.0)) / 2
    turns = np.append(np.linspace(ahead - half, ahead + half, math.ceil(2 * half / STEP) + 1), ahead)
    xs = np.append(np.cos(turns) * radius, 0) + lens.at[0]
    ys = np.append(np.sin(turns) * radius, 0) + lens.at[1]
    slack = radius * (1 - math.cos(STEP))
    return xs.min() - slack, ys.min() - slack, xs.max() + slack, ys.max() + slack


def wrapped(angles: Floats) -> Floats:
    """The same angles from -pi to pi."""
    turned: Floats = (angles + math.pi) % (2 * math.pi) - math.pi
    return turned


def _events(starts: Floats, ends: Floats, radii: tuple[float, ...]) -> Floats:
    """Ends of walls that are in range, and where a range's circle cuts a wall."""
    corners = np.vstack([starts, ends])
    found = [corners[np.hypot(corners[:, 0], corners[:, 1]) <= max(radii)]]
    along = ends - starts
    a, b = (along**2).sum(1), 2 * (starts * along).sum(1)
    for radius in radii:
        c = (starts**2).sum(1) - radius**2
        inside = b * b - 4 * a * c
        cut = (inside > 0) & (a > 0)
        for sign in (-1.0, 1.0):
            share = (-b[cut] + sign * np.sqrt(inside[cut])) / (2 * a[cut])
            on = (share > 0) & (share < 1)
            found.append(starts[cut][on] + along[cut][on] * share[on, None])
    return np.vstack(found)


def _nearest(starts: Floats, along: Floats, angles: Floats) -> Floats:
    """Distance to the nearest wall in each direction; inf where there is none."""
    if len(starts) == 0:
        return np.full(len(angles), np.inf)
    dx, dy = np.cos(angles)[:, None], np.sin(angles)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        across = dx * along[:, 1] - dy * along[:, 0]
        away = (starts[:, 0] * along[:, 1] - starts[:, 1] * along[:, 0]) / across
        share = (starts[:, 0] * dy - starts[:, 1] * dx) / across
    hit = (np.abs(across) > 1e-12) & (away > STAND_OFF) & (share >= -1e-9) & (share <= 1 + 1e-9)  # noqa: PLR2004
    nearest: Floats = np.where(hit, away, np.inf).min(axis=1)
    return nearest


def _thinned(points: Floats) -> Floats:
    """Without points on the line between others; what is left still turns one way, so it stays simple."""
    line = shapely.simplify(shapely.LineString(points), STRAIGHT, preserve_topology=False)
    thin: Floats = shapely.get_coordinates(line)
    return thin


def _cross(one: Any, two: Any) -> Floats:
    product: Floats = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    return product
