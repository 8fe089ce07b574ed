"""Crews, and who is on which post from when to when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Crew(Base):
    """A patrol crew of one grid."""

    __tablename__ = "crew"
    __table_args__ = (UniqueConstraint("market", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    number: Mapped[int]


class Duty(Base):
    """One person on one post, from `begins` up to but without `ends`."""

    __tablename__ = "duty"
    __table_args__ = (Index(None, "market", "ends"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    crew: Mapped[str | None] = mapped_column(ForeignKey("crew.id"))
    post: Mapped[str]
    """lead, desk, monitor, guard or liaison."""
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    roster: Mapped[str | None] = mapped_column(ForeignKey("roster.id"), index=True)
    """The published roster that it stands in; its id is the cell's."""
