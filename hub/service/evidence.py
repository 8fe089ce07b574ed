"""The ledger: every act writes its line here, in its own transaction; audit and wall read it forward."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from hub.store import bulk, partition
from hub.store.base import Base
from hub.store.evidence import Line, PrivateText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.case import Case

SALT_BYTES = 16
RIGHTS = frozenset(
    {
        "area.place",
        "grant.give",
        "grant.take",
        "person.end",
        "plan.apply",
        "plan.undo",
        "session.end",
        "shop.divide",
        "shop.join",
    }
)
"""Acts after which somebody may do more or less than before."""
LINE: Table = Base.metadata.tables[Line.__tablename__]
PRIVATE: Table = Base.metadata.tables[PrivateText.__tablename__]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line says. `text` is somebody's own words: the line keeps only a commitment to it."""

    act: str
    actor: Actor | None = None
    role: str | None = None
    case: Case | None = None
    alert: str | None = None
    stage_from: str | None = None
    stage_to: str | None = None
    public: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    clock_state: str = "hub"


def append(s: Session, market: str, entry: Entry, now: datetime) -> Line:
    """Write one line. A case's line is flushed at once, since the next one names its id."""
    hold(s, market)
    line, case = Line(**_said(market, entry, now)), entry.case
    if entry.text:
        line.commitment, private = _commit(entry.text)
        s.add(PrivateText(**private))
    s.add(line)
    if case is not None:
        case.seq += 1
        line.case_seq, line.case_prev = case.seq, case.last_line
        s.flush()
        case.last_line = line.id
    return line


def append_all(s: Session, market: str, entries: Sequence[Entry], now: datetime) -> list[int]:
    """Write many lines in their order by one statement; their ids, which rise.

    What the session holds is flushed first, so that lines may refer to it; call it last in a transaction,
    since from here to the commit nobody else writes lines of this market.
    """
    if not entries:
        return []
    hold(s, market)
    s.flush()
    rows, texts = [], []
    for id_, entry in zip(_ids(s, len(entries)), entries, strict=True):
        row = _said(market, entry, now) | {"id": id_}
        if entry.text:
            row["commitment"], private = _commit(entry.text)
            texts.append(private)
        if entry.case is not None:
            entry.case.seq += 1
            row |= {"case_seq": entry.case.seq, "case_prev": entry.case.last_line}
            entry.case.last_line = id_
        rows.append(row)
    bulk.pour(s.connection(), PRIVATE, texts)
    bulk.pour(s.connection(), LINE, rows)
    return [row["id"] for row in rows]


def feed(s: Session, market: str, after: int, limit: int = 500) -> Sequence[Line]:
    """Lines after the one with id `after`, oldest first."""
    query = select(Line).where(Line.market == market, Line.id > after).order_by(Line.id).limit(limit)
    return s.scalars(query).all()


def head(s: Session, market: str) -> int:
    """Id of the newest line; 0 when there is none."""
    return s.scalar(select(func.max(Line.id)).where(Line.market == market)) or 0


def make_room(s: Session, now: datetime) -> None:
    """See that the lines and events of the next months have a place of their own."""
    partition.ahead(s.connection(), now)


def hold(s: Session, market: str) -> None:
    """On PostgreSQL, be the market's only appender until commit, so that ids rise in commit order.

    An act that locks rows which a device's messages change too calls it first, as those do.
    """
    if s.get_bind().dialect.name != "postgresql":
        return
    # A savepoint that is rolled back gives the lock up again, so what counts is where it was taken.
    whole, inner = s.get_transaction(), s.get_nested_transaction() or s.get_transaction()
    if s.info.get("ledger") in ((market, whole), (market, inner)):
        return
    s.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:market, 1))"), {"market": market})
    s.info["ledger"] = (market, inner)


def _said(market: str, entry: Entry, now: datetime) -> dict[str, Any]:
    """The line's columns, as far as they do not hang on other lines."""
    actor, case = entry.actor, entry.case
    return {
        "market": market,
        "case": case.id if case else None,
        "alert": entry.alert,
        "case_seq": None,
        "case_prev": None,
        "at": now,
        "clock_state": entry.clock_state,
        "actor": actor.person if actor else None,
        "role": entry.role,
        "armband": actor.armband if actor else None,
        "act": entry.act,
        "stage_from": entry.stage_from,
        "stage_to": entry.stage_to,
        "public": entry.public,
        "commitment": None,
    }


def _ids(s: Session, count: int) -> list[int]:
    """The next ids, ours because we hold the ledger (PostgreSQL) or are the only writer (SQLite)."""
    if s.get_bind().dialect.name == "postgresql":
        taken = text("SELECT nextval('line_id_seq') FROM generate_series(1, :count)")
        return list(s.scalars(taken, {"count": count}))
    last = s.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'line'")) or 0
    return list(range(last + 1, last + 1 + count))


def _commit(words: str) -> tuple[str, dict[str, Any]]:
    """What the line keeps of somebody's words, and the row that keeps the words."""
    salt = secrets.token_bytes(SALT_BYTES)
    commitment = hashlib.sha256(salt + words.encode()).hexdigest()
    return commitment, {"commitment": commitment, "salt": salt, "text": words}
