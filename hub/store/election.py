"""Elections of centre shops: candidates, and votes as counts. Who voted how is written nowhere."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base

OPEN = text("state = 'called'")


class Election(Base):
    """A shop group elects who coordinates it; `ends` is the last day of the term."""

    __tablename__ = "election"
    __table_args__ = (
        CheckConstraint("way IN ('secret', 'open')", name="way"),
        CheckConstraint("state IN ('called', 'decided', 'cancelled')", name="state"),
        CheckConstraint(
            "(state = 'decided') = (centre IS NOT NULL AND begins IS NOT NULL AND ends IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("deputy IS NULL OR deputy <> centre", name="deputy"),
        Index("ix_election_open", "group", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "market", "state"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    group: Mapped[str] = mapped_column(ForeignKey("shop_group.id"), index=True)
    way: Mapped[str]
    state: Mapped[str]
    electors: Mapped[int]
    """Shops of the group when it was called; each has one vote."""
    blank: Mapped[int]
    """Empty and spoilt votes."""
    by_lot: Mapped[bool]
    """Whether a lot had to be drawn between equal votes."""
    centre: Mapped[str | None] = mapped_column(ForeignKey("shop.id"))
    deputy: Mapped[str | None] = mapped_column(ForeignKey("shop.id"))
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    called_at: Mapped[datetime]
    called_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class Candidate(Base):
    """A shop that stands, and how many votes it got."""

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("election", "shop"),
        CheckConstraint("votes >= 0", name="votes"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    election: Mapped[str] = mapped_column(ForeignKey("election.id"))
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"))
    votes: Mapped[int]
