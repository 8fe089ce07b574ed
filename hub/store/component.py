"""Components, what was found at them, visits to shops, and what a market sets for its registers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Component(Base):
    """Something that has an owner and is looked at from time to time; its grid is that of its shop."""

    __tablename__ = "component"
    __table_args__ = (
        CheckConstraint("condition IN ('good', 'faulty', 'missing')", name="condition"),
        Index(None, "market", "verified_at", "id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    kind: Mapped[str]
    owner: Mapped[str]
    near: Mapped[str] = mapped_column(ForeignKey("shop.id"), index=True)
    """The shop in which it is, or whose door is nearest: it goes with that shop's grid."""
    inside: Mapped[bool]
    x: Mapped[float]
    y: Mapped[float]
    spot: Mapped[str]
    """Where exactly, in a few words."""
    condition: Mapped[str]
    made_at: Mapped[datetime]
    verified_at: Mapped[datetime]
    verified_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]


class Survey(Base):
    """A visit to a shop's premises, at which all that is there is looked at once."""

    __tablename__ = "survey"
    __table_args__ = (Index(None, "shop", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str]


class ComponentCheck(Base):
    """What somebody found at one component, by itself or on a visit to the shop."""

    __tablename__ = "component_check"
    __table_args__ = (
        CheckConstraint("condition IN ('good', 'faulty', 'missing')", name="condition"),
        Index(None, "component", "at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    component: Mapped[str] = mapped_column(ForeignKey("component.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    condition: Mapped[str]
    note: Mapped[str]
    survey: Mapped[str | None] = mapped_column(ForeignKey("survey.id"))


class RegisterLimit(Base):
    """What a market sets for its registers; without a row the usual limits hold."""

    __tablename__ = "register_limit"
    __table_args__ = (CheckConstraint("stale_days > 0 AND gap_days > 0 AND term_months > 0", name="above"),)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), primary_key=True)
    stale_days: Mapped[int]
    gap_days: Mapped[int]
    term_months: Mapped[int]
