"""What is drawn on cameras' pictures as their edges have it in force, and what was tried on recordings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Scene(Base):
    """By what an edge watches a camera now, as it said last."""

    __tablename__ = "scene"
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    drawn: Mapped[dict[str, Any]]
    """Masks and zones, as wire/drawn.py has them."""
    told_at: Mapped[datetime]


class Replay(Base):
    """A recorded time that an edge runs through drawn rules; nothing that it finds is an event."""

    __tablename__ = "replay"
    __table_args__ = (Index(None, "camera", "made_at"),)
    id: Mapped[str] = mapped_column(ForeignKey("command.id"), primary_key=True)
    """The order by which it began."""
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"))
    begin: Mapped[datetime]
    seconds: Mapped[float]
    drawn: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="asked")
    """asked, running, done, failed or stopped."""
    said: Mapped[dict[str, Any]]
    """The edge's last words, as wire/replay.py has them; empty before the first."""
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
