"""Cameras: where they stand, what they look at, and whether they see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Camera(Base):
    """One camera; `bearing` and `fov` in degrees (0 = up on the plan, clockwise), `range_m` in metres."""

    __tablename__ = "camera"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    device: Mapped[str | None] = mapped_column(ForeignKey("device.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    place_zh: Mapped[str]
    place_en: Mapped[str]
    grid: Mapped[str | None] = mapped_column(ForeignKey("grid.id"))
    hall: Mapped[str | None] = mapped_column(ForeignKey("hall.id"))
    x: Mapped[float]
    y: Mapped[float]
    bearing: Mapped[float]
    fov: Mapped[float]
    range_m: Mapped[float]
    critical: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="opening")
    """live, opening, lost, covered, defocused, moved, dazzled or frozen."""
    since: Mapped[datetime | None]
    reason: Mapped[str | None]


class LiveStill(Base):
    """The latest picture of a camera, for the hub's other processes; on PostgreSQL a crash may empty it."""

    __tablename__ = "live_still"
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    at: Mapped[datetime]
    data: Mapped[bytes]
