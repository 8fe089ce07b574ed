"""What edges have recorded: a row a piece that an edge keeps; its bytes stay there until somebody asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Segment(Base):
    """One piece of a camera's recording, as its edge told it when it was whole."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("camera", "sha256"), Index(None, "camera", "began"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"))
    began: Mapped[datetime]
    ended: Mapped[datetime]
    size: Mapped[int] = mapped_column(BigInteger)
    codec: Mapped[str]
    """h264 or hevc."""
    stream: Mapped[str]
    """main or sub."""
    sha256: Mapped[str]
    before: Mapped[str | None]
    """sha256 of the camera's piece before."""
    masked: Mapped[bool]
    torn: Mapped[bool]
    hole_since: Mapped[datetime | None]
    """When what is missing before it began."""
    hole_reason: Mapped[str | None]
    hole_detail: Mapped[str | None]
    received_at: Mapped[datetime]


class Recording(Base):
    """How a camera is recorded, by its latest piece."""

    __tablename__ = "recording"
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    until: Mapped[datetime]
    """When its latest piece ended."""
    kept_from: Mapped[datetime | None]
    days: Mapped[float | None]
    """For how many days its edge has room."""
    cores: Mapped[float]
    """CPU seconds a second that recording it takes."""
    codec: Mapped[str]
    stream: Mapped[str]
    masked: Mapped[bool]
