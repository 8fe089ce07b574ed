"""The ledger, personal text behind its commitments, files, and running numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Line(Base):
    """One act. Ids rise in commit order within a market; the database refuses to change or delete a line.

    PostgreSQL keeps lines by month of `at`, and the number within a case unique by its table `line_case`.
    """

    __tablename__ = "line"
    __table_args__ = (
        Index(None, "market", "id"),
        UniqueConstraint("case", "case_seq"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    case: Mapped[str | None] = mapped_column(ForeignKey("case.id"))
    alert: Mapped[str | None] = mapped_column(ForeignKey("alert.id"), index=True)
    case_seq: Mapped[int | None]
    """1, 2, 3 … within the case without a gap."""
    case_prev: Mapped[int | None] = mapped_column(BigInteger)
    """Id of the case's line before."""
    at: Mapped[datetime]
    clock_state: Mapped[str]
    actor: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None]
    armband: Mapped[str | None]
    act: Mapped[str]
    stage_from: Mapped[str | None]
    stage_to: Mapped[str | None]
    public: Mapped[dict[str, Any]]
    """What everybody who may see the line may see; no personal text."""
    commitment: Mapped[str | None]
    """SHA-256 of salt and text; the text itself can be purged and the line still verifies."""


class PrivateText(Base):
    """Text of a line that retention may purge."""

    __tablename__ = "private_text"
    commitment: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str]


class Blob(Base):
    """A file that is wholly stored under its hash."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str]
    stored_at: Mapped[datetime]


class Media(Base):
    """A still or clip of an event under an opaque id; its bytes may come before or after."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("event", "sha256"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str]
    role: Mapped[str]
    """still or clip."""
    camera: Mapped[str | None] = mapped_column(ForeignKey("camera.id"))
    event: Mapped[str | None]
    alert: Mapped[str | None] = mapped_column(ForeignKey("alert.id"), index=True)
    case: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    at: Mapped[datetime]
    ended: Mapped[datetime | None]
    cpu_s: Mapped[float | None]
    """CPU seconds that coding it anew for a browser took at the edge."""


class Counter(Base):
    """The last running number given in one market on one of its days."""

    __tablename__ = "counter"
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int]
