"""Alerts: the facts as received, and the alert that people see and move."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class AlarmRecord(Base):
    """A message as it was received, by month of receipt. The database refuses to change or delete it."""

    __tablename__ = "alarm_record"
    id: Mapped[str] = mapped_column(primary_key=True)
    """The envelope's id."""
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    device: Mapped[str]
    event: Mapped[str] = mapped_column(index=True)
    """The event's id, or the call's id of an SOS."""
    phase: Mapped[str]
    kind: Mapped[str]
    camera: Mapped[str | None]
    zone: Mapped[str | None]
    began: Mapped[datetime]
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    clock_source: Mapped[str]
    clock_offset_ms: Mapped[float]
    body: Mapped[dict[str, Any]]
    """The whole envelope, its thumbnail apart."""
    thumb: Mapped[bytes | None]


class Alert(Base):
    """A signal that asks somebody to look; several events of one key and time are one alert."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("market", "number"),
        Index(None, "market", "state", "received_at"),
        Index(None, "market", "received_at", "id"),
        Index(None, "market", "grid", "received_at", "id"),
        Index(None, "market", "grid", "group", "received_at", "id"),
        Index(None, "market", "key", "last_at"),
        Index(None, "state", "next_due_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    number: Mapped[str]
    kind: Mapped[str]
    severity: Mapped[int]
    state: Mapped[str]
    device: Mapped[str | None]
    camera: Mapped[str | None] = mapped_column(ForeignKey("camera.id"), index=True)
    zone: Mapped[str | None]
    grid: Mapped[str | None] = mapped_column(ForeignKey("grid.id"))
    group: Mapped[str | None] = mapped_column(ForeignKey("shop_group.id"))
    place_zh: Mapped[str]
    place_en: Mapped[str]
    x: Mapped[float | None]
    y: Mapped[float | None]
    first_at: Mapped[datetime]
    """Event time of its first event; `received_at` is the hub's."""
    last_at: Mapped[datetime]
    received_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    score: Mapped[float] = mapped_column(default=1.0)
    trust: Mapped[str] = mapped_column(default="normal")
    seconds: Mapped[float | None]
    reason: Mapped[str | None]
    boxes: Mapped[list[Any]] = mapped_column(default=list)
    still: Mapped[str | None]
    clip: Mapped[str | None]
    key: Mapped[str]
    open_key: Mapped[str | None] = mapped_column(unique=True)
    """The key while this is its open group: the database allows one."""
    ack_from: Mapped[datetime]
    """When the acknowledgement's clock began; it begins anew when a lease lapses or the severity rises."""
    ack_run: Mapped[int] = mapped_column(default=1)
    ack_due: Mapped[datetime | None]
    ack_at: Mapped[datetime | None]
    lease_person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    lease_until: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    dismissal: Mapped[str | None]
    parent: Mapped[str | None] = mapped_column(ForeignKey("alert.id"))
    """The alert to which this one is attached."""
    case: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    next_due_at: Mapped[datetime | None]
    drill: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class AlertEvent(Base):
    """Which alert an event belongs to, whatever is repeated, reordered or late."""

    __tablename__ = "alert_event"
    event: Mapped[str] = mapped_column(primary_key=True)
    alert: Mapped[str] = mapped_column(ForeignKey("alert.id"), index=True)


class Call(Base):
    """A telephone call to 119, 110 or 120 that somebody noted."""

    __tablename__ = "call"
    id: Mapped[str] = mapped_column(primary_key=True)
    alert: Mapped[str | None] = mapped_column(ForeignKey("alert.id"), index=True)
    case: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    number: Mapped[str]
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
