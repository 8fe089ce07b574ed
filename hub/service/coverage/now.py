"""What is blind now: where only cameras see that do not see at this moment, grid by grid, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import place
from hub.service.coverage import lens
from hub.service.coverage.near import Doors
from hub.service.coverage.picture import Sees, grids, spots
from hub.service.shape import iso, maybe_iso, name
from hub.store.camera import Camera

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.cover import CoverAsked, CoverMade
    from hub.core.policy import Actor
    from hub.store.market import Grid

Shown = dict[str, Any]


def now_blind(
    s: Session, actor: Actor, asked: CoverAsked, meant: CoverMade, made: CoverMade, now: datetime
) -> Shown:
    """How the market sees at `now`, beside how it is meant to: `made` and `meant`."""
    sees = Sees(actor)
    dark = [camera for camera in lens.cameras(s, actor.market) if lens.is_dark(camera)]
    lost = {view.id: view.alone_m2 for view in made.views}
    missed: dict[str | None, float] = {}
    for spot in made.blind:
        if spot.cause == "dark":
            missed[spot.grid] = missed.get(spot.grid, 0.0) + spot.area_m2
    return {
        "at": iso(now),
        "scale": asked.scale,
        "level": asked.level,
        "seen": meant.seen,
        "now": made.seen,
        "lost_m2": max(0.0, meant.seen - made.seen) * made.ground_m2,
        "grids": [
            _grid(grid, meant, made, missed.get(grid.id, 0.0), dark, lost)
            for grid in grids(s, sees)
            if grid.id in made.by_grid
        ],
        "blind": spots((spot for spot in made.blind if spot.cause == "dark"), sees, Doors(s, actor.market)),
    }


def seen_camera(s: Session, actor: Actor, camera: str) -> Camera:
    """A camera whose coverage somebody may see.

    Raises:
        Refused: there is none, or it is not for them.
    """
    row = s.get(Camera, camera)
    if row is None or row.market != actor.market:
        raise Refused("missing", "camera.none", "There is no such camera.", "没有这台摄像机。")
    policy.authorize(actor, "coverage.see", Target(place.node(row.market, row.grid)))
    return row


def without(s: Session, actor: Actor, camera: str, meant: CoverMade, made: CoverMade) -> Shown:
    """What `camera` takes away: the market as it is `meant` to be, and as it is `made` without it."""
    doors, sees = Doors(s, actor.market), Sees(actor)
    return {
        "id": camera,
        "seen": meant.seen,
        "then": made.seen,
        "lost_m2": max(0.0, meant.seen - made.seen) * made.ground_m2,
        "blind": spots((spot for spot in made.blind if spot.cause == "dark"), sees, doors),
    }


def _grid(
    grid: Grid,
    meant: CoverMade,
    made: CoverMade,
    missed: float,
    dark: list[Camera],
    lost: dict[str, float],
) -> Shown:
    own = sorted((one for one in dark if one.grid == grid.id), key=lambda one: -lost.get(one.id, 0.0))
    times = [one.since for one in own if one.since is not None]
    return {
        "id": grid.id,
        "name": name(grid),
        "seen": meant.by_grid[grid.id],
        "now": made.by_grid[grid.id],
        "lost_m2": missed,
        "since": maybe_iso(min(times, default=None)),
        "cameras": [
            {
                "id": one.id,
                "name": name(one),
                "state": one.state,
                "reason": one.reason,
                "since": maybe_iso(one.since),
                "lost_m2": lost.get(one.id, 0.0),
                "critical": one.critical,
            }
            for one in own
        ],
    }
