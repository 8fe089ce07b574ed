"""What was received from devices: each numbered message once, and bad ones set aside."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select, text, tuple_
from sqlalchemy.exc import IntegrityError

from hub.store import bulk
from hub.store.device import DeadLetter, Inbox, InboxGiven, InboxMark
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from wire.message import Range

Key = tuple[str, str, int]
"""Device, epoch, seq."""

MOST_PAYLOAD = 65_536
"""So many bytes of a bad message are kept."""
INBOX: Table = Inbox.__table__  # type: ignore[assignment]
GIVEN: Table = InboxGiven.__table__  # type: ignore[assignment]
LETTERS: Table = DeadLetter.__table__  # type: ignore[assignment]


def hold(s: Session, market: str) -> None:
    """On PostgreSQL, be the only one who takes events of this market until commit.

    Two workers that took the events of one place at once would each open an alert for it. Several markets are
    held in the order of their names.
    """
    if s.get_bind().dialect.name == "postgresql":
        s.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:market, 2))"), {"market": market})


def receive(s: Session, keys: Collection[Key], now: datetime) -> set[Key]:
    """Note that these messages were received; those of them that never were before.

    Another writer may be receiving the same ones: the database lets one of the two have each.
    """
    left = sorted(keys)
    while left:
        rows = [{"device": d, "epoch": e, "seq": n, "received_at": now} for d, e, n in left]
        try:
            with s.begin_nested():
                bulk.pour(s.connection(), INBOX, rows)
                break
        except IntegrityError:
            there = known(s, left)
        left = [key for key in left if key not in there]
    return set(left) - _passed(s, left)


def known(s: Session, keys: Iterable[Key]) -> set[Key]:
    """Those of `keys` that were received before."""
    keys = set(keys)
    if not keys:
        return set()
    wanted: dict[tuple[str, str], list[int]] = defaultdict(list)
    for device, epoch, seq in keys:
        wanted[device, epoch].append(seq)
    rows = select(Inbox.device, Inbox.epoch, Inbox.seq).where(
        or_(
            *(
                and_(Inbox.device == device, Inbox.epoch == epoch, Inbox.seq.between(min(seqs), max(seqs)))
                for (device, epoch), seqs in wanted.items()
            )
        )
    )
    return {(device, epoch, seq) for device, epoch, seq in s.execute(rows)} & keys | _below(s, keys)


def forget(s: Session, keys: Collection[Key]) -> None:
    """Take back that these were received: they were bad, and a sound copy may still come."""
    if keys:
        s.execute(delete(Inbox).where(tuple_(Inbox.device, Inbox.epoch, Inbox.seq).in_(sorted(keys))))


def give_up(s: Session, device: str, ranges: Sequence[Range], now: datetime) -> None:
    """Note that these numbers never come; told again and again, they are noted once."""
    rows = [
        {"device": device, "epoch": one.epoch, "first": one.first, "last": one.last, "received_at": now}
        for one in ranges
        if one.first <= one.last
    ]
    bulk.pour(s.connection(), GIVEN, rows, or_skip=True)


def set_aside(s: Session, letters: Sequence[tuple[str, str | None, str, str, bytes]], now: datetime) -> None:
    """Keep messages that could not be taken: market, device, topic, reason for whoever looks, payload."""
    rows = [
        {
            "id": new_id(),
            "market": market,
            "device": device,
            "topic": _writable(topic)[:200],
            "reason": _writable(reason)[:500],
            "payload": payload[:MOST_PAYLOAD],
            "size": len(payload),
            "received_at": now,
            "state": "open",
        }
        for market, device, topic, reason, payload in letters
    ]
    bulk.pour(s.connection(), LETTERS, rows)


def _passed(s: Session, keys: Sequence[Key]) -> set[Key]:
    """Those whose number the mark had passed, so that its row was gone; they get none again.

    Asked after the row is there: whoever moves the mark deletes rows in the same transaction.
    """
    passed = _below(s, keys)
    forget(s, passed)
    return passed


def _below(s: Session, keys: Collection[Key]) -> set[Key]:
    """Those that the mark of their epoch has passed."""
    epochs = {epoch for _, epoch, _ in keys}
    if not epochs:
        return set()
    rows = select(InboxMark.device, InboxMark.epoch, InboxMark.upto).where(InboxMark.epoch.in_(epochs))
    marks = {(device, epoch): upto for device, epoch, upto in s.execute(rows)}
    return {key for key in keys if key[2] <= marks.get(key[:2], -1)}


def _writable(words: str) -> str:
    """Words as every database takes them: PostgreSQL holds no NUL, and no half of a surrogate pair."""
    return words.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
