"""A camera is put, turned or measured: refused where it would look into a forbidden zone unmasked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place, zone
from hub.service.coverage.picture import lens_of
from hub.service.evidence import Entry
from hub.store.camera import Camera

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.cover import ZonesAsked, ZonesMade
    from hub.core.ground import Point
    from hub.core.policy import Actor, Role

RIGHT = "coverage.change"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a camera is put and how it looks; see hub.core.cover.Lens."""

    x: float
    y: float
    bearing: float
    fov: float
    range_m: float
    height_m: float
    width_px: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What was asked of the solver about zones before the act, and what it answered."""

    asked: ZonesAsked
    made: ZonesMade


def camera_of(s: Session, actor: Actor, camera: str) -> tuple[Camera, Role]:
    """A camera that the actor may move.

    Raises:
        Refused: there is no such camera, or this person may not.
    """
    role = policy.authorize(actor, RIGHT, Target(actor.market))
    row = s.get(Camera, camera)
    if row is None or row.market != actor.market:
        raise Refused("missing", "camera.none", "There is no such camera.", "没有这台摄像机。")
    return row, role


def put(
    s: Session,
    actor: Actor,
    camera: str,
    stand: Stand,
    masks: Mapping[str, str],
    looked: Looked,
    now: datetime,
) -> Camera:
    """Let a camera stand so; `masks`: zone → how one has seen that a mask covers it.

    A view that somebody walked is forgotten: it was another one's.

    Raises:
        Refused: no such camera, not this person's, outside the market, or it looks into a zone unmasked.
    """
    row, role = camera_of(s, actor, camera)
    refuse_outside(looked.asked.ground.bounds, [(stand.x, stand.y)])
    before = lens_of(row) | {"grid": row.grid}
    _settle_grid(s, row, stand)
    row.x, row.y, row.bearing, row.fov = stand.x, stand.y, stand.bearing, stand.fov
    row.range_m, row.height_m, row.width_px = stand.range_m, stand.height_m, stand.width_px
    after = lens_of(row) | {"grid": row.grid}
    if after != before:
        row.measured = None
        row.unfiled_since = row.unfiled_since or now
    _settle(s, actor, row, masks, looked, now)
    public = {"camera": row.id, "before": before, "after": after}
    evidence.append(s, actor.market, Entry("camera.place", actor, role, public=public), now)
    return row


def measure(
    s: Session, actor: Actor, camera: str, ring: Sequence[Point] | None, looked: Looked, now: datetime
) -> Camera:
    """Take a camera's view as somebody walked it; None: as it is reckoned again.

    Raises:
        Refused: no such camera, not this person's, no outline, or it enters a zone unmasked.
    """
    row, role = camera_of(s, actor, camera)
    if ring:
        refuse_outside(looked.asked.ground.bounds, ring)
        zone.refuse_outline(ring)
    row.measured = [list(corner) for corner in ring] if ring else None
    _settle(s, actor, row, {}, looked, now)
    public = {"camera": row.id, "corners": len(ring) if ring else 0}
    evidence.append(s, actor.market, Entry("camera.measure", actor, role, public=public), now)
    return row


def _settle(
    s: Session, actor: Actor, row: Camera, masks: Mapping[str, str], looked: Looked, now: datetime
) -> None:
    """Take down the masks that are stated, and refuse a look into a zone that none of them covers."""
    zone.refuse_others(s, actor.market, looked.asked)
    entered = [name for camera, name in looked.made.enters if camera == row.id]
    for name in entered:
        if name in masks:
            zone.state(s, actor, row, name, masks[name], now)
    s.flush()
    zone.refuse_open(s, row, entered)


def _settle_grid(s: Session, row: Camera, stand: Stand) -> None:
    """A camera that is carried elsewhere belongs to the grid and hall of the nearest door there."""
    shop = place.nearest_shop(s, row.market, stand.x, stand.y)
    if shop is not None and (row.x, row.y) != (stand.x, stand.y):
        row.grid, row.hall = shop.grid, shop.hall


def refuse_outside(bounds: tuple[float, float, float, float], points: Iterable[Point]) -> None:
    """Let nothing be put beside the plan.

    Raises:
        Refused: a point lies outside the market.
    """
    left, top, right, bottom = bounds
    if any(not (left <= x <= right and top <= y <= bottom) for x, y in points):
        en = "That lies outside the market. Put it on its plan."
        raise Refused("input", "camera.outside", en, "位置在市场范围之外，请放在平面图内。")
