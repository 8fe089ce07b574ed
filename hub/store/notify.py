"""The ways that reach people who look at no screen, and every message that goes one of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Channel(Base):
    """One way to one person; used once its owner has shown that it arrives."""

    __tablename__ = "channel"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    """push, email, wecom, dingtalk, feishu, sms or voice."""
    address: Mapped[bytes]
    """Sealed with a key that is not in the database."""
    shown: Mapped[str]
    """What its owner knows it by: most of the address left out."""
    session: Mapped[str | None]
    """Of push: the id of the log-in with which it was turned on, and with whose end it ends."""
    made_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    code_hash: Mapped[str | None]
    code_until: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    good_at: Mapped[datetime | None]
    """When something last arrived by it, as far as it tells."""
    failed_at: Mapped[datetime | None]
    """When it was last given up on; None since something arrived."""
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]


class Quiet(Base):
    """Between which times of day a person wants nothing that can wait; urgent and high never wait."""

    __tablename__ = "quiet"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    begins: Mapped[int]
    """Minute of the market's day."""
    ends: Mapped[int]


class Delivery(Base):
    """One message on one way: written with the act that it tells of, sent by a courier, kept with its end."""

    __tablename__ = "delivery"
    __table_args__ = (Index(None, "state", "next_at"), Index(None, "person", "made_at"))
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    notice: Mapped[str | None] = mapped_column(ForeignKey("notice.id"), index=True)
    channel: Mapped[str | None] = mapped_column(ForeignKey("channel.id"), index=True)
    """None once the channel was removed, and for a siren."""
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="notice")
    """notice, code, test or siren."""
    subject: Mapped[str | None]
    """Of a siren: `alert/<id>`."""
    severity: Mapped[int]
    secret: Mapped[bytes | None]
    """Sealed: the code that shows that a channel arrives."""
    state: Mapped[str] = mapped_column(default="waiting")
    """waiting, sent, failed, or dropped (what it told of was over before it could go)."""
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    """When it goes, or goes again; of one that is under way, when it counts as lost."""
    until: Mapped[datetime]
    """After this nobody is helped by it any more."""
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
