"""Who trades: businesses, apart from the premises that they rent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base

LASTING = text("ends IS NULL")


class Business(Base):
    """Who trades under one name; with shops in two grids, both care for it and one is the primary."""

    __tablename__ = "business"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    primary_shop: Mapped[str | None] = mapped_column(ForeignKey("shop.id"))
    made_at: Mapped[datetime]


class Tenancy(Base):
    """A business in a shop, from `begins` to before `ends`."""

    __tablename__ = "tenancy"
    __table_args__ = (
        CheckConstraint("ends IS NULL OR ends > begins", name="span"),
        Index("ix_tenancy_lasting", "shop", unique=True, sqlite_where=LASTING, postgresql_where=LASTING),
        Index(None, "business"),
        Index(None, "market", "shop"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    business: Mapped[str] = mapped_column(ForeignKey("business.id"))
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"))
    begins: Mapped[date]
    ends: Mapped[date | None]
