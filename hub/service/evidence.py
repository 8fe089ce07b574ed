"""The ledger: every act writes its line here, in its own transaction; audit and wall read it forward."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from hub.store.evidence import Line, PrivateText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.case import Case

SALT_BYTES = 16


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
    _hold(s, market)
    actor, case = entry.actor, entry.case
    line = Line(
        market=market,
        case=case.id if case else None,
        alert=entry.alert,
        at=now,
        clock_state=entry.clock_state,
        actor=actor.person if actor else None,
        role=entry.role,
        armband=actor.armband if actor else None,
        act=entry.act,
        stage_from=entry.stage_from,
        stage_to=entry.stage_to,
        public=entry.public,
        commitment=_commit(s, entry.text) if entry.text else None,
    )
    s.add(line)
    if case is not None:
        case.seq += 1
        line.case_seq, line.case_prev = case.seq, case.last_line
        s.flush()
        case.last_line = line.id
    return line


def feed(s: Session, market: str, after: int, limit: int = 500) -> Sequence[Line]:
    """Lines after the one with id `after`, oldest first."""
    query = select(Line).where(Line.market == market, Line.id > after).order_by(Line.id).limit(limit)
    return s.scalars(query).all()


def head(s: Session, market: str) -> int:
    """Id of the newest line; 0 when there is none."""
    return s.scalar(select(func.max(Line.id)).where(Line.market == market)) or 0


def _hold(s: Session, market: str) -> None:
    """On PostgreSQL, be the market's only appender until commit, so that ids rise in commit order."""
    if s.get_bind().dialect.name != "postgresql":
        return
    # A savepoint that is rolled back gives the lock up again, so what counts is where it was taken.
    whole, inner = s.get_transaction(), s.get_nested_transaction() or s.get_transaction()
    if s.info.get("ledger") in ((market, whole), (market, inner)):
        return
    s.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:market, 1))"), {"market": market})
    s.info["ledger"] = (market, inner)


def _commit(s: Session, words: str) -> str:
    salt = secrets.token_bytes(SALT_BYTES)
    commitment = hashlib.sha256(salt + words.encode()).hexdigest()
    s.add(PrivateText(commitment=commitment, salt=salt, text=words))
    return commitment
