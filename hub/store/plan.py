"""Plans of grids and groups: drawn up by one, approved by another, in force from a day on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base

UNDER_WAY = text("state IN ('submitted', 'approved')")


class Plan(Base):
    """A proposed change of grids and groups; applied, it is a version of the market."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("market", "number"),
        CheckConstraint("kind IN ('grids', 'groups', 'hand')", name="kind"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'applied', 'withdrawn', 'rejected', 'undone')",
            name="state",
        ),
        CheckConstraint(
            "decided_by IS NULL OR (decided_by <> made_by AND decided_by <> submitted_by)", name="apart"
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'applied', 'rejected', 'undone') OR decided_by IS NOT NULL",
            name="decided",
        ),
        CheckConstraint("state = 'draft' OR submitted_by IS NOT NULL", name="handed"),
        Index("ix_plan_under_way", "market", unique=True, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    number: Mapped[str]
    kind: Mapped[str]
    """grids: grids and with them groups; groups: groups alone; hand: by a person's hand."""
    state: Mapped[str] = mapped_column(default="draft")
    title: Mapped[str]
    effective: Mapped[date]
    """The first day of the market on which it is to hold, or holds."""
    revision: Mapped[int] = mapped_column(default=1)
    """Rises with every change of the draft; who changes names the one that they saw."""
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    hands: Mapped[list[Any]]
    """Everybody who drew at it: none of them may approve it."""
    submitted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it was rejected or undone, in somebody's words; of a draft that was approved the key `stale`."""
    applied_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    asked: Mapped[dict[str, Any]]
    """What the solver was asked besides the ground: rules and prices."""
    made: Mapped[dict[str, Any]]
    """New grids and groups, and centres: {grids, groups, centres, grid_centres, stood}; applied: {was, left}.

    stood: the centres that those are instead of · was: what to go back to · left: centres as it left them.
    """
    figures: Mapped[dict[str, Any]]
    """{before, after, proof, oddities}, as they were when it was last drawn."""
    job: Mapped[dict[str, Any] | None]
    """How its solver stands: {id, state, stage, seconds, best, bound, share, at}; None: it has none."""
    stop: Mapped[bool] = mapped_column(default=False)
    """Somebody wants its solver to stop and keep the best."""


class PlanChange(Base):
    """One shop that a plan gives another grid or group; ids, since those to come are not there before."""

    __tablename__ = "plan_change"
    plan: Mapped[str] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"), primary_key=True)
    grid_from: Mapped[str]
    grid_to: Mapped[str]
    group_from: Mapped[str | None]
    group_to: Mapped[str | None]
    reason: Mapped[str]
    """Key of core.versions.REASON."""
    walk_from: Mapped[float | None]
    """Metres to the centre of its grid."""
    walk_to: Mapped[float | None]
