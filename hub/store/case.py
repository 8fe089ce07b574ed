"""Cases, who took part in them on which side, and the marks from which their clocks are computed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from hub.store.base import Base

MOST_WORDS = 600
"""Characters of a case that are searched; an index of PostgreSQL takes no entry of more than 2,704 bytes."""


class Case(Base):
    """One case from report to evaluation."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("market", "number"),
        Index(None, "market", "opened_at", "id", "words"),
        Index(None, "market", "stage", "opened_at", "id"),
        Index(None, "market", "grid", "opened_at", "id"),
        Index(None, "market", "grid", "group", "opened_at", "id"),
        Index(None, "market", "unit_kind", "unit", "opened_at", "id"),
        Index(None, "market", "reporter", "opened_at", "id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    number: Mapped[str]
    """LF-YYYYMMDD-NNNN in the market's own days."""
    kind: Mapped[str]
    severity: Mapped[int]
    stage: Mapped[str]
    stage_before: Mapped[str | None]
    """The stage it goes back to when un-merged."""
    grid: Mapped[str | None] = mapped_column(ForeignKey("grid.id"))
    group: Mapped[str | None] = mapped_column(ForeignKey("shop_group.id"))
    place_zh: Mapped[str]
    place_en: Mapped[str]
    x: Mapped[float | None]
    y: Mapped[float | None]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    channel: Mapped[str]
    """camera, sensor, patrol, shop, phone or web."""
    reporter: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reporter_name: Mapped[str | None]
    tracking_code: Mapped[str] = mapped_column(unique=True)
    unit_kind: Mapped[str | None]
    """crew, group, agency or liaison."""
    unit: Mapped[str | None]
    root: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    policy: Mapped[str]
    """Version of the time limits that this case is measured by."""
    opened_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    shift_ends: Mapped[datetime]
    review_at: Mapped[datetime | None]
    """When a suspended case comes back by itself."""
    asked: Mapped[dict[str, Any] | None]
    """A request that waits for a decision: {act, person, text, until}."""
    rework: Mapped[int] = mapped_column(default=0)
    reopen: Mapped[int] = mapped_column(default=0)
    wrong_dispatch: Mapped[int] = mapped_column(default=0)
    result: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    seq: Mapped[int] = mapped_column(default=0)
    """The last `case_seq` given; closing counts by it."""
    last_line: Mapped[int | None] = mapped_column(BigInteger)
    """Id of its last ledger line."""
    version: Mapped[int] = mapped_column(default=1)
    words: Mapped[str]
    """What a search looks through: number, title and place in small letters; written with the row."""


def searched(text: str) -> str:
    """Text as a search compares it."""
    return text.lower()[:MOST_WORDS]


@event.listens_for(Case, "before_insert")
@event.listens_for(Case, "before_update")
def _write_words(_mapper: Mapper[Case], _connection: Connection, case: Case) -> None:
    parts = (case.number, case.title_zh, case.title_en, case.place_zh, case.place_en)
    words = searched("\n".join(parts))
    if case.words != words:
        case.words = words


class CasePart(Base):
    """Who took part on which side. A person has one row a case, hence one side: the law as a key."""

    __tablename__ = "case_part"
    __table_args__ = (
        CheckConstraint("side IN ('handling', 'supervision')", name="side"),
        Index(None, "person", "opened_at", "case"),
    )
    case: Mapped[str] = mapped_column(ForeignKey("case.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    side: Mapped[str]
    part: Mapped[str]
    """The first act by which the person took part."""
    at: Mapped[datetime]
    opened_at: Mapped[datetime]
    """When the case was opened, by which a person's cases are listed."""


class CaseAlert(Base):
    """An alert that belongs to a case; an alert belongs to one."""

    __tablename__ = "case_alert"
    alert: Mapped[str] = mapped_column(ForeignKey("alert.id"), primary_key=True)
    case: Mapped[str] = mapped_column(ForeignKey("case.id"), index=True)


class CaseMark(Base):
    """One moment in a case's life: every move and whatever starts, stops or pauses a clock."""

    __tablename__ = "case_mark"
    case: Mapped[str] = mapped_column(ForeignKey("case.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 … without a gap."""
    at: Mapped[datetime]
    act: Mapped[str]
    stage: Mapped[str]
    """The stage that the case has from here on."""
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
