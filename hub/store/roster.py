"""Guards' rosters of workrooms: who stands when, who has read it, who covers for whom, who is lent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base

DRAFT, PUBLISHED = text("state = 'draft'"), text("state = 'published'")


class Roster(Base):
    """One month of one workroom: a draft, what holds, or what held until it was published anew."""

    __tablename__ = "roster"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'replaced')", name="state"),
        CheckConstraint("ends >= begins", name="span"),
        CheckConstraint("state = 'draft' OR published_by IS NOT NULL", name="signed"),
        Index("ix_roster_draft", "grid", "begins", unique=True, sqlite_where=DRAFT, postgresql_where=DRAFT),
        Index(
            "ix_roster_holds",
            "grid",
            "begins",
            unique=True,
            sqlite_where=PUBLISHED,
            postgresql_where=PUBLISHED,
        ),
        Index(None, "market", "begins"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    begins: Mapped[date]
    ends: Mapped[date]
    """The last day."""
    state: Mapped[str] = mapped_column(default="draft")
    revision: Mapped[int] = mapped_column(default=1)
    """Rises with every change; who changes names the one that they saw."""
    base: Mapped[str | None]
    """Of a draft: `id/revision` of what held when it was begun (no foreign key: it is compared only)."""
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]]
    """What its solver said of it: {proved, objective, bound, seconds}; empty of one drawn by hand."""
    job: Mapped[dict[str, Any] | None]
    """How its solver stands: {id, state, stage, seconds, best, bound, share, at}; None: it has none."""
    stop: Mapped[bool] = mapped_column(default=False)
    """Somebody wants its solver to stop and keep the best."""


class RosterCell(Base):
    """One person's shift of one day, by the market's own date on which the shift begins."""

    __tablename__ = "roster_cell"
    __table_args__ = (
        UniqueConstraint("roster", "person", "day"),
        CheckConstraint("covers IS NULL OR covers <> person", name="apart"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    roster: Mapped[str] = mapped_column(ForeignKey("roster.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    day: Mapped[date]
    shift: Mapped[str]
    """Key of core.roster.SHIFTS."""
    covers: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """For whom this person came in."""


class RosterRead(Base):
    """Who was told of a published roster, and when they read it."""

    __tablename__ = "roster_read"
    roster: Mapped[str] = mapped_column(ForeignKey("roster.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Cover(Base):
    """Somebody is asked to come in for another; it holds once everybody whom it concerns has agreed.

    Why the other cannot come is not kept.
    """

    __tablename__ = "cover"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'agreed', 'declined', 'withdrawn', 'lapsed')", name="state"),
        Index(None, "roster", "day"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    roster: Mapped[str] = mapped_column(ForeignKey("roster.id"))
    absent: Mapped[str] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    shift: Mapped[str]
    changes: Mapped[list[Any]]
    """[{person, day, before, after, covers}]: every cell that it changes; None is a day off."""
    consents: Mapped[dict[str, Any]]
    """Person → the moment at which they agreed, None while they have not."""
    state: Mapped[str] = mapped_column(default="asked")
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class Loan(Base):
    """Somebody of one workroom stands in another's roster for some days; both they and their leader agree."""

    __tablename__ = "loan"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'agreed', 'declined', 'ended')", name="state"),
        CheckConstraint("ends >= begins", name="span"),
        CheckConstraint("grid_from <> grid_to", name="apart"),
        Index(None, "market", "ends"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    grid_from: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    grid_to: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    begins: Mapped[date]
    ends: Mapped[date]
    """The last day."""
    state: Mapped[str] = mapped_column(default="asked")
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    lent_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Who agreed for the workroom that lends."""
    lent_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    """When the person agreed."""
    ended_at: Mapped[datetime | None]


class DaysOff(Base):
    """Days off work of a year that the calendar does not know, as the market's office answered."""

    __tablename__ = "days_off"
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[list[Any]]
    """ISO dates of every day of the year that is off, weekends among them."""
    put_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    put_at: Mapped[datetime]
