"""Staff, armbands, responsible contacts, care visits, and who looked at what. No more is kept of a person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Staff(Base):
    """Somebody who works for the market, at one post."""

    __tablename__ = "staff"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    post: Mapped[str]
    """guard, monitor, dispatcher, desk, leader, manager or volunteer."""
    employer: Mapped[str] = mapped_column(default="")
    """The market itself, or the contractor's name."""
    begins: Mapped[date]
    ends: Mapped[date | None]


class Certificate(Base):
    """A certificate or training of a member of the staff; `ends` is the last day on which it holds."""

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("person", "kind", "begins"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    """cctv, guard, fire, first_aid or drill."""
    begins: Mapped[date]
    ends: Mapped[date | None]


class Armband(Base):
    """A numbered armband; its history stands in the ledger."""

    __tablename__ = "armband"
    __table_args__ = (
        UniqueConstraint("market", "number"),
        CheckConstraint("state IN ('stored', 'issued', 'lost', 'retired')", name="state"),
        CheckConstraint("(state = 'issued') = (person IS NOT NULL)", name="holder"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    number: Mapped[str]
    state: Mapped[str] = mapped_column(default="stored")
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"), unique=True)
    since: Mapped[datetime]


class Contact(Base):
    """Who answers for a shop: a name or trade name, what they are there, a telephone; for stated purposes."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "market", "shop"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"))
    name: Mapped[str]
    role: Mapped[str]
    """owner, keeper, night or fire."""
    phone: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class CareVisit(Base):
    """Help that a shop asked for, with its scope and end; withdrawn at once whenever the shop wants."""

    __tablename__ = "care_visit"
    __table_args__ = (Index(None, "market", "ends"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"), index=True)
    scope: Mapped[str]
    """What the visit is for, in the shop's own words."""
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    consent_at: Mapped[datetime]
    begins: Mapped[date]
    ends: Mapped[date]
    withdrawn_at: Mapped[datetime | None]


class Proposal(Base):
    """A grant that waits for approval by somebody other than its proposer."""

    __tablename__ = "proposal"
    __table_args__ = (CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="apart"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    node: Mapped[str]
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]


class Access(Base):
    """Who looked at what, and why; written before the first byte leaves."""

    __tablename__ = "access"
    __table_args__ = (
        Index(None, "market", "at", "id"),
        Index(None, "person", "kind", "subject", "at"),
        CheckConstraint("kind IN ('live', 'still', 'playback', 'export', 'contact')", name="kind"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """None for a wall's display by itself."""
    session: Mapped[str | None]
    kind: Mapped[str]
    subject: Mapped[str]
    """The node of a duty session, or the id of a camera, file or shop."""
    purpose: Mapped[str]
    case: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    at: Mapped[datetime]
