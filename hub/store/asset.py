"""Tasks of the staff, and the equipment that is given out and comes back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Task(Base):
    """A drill, a training, a certificate to be renewed, or something else that is due by a day."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("kind IN ('drill', 'training', 'certificate', 'other')", name="kind"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done"),
        Index(None, "market", "due"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str | None] = mapped_column(ForeignKey("grid.id"))
    """None: the whole market's."""
    kind: Mapped[str]
    title: Mapped[str]
    """In somebody's words; empty of one that came with a certificate."""
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Whom it is about, where it is about one."""
    certificate: Mapped[str | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    """The certificate that ends on the day it is due."""
    due: Mapped[date]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """None: it came by itself."""
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    took_part: Mapped[list[Any]]
    """Ids of the people who were there."""
    note: Mapped[str] = mapped_column(default="")


class Asset(Base):
    """A vehicle, radio or other piece of equipment of a workroom."""

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("market", "label"),
        CheckConstraint("state IN ('in', 'out', 'repair', 'retired')", name="state"),
        CheckConstraint("(state = 'out') = (person IS NOT NULL)", name="holder"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"), index=True)
    kind: Mapped[str]
    """Key of core.equipment.KIND."""
    label: Mapped[str]
    """What stands on it."""
    state: Mapped[str] = mapped_column(default="in")
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]


class AssetMove(Base):
    """One piece went out, came back, went to be mended, or is used no more."""

    __tablename__ = "asset_move"
    __table_args__ = (
        Index(None, "asset", "at"),
        CheckConstraint("state IN ('in', 'out', 'repair', 'retired')", name="state"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(ForeignKey("asset.id"))
    state: Mapped[str]
    """What it is since then."""
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Who had it, or has it."""
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
