"""Cameras as lenses: what a solver is asked about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.cover import SCALES, CoverAsked, Lens
from hub.core.refuse import Refused
from hub.store.camera import Camera
from hub.store.market import Shop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from hub.core.ground import Ground

USUAL = {"iec2025": "discern", "dori": "observe"}
"""The level by which seen and blind are told where nobody chose one."""


def level_of(scale: str, level: str | None) -> str:
    """The level that is meant.

    Raises:
        Refused: the scale has no such level.
    """
    level = level or USUAL[scale]
    names = [one.name for one in SCALES[scale]]
    if level not in names:
        en = f"This scale has no such level. Choose one of: {', '.join(names)}."
        raise Refused("input", "coverage.level", en, "该标准没有这个等级，请从列表中选择。")
    return level


def cameras(s: Session, market: str) -> Sequence[Camera]:
    """Every camera of the market, by id."""
    return s.scalars(select(Camera).where(Camera.market == market).order_by(Camera.id)).all()


def is_dark(camera: Camera) -> bool:
    """Whether it should see and does not now; what no edge reads is taken at its word."""
    return camera.device is not None and camera.state != "live"


def of(camera: Camera, *, dark: bool = False) -> Lens:
    """The camera as a lens; with `dark`, blind where it does not see now."""
    return Lens(
        id=camera.id,
        at=(camera.x, camera.y),
        bearing=camera.bearing,
        fov=camera.fov,
        range_m=camera.range_m,
        height_m=camera.height_m,
        width_px=camera.width_px,
        blind=dark and is_dark(camera),
        measured=tuple((float(x), float(y)) for x, y in camera.measured) if camera.measured else None,
    )


def asked(
    s: Session, market: str, ground: Ground, scale: str, level: str | None, *, dark: bool = False
) -> CoverAsked:
    """The whole market without its grids; all cameras see, or with `dark` those that see now.

    Raises:
        Refused: the scale has no such level.
    """
    lenses = tuple(of(camera, dark=dark) for camera in cameras(s, market))
    return CoverAsked(ground, lenses, scale, level_of(scale, level))


def by_grid(s: Session, market: str, asked: CoverAsked) -> CoverAsked:
    """The same, with the grid of every shop."""
    rows = s.execute(select(Shop.id, Shop.grid).where(Shop.market == market).order_by(Shop.id))
    return replace(asked, grid_of={row.id: row.grid for row in rows})
