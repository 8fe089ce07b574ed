"""What devices are told to be and to do, and what they say that they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Desired(Base):
    """One version of what a device shall be; the newest holds, the others are its history."""

    __tablename__ = "desired"
    __table_args__ = (UniqueConstraint("device", "version"), Index(None, "state", "next_at"))
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    device: Mapped[str] = mapped_column(ForeignKey("device.id"))
    version: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str]
    fields: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued")
    """queued, sent, applied, rejected, rolled-back or replaced (by a newer version)."""
    reason: Mapped[str | None]
    """The device's words where it does not hold."""
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    """When it is sent, or sent again, unless the device has answered."""
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Command(Base):
    """One thing that a device shall do, once, within half a minute or never."""

    __tablename__ = "command"
    __table_args__ = (
        UniqueConstraint("device", "counter"),
        Index(None, "state", "next_at"),
        Index(None, "device", "id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    device: Mapped[str] = mapped_column(ForeignKey("device.id"))
    counter: Mapped[int] = mapped_column(BigInteger)
    op: Mapped[str]
    args: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued")
    """queued, sent, done, refused or expired."""
    reason: Mapped[str | None]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """None: the hub itself."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Canary(Base):
    """How the last drill alarm went that the hub ordered of a camera by itself."""

    __tablename__ = "canary"
    camera: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    device: Mapped[str]
    command: Mapped[str] = mapped_column(ForeignKey("command.id"))
    """The order; the drill's event bears its id."""
    state: Mapped[str] = mapped_column(default="ordered")
    """ordered, good or failed."""
    reason: Mapped[str | None]
    ordered_at: Mapped[datetime]
    good_at: Mapped[datetime | None]
    """When the last good one was ordered."""
    tries: Mapped[int] = mapped_column(default=1)
    """Of this night."""
    sent: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    """Of all that were ever sent."""


class Twin(Base):
    """What one device says of itself."""

    __tablename__ = "twin"
    device: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of the configuration that it has; 0 is its own file alone."""
    digest: Mapped[str | None]
    firmware: Mapped[str | None]
    error: Mapped[str | None]
    epoch: Mapped[str | None]
    clock_source: Mapped[str | None]
    clock_offset_ms: Mapped[float] = mapped_column(default=0.0)
    told_at: Mapped[datetime | None]


class OrderKey(Base):
    """The public half of the key that signs what devices are told; one row, which the first hub writes."""

    __tablename__ = "order_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[str]
    """PEM."""
    since: Mapped[datetime]
