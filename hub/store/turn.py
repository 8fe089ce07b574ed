"""Turns of ten-shop groups: whose day it is, what was done on it, leave, closed days, swaps, and feeds.

`leave` and `swap` serve rosters too: there they are a person's and a cell's.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base

ASKED = text("state = 'asked'")


class TurnHours(Base):
    """When a market's turns begin and end, and until when each thing is to be done; its own time."""

    __tablename__ = "turn_hours"
    __table_args__ = (CheckConstraint("apart >= 1", name="apart"),)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"), primary_key=True)
    begins: Mapped[time]
    confirm_by: Mapped[time]
    """A turn that nobody confirmed by then is told to the centre shop."""
    enter_by: Mapped[time]
    """One that still nobody confirmed is entered as missed."""
    opening_by: Mapped[time]
    noon_by: Mapped[time]
    ends: Mapped[time]
    apart: Mapped[int]
    """Days from one turn of a shop to its next, at least, where that can be."""


class Rotation(Base):
    """Turns as a solver proposes them, over a span of days; published, they are rows of `turn`."""

    __tablename__ = "rotation"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'discarded')", name="state"),
        CheckConstraint("last >= first", name="span"),
        Index(None, "market", "made_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    number: Mapped[str]
    node: Mapped[str]
    """For whom: the market, a grid, or a group, as grants name them."""
    first: Mapped[date]
    last: Mapped[date]
    """The last day that it covers."""
    state: Mapped[str]
    seconds: Mapped[float]
    """How long the solver may take."""
    job: Mapped[dict[str, Any] | None]
    """How its solver stands."""
    stop: Mapped[bool] = mapped_column(default=False)
    """Somebody wants the best so far."""
    made: Mapped[list[Any]] = mapped_column(default=list)
    """[{group, turns: [[day, shop, buddy]], gaps: [[day, zh, en]]}, …]."""
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class Turn(Base):
    """A day of a group: the shop that has it, or why nobody has."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("group", "day"),
        CheckConstraint("shop IS NOT NULL OR why_en <> ''", name="explained"),
        CheckConstraint("buddy IS NULL OR buddy <> shop", name="buddy"),
        Index(None, "market", "day"),
        Index(None, "shop", "day"),
        Index(None, "buddy", "day"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    group: Mapped[str] = mapped_column(ForeignKey("shop_group.id"))
    day: Mapped[date]
    shop: Mapped[str | None] = mapped_column(ForeignKey("shop.id"))
    buddy: Mapped[str | None] = mapped_column(ForeignKey("shop.id"))
    """The neighbour who checks at closing."""
    why_zh: Mapped[str] = mapped_column(default="")
    why_en: Mapped[str] = mapped_column(default="")
    """Of a day that nobody has: the reason."""
    fixed: Mapped[bool] = mapped_column(default=False)
    """Agreed between people: a new rotation keeps it."""
    revision: Mapped[int] = mapped_column(default=0)
    """How often it was changed since it was published; calendars go by it."""
    changed_at: Mapped[datetime]
    rotation: Mapped[str | None] = mapped_column(ForeignKey("rotation.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reminded_at: Mapped[datetime | None]
    """When the centre shop was told that nobody had confirmed."""
    missed_at: Mapped[datetime | None]
    """When it was entered that nobody had."""


class TurnPast(Base):
    """A shop that had this day, and has it no more; its calendars cancel it."""

    __tablename__ = "turn_past"
    id: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[str] = mapped_column(ForeignKey("turn.id"), index=True)
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"), index=True)
    revision: Mapped[int]
    at: Mapped[datetime]


class TurnCheck(Base):
    """One of the day's things, done: `opening`, `noon` and `closing` by its shop, `buddy` by the other."""

    __tablename__ = "turn_check"
    __table_args__ = (
        UniqueConstraint("turn", "item"),
        CheckConstraint("item IN ('opening', 'noon', 'closing', 'buddy')", name="item"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[str] = mapped_column(ForeignKey("turn.id"))
    item: Mapped[str]
    shop: Mapped[str] = mapped_column(ForeignKey("shop.id"))
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    """When it was done, as the phone said."""
    taken_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    """What was found; empty: all in order."""


class Leave(Base):
    """Days on which a shop, or a person of a roster, cannot come or would rather not; both days included."""

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("(shop IS NULL) <> (person IS NULL)", name="whose"),
        CheckConstraint("kind IN ('leave', 'wanted', 'unwanted')", name="kind"),
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("last >= first", name="span"),
        Index(None, "market", "last"),
        Index(None, "shop", "last"),
        Index(None, "person", "last"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    shop: Mapped[str | None] = mapped_column(ForeignKey("shop.id"))
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    """`leave` is kept to once granted; `wanted` and `unwanted` are wishes, of one shift where it is named."""
    shift: Mapped[str | None]
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str]
    state: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")


class ClosedDay(Base):
    """A day without turns: of one group, or of the whole market."""

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("market", "group", "day"), Index(None, "market", "day"))
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    group: Mapped[str | None] = mapped_column(ForeignKey("shop_group.id"))
    day: Mapped[date]
    reason: Mapped[str]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class Swap(Base):
    """One asks another to take a day, for one of the other's or for none; only both together change it.

    Of kind `turn` the days are turns and the two are shops; of kind `cell`, a roster's cells and people.
    """

    __tablename__ = "swap"
    __table_args__ = (
        CheckConstraint("kind IN ('turn', 'cell')", name="kind"),
        CheckConstraint("state IN ('asked', 'agreed', 'refused', 'withdrawn', 'lapsed')", name="state"),
        CheckConstraint("asker <> asked", name="two"),
        Index(None, "market", "state"),
        Index("ix_swap_open", "given", unique=True, sqlite_where=ASKED, postgresql_where=ASKED),
        Index(None, "taken"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    kind: Mapped[str]
    given: Mapped[str]
    """What the asker gives away."""
    taken: Mapped[str | None]
    """What the asker takes for it; None: the other stands in."""
    asker: Mapped[str]
    asked: Mapped[str]
    state: Mapped[str]
    day: Mapped[date]
    """The earlier of the two days; at its beginning an open question lapses."""
    note: Mapped[str] = mapped_column(default="")
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class CalendarFeed(Base):
    """A calendar to subscribe to; of its address only the hash is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (CheckConstraint("kind IN ('group', 'shop', 'person')", name="kind"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    """The id of the group, shop or person."""
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    """When a calendar last came for it, to the hour."""
    revoked_at: Mapped[datetime | None]
