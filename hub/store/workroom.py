"""Workrooms with their readiness, and appointments of those who lead a grid."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Workroom(Base):
    """A grid's security workroom."""

    __tablename__ = "workroom"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"), unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    spot: Mapped[str]
    """Where it is, in a few words."""
    phone: Mapped[str]
    """The room's own duty telephone."""


class WorkroomItem(Base):
    """One of the five items that a workroom has to have, as somebody last saw it."""

    __tablename__ = "workroom_item"
    __table_args__ = (
        UniqueConstraint("workroom", "item"),
        CheckConstraint("item IN ('place', 'sign', 'equipment', 'people', 'rules')", name="item"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workroom: Mapped[str] = mapped_column(ForeignKey("workroom.id"))
    item: Mapped[str]
    ready: Mapped[bool]
    note: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class Appointment(Base):
    """Somebody leads a grid, or stands in for its leader, by a numbered letter; `ends` is the last day."""

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("market", "number"),
        CheckConstraint("office IN ('leader', 'deputy')", name="office"),
        CheckConstraint("ends IS NULL OR ends >= begins", name="span"),
        CheckConstraint("made_by IS NULL OR made_by <> person", name="apart"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    number: Mapped[str]
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"), index=True)
    office: Mapped[str]
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    begins: Mapped[date]
    ends: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """None: it was entered with the market itself."""
    revoked_at: Mapped[datetime | None]
