"""Devices, what was received from them, and what could not be read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Device(Base):
    """An edge box or other device that speaks for itself."""

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    status: Mapped[str] = mapped_column(default="planned")
    """planned, enrolled, active, suspended or revoked."""
    key_hash: Mapped[str | None]
    epoch: Mapped[str | None]
    online: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None]
    clock_offset_ms: Mapped[float] = mapped_column(default=0.0)
    queued: Mapped[int] = mapped_column(BigInteger, default=0)
    dropped: Mapped[int] = mapped_column(BigInteger, default=0)


class Inbox(Base):
    """Each numbered message is taken once: the key refuses a second."""

    __tablename__ = "inbox"
    device: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]


class InboxMark(Base):
    """How far one epoch of a device was heard without a gap; its numbers up to here need no row any more."""

    __tablename__ = "inbox_mark"
    device: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(primary_key=True)
    upto: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The highest missing number that somebody was told of."""
    at: Mapped[datetime]


class InboxGiven(Base):
    """Numbers that a device has given up and said so: they never come and nobody misses them."""

    __tablename__ = "inbox_given"
    device: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]


class DeadLetter(Base):
    """A message that could not be taken, with the reason in words."""

    __tablename__ = "dead_letter"
    __table_args__ = (Index(None, "market", "received_at", "id"), Index(None, "state", "market"))
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str]
    device: Mapped[str | None]
    topic: Mapped[str]
    reason: Mapped[str]
    payload: Mapped[bytes]
    """Its first bytes; `size` is how many there were."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(server_default="open")
    """open, again (somebody wants it tried), taken or dropped."""
    size: Mapped[int] = mapped_column(BigInteger, server_default="0")
    person: Mapped[str | None]
    """Who decided, and when."""
    decided_at: Mapped[datetime | None]


class ScanRecord(Base):
    """A patrol point that was read, as it was received."""

    __tablename__ = "scan_record"
    __table_args__ = (Index(None, "market", "received_at", "id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    """The envelope's id."""
    market: Mapped[str]
    device: Mapped[str]
    checkpoint: Mapped[str]
    by: Mapped[str]
    """nfc, qr or gps."""
    round: Mapped[str | None]
    at: Mapped[datetime]
    """By the device's clock; `received_at` is the hub's."""
    received_at: Mapped[datetime]
    clock_source: Mapped[str]
    clock_offset_ms: Mapped[float]
