"""The handover book, and who signed in for a duty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Handover(Base):
    """A page of a workroom's book: what one shift leaves to the next; given by one and taken by another."""

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("grid", "at"),
        CheckConstraint("taken_by IS NULL OR taken_by <> given_by", name="apart"),
        CheckConstraint("taken_by IS NULL OR given_by IS NOT NULL", name="given"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    at: Mapped[datetime]
    """When the one shift ends and the next begins."""
    made_at: Mapped[datetime]
    matters: Mapped[list[Any]]
    """[{id, kind, zh, en}]: open cases and alerts of the grid as they stood when it was given."""
    kit: Mapped[list[Any]]
    """[{asset, label, kind, ok, note}]: the equipment as whoever gave it found it."""
    note: Mapped[str] = mapped_column(default="")
    given_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime | None]
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """What whoever took it found otherwise."""


class Attendance(Base):
    """One duty as it was kept: signed in with an armband, signed out, or missed."""

    __tablename__ = "attendance"
    __table_args__ = (Index(None, "market", "begins"), Index(None, "person", "begins"))
    duty: Mapped[str] = mapped_column(primary_key=True)
    """Id of the duty (no foreign key: those of the distant past go)."""
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    armband: Mapped[str | None]
    """The number that was worn when signing in."""
    in_at: Mapped[datetime | None]
    out_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When the leader was told that nobody had signed in."""
