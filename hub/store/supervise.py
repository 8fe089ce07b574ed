"""Escalation steps that fired, and what people were told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Escalation(Base):
    """One step of one clock of one alert or case; the constraint lets it fire once."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("subject", "clock", "step"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    subject: Mapped[str]
    """`alert/<id>` or `case/<id>`."""
    clock: Mapped[str]
    """Name of the clock; from its second run on with the run's number: `handle.2`."""
    step: Mapped[int]
    """Per cent of the limit, or seconds for an urgent alert that nobody took."""
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime]
    late: Mapped[bool]
    to: Mapped[str]


class Silence(Base):
    """Somebody's wish not to be told of a kind or a camera until `ends`; it never covers an urgent alert."""

    __tablename__ = "silence"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    owner: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    kind: Mapped[str | None]
    camera: Mapped[str | None] = mapped_column(ForeignKey("camera.id"))
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    """Its last moment, or the one at which somebody ended it."""


class Notice(Base):
    """Something a person, or whoever holds a role at a node, was told."""

    __tablename__ = "notice"
    __table_args__ = (
        Index(None, "person", "at"),
        Index(None, "subject", "at"),
        Index(None, "unread_due"),
        Index(None, "person", "seen_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None]
    subject: Mapped[str]
    step: Mapped[str]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When the person read it."""
    severity: Mapped[int] = mapped_column(default=2)
    unread_due: Mapped[datetime | None]
    """When it goes on to the next person, unless somebody of those told has read it."""
    words_zh: Mapped[str]
    words_en: Mapped[str]
