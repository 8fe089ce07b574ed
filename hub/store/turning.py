"""Cameras that can be turned: their presets as their edges told them, and who has one now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Turning(Base):
    """One camera that can be turned."""

    __tablename__ = "turning"
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    presets: Mapped[list[Any]]
    """Their names, home first."""
    lease: Mapped[str | None]
    """Of whoever has it, or had it last."""
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None]
    began: Mapped[datetime | None]
    until: Mapped[datetime | None]
    preset: Mapped[str | None]
    """Where it was last told to turn by it; None: moved freely, or at home."""
