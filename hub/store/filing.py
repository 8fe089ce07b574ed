"""What the law asks of cameras: zones where none may look, masks that are stated, and what was filed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class ForbiddenZone(Base):
    """A fitting room, a toilet or a dormitory."""

    __tablename__ = "forbidden_zone"
    __table_args__ = (CheckConstraint("kind IN ('fitting', 'toilet', 'dormitory')", name="kind"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    kind: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    ring: Mapped[list[Any]]
    """[[x, y], …]"""


class ZoneMask(Base):
    """Somebody states that a mask on the camera's picture covers the zone, as the camera stood then."""

    __tablename__ = "zone_mask"
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    zone: Mapped[str] = mapped_column(ForeignKey("forbidden_zone.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    lens: Mapped[list[Any]]
    """x, y, bearing, fov and range then; once the camera stands otherwise, it says nothing any more."""


class Filing(Base):
    """The sheet as it was handed in, a row a camera."""

    __tablename__ = "filing"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str | None]
    """Of the receipt."""
    sheet: Mapped[list[Any]]
