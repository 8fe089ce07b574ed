"""Dead letters: messages that could not be taken, why, and what people decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, people
from hub.service.evidence import Entry
from hub.service.shape import iso, maybe_iso, name
from hub.store.device import DeadLetter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.people import Person

STATES = ("open", "again", "taken", "dropped")
"""Waits for somebody; shall be tried; took effect in the end; put away for good."""
MOVES: dict[tuple[str, str], str] = {("open", "retry"): "again", ("open", "drop"): "dropped"}
"""(state, act) → state; the rest is refused."""
SHOWN_BYTES = 8_192
"""So much of a payload is shown."""


def listing(s: Session, actor: Actor, state: str | None, before: str | None, limit: int) -> dict[str, Any]:
    """Letters of the actor's market, newest first, `before` one with that id; and how many are in each state.

    Raises:
        Refused: they may see none.
    """
    policy.authorize(actor, "admin.see", Target(actor.market))
    query = select(DeadLetter).where(DeadLetter.market == actor.market)
    if state:
        query = query.where(DeadLetter.state == state)
    if before and (last := s.get(DeadLetter, before)):
        place = tuple_(DeadLetter.received_at, DeadLetter.id)
        query = query.where(place < (last.received_at, last.id))
    query = query.order_by(DeadLetter.received_at.desc(), DeadLetter.id.desc()).limit(limit)
    rows = s.scalars(query).all()
    who = people.names(s, (row.person for row in rows))
    return {"letters": [_head(row, who) for row in rows], "counts": _counts(s, actor.market)}


def detail(s: Session, actor: Actor, id_: str) -> dict[str, Any]:
    """One letter with its payload as text; raises Refused where there is none or they may not see it."""
    row, _ = _find(s, actor, id_, "admin.see")
    shown = row.payload[:SHOWN_BYTES].decode("utf-8", "backslashreplace")
    whole = len(row.payload) >= row.size
    may = policy.allowed(actor, "admin.change", Target(row.market)).allowed
    acts = [act for (state, act) in MOVES if state == row.state and may and (whole or act == "drop")]
    return _head(row, people.names(s, [row.person])) | {
        "payload": shown,
        "cut": row.size > SHOWN_BYTES,
        "acts": acts,
    }


def decide(s: Session, actor: Actor, id_: str, act: str, now: datetime) -> DeadLetter:
    """Have a letter tried again (`retry`), or put it away (`drop`).

    Raises:
        Refused: there is none, they may not, it was decided already, or it was not kept whole.
    """
    row, role = _find(s, actor, id_, "admin.change")
    after = MOVES.get((row.state, act))
    if after is None:
        en = "Somebody has decided about this letter already; reload the page."
        raise Refused("state", "letter.state", en, "这条消息已有人处理，请刷新页面。")
    if act == "retry" and len(row.payload) < row.size:
        en = "This message was too long to be kept whole; it can only be put away."
        raise Refused("state", "letter.cut", en, "这条消息过长，只保存了一部分，只能搁置。")
    row.state, row.person, row.decided_at = after, actor.person, now
    public = {"letter": row.id, "device": row.device, "topic": row.topic}
    evidence.append(s, row.market, Entry(f"letter.{act}", actor, role, public=public), now)
    return row


def wanted(s: Session, markets: Sequence[str]) -> DeadLetter | None:
    """A letter of these markets (none: of any) that shall be tried, held until the transaction ends."""
    query = select(DeadLetter).where(DeadLetter.state == "again")
    if markets:
        query = query.where(DeadLetter.market.in_(markets))
    return s.scalar(query.order_by(DeadLetter.id).limit(1).with_for_update(skip_locked=True))


def tried(s: Session, row: DeadLetter, fault: str, now: datetime) -> None:
    """Note what became of a letter that was tried again: taken, or open for another reason."""
    row.state = "open" if fault else "taken"
    row.reason = fault[:500] or row.reason
    public = {"letter": row.id, "device": row.device, "outcome": row.state, "reason": row.reason}
    evidence.append(s, row.market, Entry("letter.tried", role="system", public=public), now)


def failed(s: Session, id_: str, reason: str, now: datetime) -> None:
    """Note that the whole attempt could not be committed."""
    tried(s, s.get_one(DeadLetter, id_), reason, now)


def _find(s: Session, actor: Actor, id_: str, action: str) -> tuple[DeadLetter, str]:
    role = policy.authorize(actor, action, Target(actor.market))
    row = s.get(DeadLetter, id_)
    if row is None or row.market != actor.market:
        raise Refused("missing", "letter.none", "There is no such message.", "没有这条消息。")
    return row, role


def _counts(s: Session, market: str) -> dict[str, int]:
    query = select(DeadLetter.state, func.count()).where(DeadLetter.market == market)
    found = dict(s.execute(query.group_by(DeadLetter.state)).all())
    return {state: found.get(state, 0) for state in STATES}


def _head(row: DeadLetter, who: dict[str, Person]) -> dict[str, Any]:
    person = who.get(row.person or "")
    return {
        "id": row.id,
        "device": row.device,
        "topic": row.topic,
        "reason": row.reason,
        "size": row.size or len(row.payload),
        "received_at": iso(row.received_at),
        "state": row.state,
        "person": name(person) if person else None,
        "decided_at": maybe_iso(row.decided_at),
    }
