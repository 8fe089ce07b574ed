"""Who acts, what they may, and their log-ins. Names, roles, armbands: no more is kept of a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Person(Base):
    """Somebody who acts for the market, its shops or an agency."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    armband: Mapped[str | None]
    login: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


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
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    csrf: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
