"""The market's ground: halls, streets, gates, grids, ten-shop groups and shops. Metres, y down."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base

ALWAYS = date(1970, 1, 1)
"""The first day of what has stood since before anybody wrote it down."""


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
    lon: Mapped[float | None]
    """With `lat` where the plan's point 0, 0 lies, degrees of WGS-84; None while nobody has said."""
    lat: Mapped[float | None]
    turn: Mapped[float | None]
    """Bearing of up on the plan, degrees clockwise from north."""


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
    line: Mapped[list[Any] | None]
    """[[x, y], …] along its middle."""
    width: Mapped[float | None]
    hall: Mapped[str | None] = mapped_column(ForeignKey("hall.id"))


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
    """A grid with its one responsible leader. It stands from its first day to before `ends`."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("market", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    number: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    tint: Mapped[int]
    leader: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    centre: Mapped[str | None]
    """The shop in its middle, to which ways are measured (no foreign key: each names the other)."""
    begins: Mapped[date] = mapped_column(default=ALWAYS)
    ends: Mapped[date | None]


class ShopGroup(Base):
    """Ten neighbours; `centre` is the shop that coordinates today (no foreign key: each names the other)."""

    __tablename__ = "shop_group"
    __table_args__ = (UniqueConstraint("market", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), index=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"), index=True)
    number: Mapped[int]
    centre: Mapped[str | None]
    begins: Mapped[date] = mapped_column(default=ALWAYS)
    ends: Mapped[date | None]


class Shop(Base):
    """Premises, let or not, with their ring on the plan; `grid` and `group` are today's placement."""

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
    """Whether somebody trades there today."""
    begins: Mapped[date] = mapped_column(default=ALWAYS)
    ends: Mapped[date | None]
    """The first day on which the premises are no more: others were made of them."""
    street: Mapped[str | None] = mapped_column(ForeignKey("street.id"))
    """What the door opens to."""
    work: Mapped[float] = mapped_column(default=1.0)
    """What it takes to care for it; 1 is a usual shop."""
    trade: Mapped[str] = mapped_column(default="")
    fire_class: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None]
    """When somebody last saw that all this is so."""
