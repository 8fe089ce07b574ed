"""The state of sight as a page draws it, as far as whoever looks may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.cover import SCALES
from hub.core.policy import Target
from hub.service import place
from hub.service.coverage import lens
from hub.service.coverage.near import Doors, facing
from hub.service.shape import maybe_iso, name, pair
from hub.store.market import Grid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from hub.core.cover import Blind, CoverAsked, CoverMade, LensMade, NextMade, View
    from hub.core.ground import Ring
    from hub.core.policy import Actor
    from hub.store.camera import Camera

Shown = dict[str, Any]
LEAST = 1.0
"""Square metres of a blind spot that is listed."""
ENOUGH = 1e-6
"""Share of a gain that counts as nothing left to prove."""


def whole(
    s: Session, actor: Actor, asked: CoverAsked, made: CoverMade, open_: Collection[tuple[str, str]]
) -> Shown:
    """Everything; `open_` are cameras and the forbidden zones that they look into without a mask."""
    sees = Sees(actor)
    doors = Doors(s, actor.market)
    levels = [
        {"name": level.name, "density": level.density, "seen": made.by_level[level.name]}
        for level in SCALES[asked.scale]
    ]
    return {
        "scale": asked.scale,
        "level": asked.level,
        "ground_m2": made.ground_m2,
        "seen": made.seen,
        "sectors": made.sectors,
        "sectors_more_m2": max(0.0, made.sectors - made.seen) * made.ground_m2,
        "twice": made.twice,
        "blind_m2": (1 - made.seen) * made.ground_m2,
        "least_m2": LEAST,
        "levels": levels,
        "grids": [
            {"id": grid.id, "name": name(grid), "seen": made.by_grid[grid.id]}
            for grid in grids(s, sees)
            if grid.id in made.by_grid
        ],
        "cameras": _cameras(lens.cameras(s, actor.market), made.views, sees, open_),
        "blind": spots(made.blind, sees, doors),
        "seconds": made.seconds,
    }


def tried(made: LensMade) -> Shown:
    """One camera as it would stand."""
    return {
        "area": area(made.view.rings),
        "sector": flat(made.sector),
        "near_m": made.near_m,
        "reach_m": made.reach_m,
        "area_m2": made.view.area_m2,
        "alone_m2": made.view.alone_m2,
        "seen": made.seen,
        "gain_m2": made.gain_m2,
        "enters": list(made.enters),
        "seconds": made.seconds,
    }


def following(s: Session, market: str, made: NextMade, now: CoverMade) -> Shown:
    """The best next places, with what the market's share would be."""
    doors, ground = Doors(s, market), now.ground_m2 or 1.0
    return {
        "mounts": [
            {
                "x": mount.at[0],
                "y": mount.at[1],
                "bearing": mount.bearing,
                "street": mount.street,
                "place": pair(doors.words(*mount.at)),
                "facing": pair(facing(mount.bearing)),
                "gain_m2": mount.gain_m2,
                "area": area(mount.rings),
            }
            for mount in made.mounts
        ],
        "gain_m2": made.gain_m2,
        "bound_m2": made.bound_m2,
        "greedy_m2": made.greedy_m2,
        "proved": made.bound_m2 - made.gain_m2 <= ENOUGH * max(made.bound_m2, 1.0),
        "seen": now.seen,
        "seen_then": min(1.0, now.seen + made.gain_m2 / ground),
        "seconds": made.seconds,
    }


class Sees:
    """Which grids' coverage somebody may see; what stands in none is for whoever sees the whole market."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._known: dict[str | None, bool] = {}

    def __call__(self, grid: str | None) -> bool:
        """Whether they may."""
        if grid not in self._known:
            target = Target(place.node(self.actor.market, grid))
            self._known[grid] = policy.allowed(self.actor, "coverage.see", target).allowed
        return self._known[grid]


def grids(s: Session, sees: Sees) -> list[Grid]:
    """The grids that somebody may see, in their order."""
    query = select(Grid).where(Grid.market == sees.actor.market).order_by(Grid.number)
    return [grid for grid in s.scalars(query) if sees(grid.id)]


def spots(blind: Iterable[Blind], sees: Sees, doors: Doors) -> list[Shown]:
    """Blind spots that are worth a line, largest first."""
    return [
        {
            "area": area((spot.rings,)),
            "area_m2": spot.area_m2,
            "x": spot.at[0],
            "y": spot.at[1],
            "street": spot.street,
            "grid": spot.grid,
            "place": pair(doors.words(*spot.at)),
            "cause": spot.cause,
        }
        for spot in blind
        if spot.area_m2 >= LEAST and sees(spot.grid)
    ]


def area(rings: Iterable[Iterable[Ring]]) -> list[list[list[float]]]:
    """Polygons of flat rings."""
    return [[flat(ring) for ring in polygon] for polygon in rings]


def flat(ring: Ring) -> list[float]:
    """A ring as x, y, x, y and so on."""
    return [round(value, 2) for corner in ring for value in corner]


def _cameras(
    rows: Sequence[Camera], views: Iterable[View], sees: Sees, open_: Collection[tuple[str, str]]
) -> list[Shown]:
    by_id = {view.id: view for view in views}
    may = policy.allowed(sees.actor, "coverage.change", Target(sees.actor.market)).allowed
    return [
        {
            **lens_of(row),
            "name": name(row),
            "place": {"zh": row.place_zh, "en": row.place_en},
            "grid": row.grid,
            "critical": row.critical,
            "state": row.state,
            "since": maybe_iso(row.since),
            "measured": row.measured is not None,
            "area": area(by_id[row.id].rings),
            "area_m2": by_id[row.id].area_m2,
            "alone_m2": by_id[row.id].alone_m2,
            "enters": [zone for camera, zone in open_ if camera == row.id],
            "may": may,
        }
        for row in rows
        if sees(row.grid) and row.id in by_id
    ]


def lens_of(row: Camera) -> Shown:
    """A camera's place and lens."""
    return {
        "id": row.id,
        "x": row.x,
        "y": row.y,
        "bearing": row.bearing,
        "fov": row.fov,
        "range_m": row.range_m,
        "height_m": row.height_m,
        "width_px": row.width_px,
    }
