"""The market's ground: halls, streets, gates, grids, ten-shop groups and shops. Metres, y down."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Area(Base):
    """A street or a district, which has markets; `parent` is the district that a street belongs to."""

    __tablename__ = "area"
    __table_args__ = (CheckConstraint("kind IN ('street', 'district')", name="kind"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    parent: Mapped[str | None] = mapped_column(ForeignKey("area.id"))
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Market(Base):
    """One market; the unit by which a hub shards."""

    __tablename__ = "market"
    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    x0: Mapped[float]
    y0: Mapped[float]
    x1: Mapped[float]
    y1: Mapped[float]
    zone: Mapped[str]
    """IANA time zone in which its days and numbers are counted."""
    area: Mapped[str | None] = mapped_column(ForeignKey("area.id"), index=True)
    """The street, or the district, that it belongs to."""


class Hall(Base):
    """A building."""

    __tablename__ = "hall"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    ring: Mapped[list[Any]]
    """[[x, y], …]"""


class Street(Base):
    """An aisle or street between shops."""

    __tablename__ = "street"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    kind: Mapped[str]
    ring: Mapped[list[Any]]


class Gate(Base):
    """A way in or out."""

    __tablename__ = "gate"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    x: Mapped[float]
    y: Mapped[float]


class Grid(Base):
    """A grid with its one responsible leader."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("market", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    number: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    tint: Mapped[int]
    leader: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class ShopGroup(Base):
    """Ten neighbours; `centre` is the shop that coordinates (no foreign key: each names the other)."""

    __tablename__ = "shop_group"
    __table_args__ = (UniqueConstraint("market", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"), index=True)
    number: Mapped[int]
    centre: Mapped[str | None]


class Shop(Base):
    """One shop and its ring on the plan."""

    __tablename__ = "shop"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"), index=True)
    group: Mapped[str | None] = mapped_column(ForeignKey("shop_group.id"), index=True)
    hall: Mapped[str | None] = mapped_column(ForeignKey("hall.id"))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    ring: Mapped[list[Any]]
    """[x, y, x, y, …]"""
    door_x: Mapped[float]
    door_y: Mapped[float]
    open: Mapped[bool] = mapped_column(default=True)
