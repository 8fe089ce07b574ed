"""Who acts, what they may, and their log-ins. Names, roles, armbands: no more is kept of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Person(Base):
    """Somebody who acts for the market, its shops or an agency."""

    __tablename__ = "person"
    __table_args__ = (Index("uq_person_subject", "subject", unique=True),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    armband: Mapped[str | None]
    login: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    pin_hash: Mapped[str | None]
    """For the short sign-in at a wall's screen."""
    barred: Mapped[bool] = mapped_column(default=False)
    """Whether a lapsed certificate keeps them from pictures; kept true to the register every few minutes."""
    must_change: Mapped[bool] = mapped_column(default=False)
    """Whether the password was given by somebody else and has to be replaced at the next log-in."""
    subject: Mapped[str | None]
    """Who they are at the organisation's own log-in (OpenID Connect)."""


class Grant(Base):
    """A role at a node: `market`, `market/grid` or `market/grid/group` (ids)."""

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("person", "role", "node"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(index=True)
    node: Mapped[str]


class LoginSession(Base):
    """A log-in; only the hash of its token is kept."""

    __tablename__ = "login_session"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    """By which people speak of it; worth nothing as a token."""
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    """Whose it is; of a wall's screen, who set it up."""
    kind: Mapped[str]
    """half, person, phone or display."""
    owed: Mapped[list[Any]] = mapped_column(default=list)
    """What a half session still owes: code, factor, password."""
    label: Mapped[str] = mapped_column(default="")
    """What it runs on, in a few words."""
    node: Mapped[str | None]
    """What a display shows."""
    phone_key: Mapped[str | None]
    """A phone's public key, PEM."""
    acting: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    acting_until: Mapped[datetime | None]
    """Who has signed in at a display, and how long that holds without an act."""
    csrf: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class Factor(Base):
    """A person's second factor: time-based codes (RFC 6238)."""

    __tablename__ = "factor"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[bytes]
    """Sealed with a key that is not in the database."""
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The step of the last code that was taken: a code works once."""


class RecoveryCode(Base):
    """Stands for the second factor once, when the phone is lost."""

    __tablename__ = "recovery_code"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """Brings one phone in, once; its token is in the QR code and nowhere else."""

    __tablename__ = "invitation"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
