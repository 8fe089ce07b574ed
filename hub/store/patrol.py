"""Checkpoints and codes, plans, rounds, visits, what was found, who walks alone, and what phones said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.base import Base


class Checkpoint(Base):
    """A point of a grid that rounds come by."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("market", "number"), UniqueConstraint("market", "tag"))
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"), index=True)
    number: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    x: Mapped[float]
    y: Mapped[float]
    key: Mapped[bool]
    """A key point: whoever misses it is asked at once."""
    tag: Mapped[str | None]
    """SHA-256 of the number of the NFC tag there."""
    fence_m: Mapped[float | None]
    """So far from it a position still counts as there, metres; None: a position proves nothing here."""
    dwell_s: Mapped[int]
    """So long one has to look around there, seconds."""
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class CheckpointCode(Base):
    """A signed code that hangs at a checkpoint, good until a day or until it is replaced."""

    __tablename__ = "checkpoint_code"
    checkpoint: Mapped[str] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    until: Mapped[date]
    """The market's own day from which it is good no more."""
    ended_at: Mapped[datetime | None]
    """When it was taken down before that."""


class PatrolPlan(Base):
    """When a grid's rounds are due and where they go; it stands from its first day to before `ends`."""

    __tablename__ = "patrol_plan"
    __table_args__ = (
        CheckConstraint("kind IN ('round', 'fire', 'sweep', 'key', 'danger')", name="kind"),
        CheckConstraint("ends IS NULL OR ends >= begins", name="span"),
        Index(None, "market", "grid"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    kind: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    times: Mapped[list[Any]]
    """["10:00", …] at which a round is due, the market's own time."""
    minutes: Mapped[int]
    """So long after it is due a round may take."""
    points: Mapped[list[Any]]
    """Ids of checkpoints in the order of the plan."""
    drawn: Mapped[bool]
    """Whether the order is drawn for each round, so that nobody can foresee it."""
    mix: Mapped[list[Any] | None]
    """What is drawn from: [{"order": [id, …], "offset_min": 0, "weight": 0.25}, …]; None: not solved yet."""
    begins: Mapped[date]
    ends: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class Round(Base):
    """One round of a day: when it may be walked, its points in their order, and how it went."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'walking', 'done', 'missed')", name="state"),
        UniqueConstraint("plan", "due_at"),
        Index(None, "market", "day"),
        Index(None, "state", "closes_at"),
        Index(None, "judged_at", "closes_at"),
        Index(None, "market", "grid", "closes_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    plan: Mapped[str] = mapped_column(ForeignKey("patrol_plan.id"))
    kind: Mapped[str]
    day: Mapped[date]
    due_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    """From then on it may be started."""
    closes_at: Mapped[datetime]
    points: Mapped[list[Any]]
    """Ids of checkpoints in the order to walk; shown once it was started."""
    seed: Mapped[str]
    """By which the order was drawn; in the ledger from the start of the round."""
    state: Mapped[str]
    started_at: Mapped[datetime | None]
    started_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    """When its figures were made final; what comes later still counts and is said again."""
    figures: Mapped[dict[str, Any] | None]
    """How it went, as hub.core.compliance judged it."""


class Visit(Base):
    """An accepted scan: somebody was at a checkpoint. Its id is the one that phone or device gave it."""

    __tablename__ = "visit"
    __table_args__ = (
        Index(None, "market", "at"),
        Index(None, "checkpoint", "at"),
        Index("uq_visit_same", "checkpoint", "walker", "at", unique=True),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    checkpoint: Mapped[str] = mapped_column(ForeignKey("checkpoint.id"))
    round: Mapped[str | None] = mapped_column(ForeignKey("round.id"), index=True)
    walker: Mapped[str]
    """Person, or device where nobody said who carries it."""
    by: Mapped[str]
    """qr, nfc, gps or hand."""
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    away_m: Mapped[float | None]
    """How far from the checkpoint the position was that came along; the position itself is not kept."""
    accuracy_m: Mapped[float | None]
    frame: Mapped[str | None]
    """In which frame that position was understood: wgs84 or gcj02."""
    media: Mapped[str | None] = mapped_column(ForeignKey("media.id"), index=True)
    note: Mapped[str]


class Skip(Base):
    """Why a point of a round could not be reached."""

    __tablename__ = "skip"
    id: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    checkpoint: Mapped[str] = mapped_column(ForeignKey("checkpoint.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    media: Mapped[str | None] = mapped_column(ForeignKey("media.id"), index=True)


class DangerCheck(Base):
    """A look for hidden dangers by a checklist; one that was found is a case."""

    __tablename__ = "danger_check"
    __table_args__ = (Index(None, "market", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str] = mapped_column(ForeignKey("grid.id"))
    round: Mapped[str | None] = mapped_column(ForeignKey("round.id"), index=True)
    checkpoint: Mapped[str | None] = mapped_column(ForeignKey("checkpoint.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    found: Mapped[dict[str, Any]]
    """Item of the checklist → good, bad or none."""
    case: Mapped[str | None] = mapped_column(ForeignKey("case.id"))


class RoundPhoto(Base):
    """A photo taken on a round, for its own sake."""

    __tablename__ = "round_photo"
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    round: Mapped[str | None] = mapped_column(ForeignKey("round.id"), index=True)
    checkpoint: Mapped[str | None] = mapped_column(ForeignKey("checkpoint.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    media: Mapped[str] = mapped_column(ForeignKey("media.id"), index=True)
    note: Mapped[str]


class LoneWatch(Base):
    """Somebody walks alone and says again and again that all is well; `person_on` holds one at a time."""

    __tablename__ = "lone_watch"
    __table_args__ = (UniqueConstraint("person_on"), Index(None, "state", "due_at"))
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    grid: Mapped[str | None] = mapped_column(ForeignKey("grid.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    person_on: Mapped[str | None]
    minutes: Mapped[int]
    """After so long without a word it lapses."""
    state: Mapped[str]
    """on, lapsed, grave or over."""
    begun_at: Mapped[datetime]
    heard_at: Mapped[datetime]
    due_at: Mapped[datetime]
    checkpoint: Mapped[str | None] = mapped_column(ForeignKey("checkpoint.id"))
    """Where the person was last."""
    alert: Mapped[str | None] = mapped_column(ForeignKey("alert.id"))


class Said(Base):
    """What a phone said, once: its id is made on the phone, and its receipt is always the same."""

    __tablename__ = "said"
    __table_args__ = (Index(None, "person", "received_at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(ForeignKey("market.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[str]
    """taken or refused."""
    code: Mapped[str]
    en: Mapped[str]
    zh: Mapped[str]
