"""The dated truth of grids and groups: which shop was in which, and who coordinated, from day to day.

An interval holds from `begins` to before `ends`; without an end it goes on.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base

LASTING = text("ends IS NULL")


class Placement(Base):
    """A shop in a grid and a group; of each living shop exactly one holds on each day."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends > begins", name="span"),
        Index("ix_placement_lasting", "shop", unique=True, sqlite_where=LASTING, postgresql_where=LASTING),
        Index(None, "market", "begins"),
        Index(None, "grid", "begins"),
        Index(None, "group", "begins"),
    )
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"), primary_key=True)
    begins: Mapped[date] = mapped_column(primary_key=True)
    ends: Mapped[date | None]
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    group: Mapped[str | None] = mapped_column(ForeignKey("shop_group.id"))
    """None while the market has not been cut into groups."""
    version: Mapped[str | None] = mapped_column(ForeignKey("plan.id"))
    """The plan that placed it so; None: an entry in the register did."""


class Centre(Base):
    """The centre shop of a group over a time."""

    __tablename__ = "centre"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends > begins", name="span"),
        Index("ix_centre_lasting", "group", unique=True, sqlite_where=LASTING, postgresql_where=LASTING),
    )
    group: Mapped[str] = mapped_column(ForeignKey("shop_group.id"), primary_key=True)
    begins: Mapped[date] = mapped_column(primary_key=True)
    ends: Mapped[date | None]
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"))
    version: Mapped[str | None] = mapped_column(ForeignKey("plan.id"))
