"""Cameras: where they stand, what they look at, and whether they see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Camera(Base):
    """One camera; `bearing` and `fov` in degrees (0 = up on the plan, clockwise), `range_m` in metres."""

    __tablename__ = "camera"
    __table_args__ = (CheckConstraint("retention_days >= 30", name="retention"),)
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
    height_m: Mapped[float] = mapped_column(default=3.2)
    width_px: Mapped[int] = mapped_column(default=1920)
    """Pixels across its picture."""
    measured: Mapped[list[Any] | None]
    """[[x, y], …]: its view as somebody walked it."""
    kind: Mapped[str | None]
    """fixed, dome, ptz, panorama or thermal."""
    operator: Mapped[str | None]
    legal_basis: Mapped[str | None]
    purpose: Mapped[str | None]
    retention_days: Mapped[int | None]
    sign: Mapped[bool] = mapped_column(default=False)
    """Whether the sign that tells of it stands."""
    sign_at: Mapped[date | None]
    """The day of the sign's photo."""
    unfiled_since: Mapped[datetime | None]
    """The first change that no filing sheet tells yet."""


class LiveStill(Base):
    """The latest picture of a camera, for the hub's other processes; on PostgreSQL a crash may empty it."""

    __tablename__ = "live_still"
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    at: Mapped[datetime]
    data: Mapped[bytes]
