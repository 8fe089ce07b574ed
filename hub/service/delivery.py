"""Messages on their way: written with the act, taken by one courier at a time, and kept with their end.

A message that was taken and not noted, since the courier died between, is taken again once its time is up: at
most one goes out twice for each death, under the same id, and none is lost.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from hub.core import notice as rules
from hub.core.alert import OVER as DONE_WITH
from hub.core.glossary import Pair
from hub.core.notice import Hours, Letter
from hub.service import push, wording
from hub.service.shape import maybe_iso
from hub.store.alert import Alert
from hub.store.bulk import among
from hub.store.market import Market
from hub.store.notify import Channel, Delivery, Quiet
from hub.store.supervise import Notice
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

KINDS = (*rules.WAYS, "siren")
WITHIN = timedelta(seconds=60)
"""So long a courier has for one try; longer than any way may take to answer."""
KEPT = timedelta(days=90)
"""So long it can be said whether a message arrived."""
CODE_LIFE = timedelta(minutes=10)
SIREN_LIFE = timedelta(minutes=2)
"""A siren that sounds later than that tells of nothing."""
OVER = Pair("已读或已处置，不再发送。", "It was read or dealt with before this went out.")
LATE = Pair("超过时限仍未送达，不再发送。", "It could not be delivered while it was of use.")
GONE = Pair("渠道已移除。", "The channel was removed.")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One try: what goes where. `address` and `secret` are sealed."""

    id: str
    kind: str
    purpose: str
    letter: Letter
    address: bytes | None
    secret: bytes | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went. `gone`: it will never work that way, and `left`: for nobody; `why`: why not."""

    why: Pair | None = None
    gone: bool = False
    left: bool = False


def write(s: Session, market: str, notices: Sequence[Notice], now: datetime) -> None:
    """A delivery for each channel of each person who is told."""
    people = {notice.person for notice in notices if notice.person}
    if not people:
        return
    channels = defaultdict(list)
    verified = select(Channel).where(among(s, Channel.person, people), Channel.verified_at.is_not(None))
    for channel in s.scalars(verified.order_by(Channel.id)):
        channels[channel.person].append(channel)
    if not channels:
        return
    hours = s.scalars(select(Quiet).where(among(s, Quiet.person, people)))
    quiet = {row.person: Hours(row.begins, row.ends) for row in hours}
    zone = zone_of(s, market)
    for notice in notices:
        uses = rules.USES[notice.severity]
        goes = rules.goes_at(notice.severity, quiet.get(notice.person or ""), zone, now)
        for channel in channels.get(notice.person or "", ()):
            if channel.kind in uses:
                s.add(_draft(channel, notice.severity, now, goes, notice=notice.id))


def single(s: Session, channel: Channel, purpose: str, now: datetime, secret: bytes | None = None) -> None:
    """One message to one channel: a `code`, or a `test`."""
    row = _draft(channel, 1, now, now, notice=None)
    row.purpose, row.secret, row.until = purpose, secret, now + CODE_LIFE
    s.add(row)


def siren(s: Session, market: str, subject: str, severity: int, now: datetime) -> None:
    """Have the market's siren sound for an urgent alert, where it has one."""
    made = {"id": new_id(), "market": market, "kind": "siren", "purpose": "siren", "subject": subject}
    until = now + SIREN_LIFE
    s.add(
        Delivery(**made, severity=severity, made_at=now, next_at=now, until=until, tries=0, state="waiting")
    )


def drop(s: Session, notices: Collection[str], now: datetime) -> None:
    """What waits of these notices need not go any more; what is under way ends when it was tried."""
    over = {"state": "dropped", "ended_at": now, "reason_zh": OVER.zh, "reason_en": OVER.en}
    waiting = (Delivery.state == "waiting", Delivery.tries == 0, among(s, Delivery.notice, notices))
    s.execute(update(Delivery).where(*waiting).values(**over))


def waiting(s: Session, now: datetime) -> bool:
    """Whether anything is due at `now`."""
    query = select(Delivery.id).where(Delivery.state == "waiting", Delivery.next_at <= now)
    return s.scalar(query.limit(1)) is not None


def take(s: Session, now: datetime, limit: int, kind: str) -> list[Parcel]:
    """What is due of this kind and still wanted, gravest first; nobody else is given it for a minute."""
    query = select(Delivery).where(
        Delivery.state == "waiting", Delivery.next_at <= now, Delivery.kind == kind
    )
    order = query.order_by(Delivery.severity, Delivery.next_at).limit(limit)
    rows = s.scalars(order.with_for_update(skip_locked=True)).all()
    over, taken = _over(s, rows), []
    for row in rows:
        if row.id in over:
            _end(s, row, "dropped", OVER, now)
            continue
        if now >= row.until:
            _end(s, row, "failed", LATE, now)
            continue
        row.tries += 1
        row.next_at = now + WITHIN
        taken.append(row)
    return _parcels(s, taken, now)


def note(s: Session, parcel: str, outcome: Outcome, now: datetime) -> None:
    """How a try went: it has arrived, goes again later, or is given up with the reason."""
    row = s.get(Delivery, parcel, with_for_update=True)
    if row is None or row.state != "waiting":
        return
    if outcome.why is None or _over(s, [row]):
        state, why = ("sent", None) if outcome.why is None else ("dropped", OVER)
        _end(s, row, state, why, now)
        return
    row.reason_zh, row.reason_en = outcome.why.zh, outcome.why.en
    row.next_at = now + rules.again(row.severity, row.tries)
    if outcome.gone or row.next_at >= row.until:
        _end(s, row, "failed", outcome.why, now)
    if outcome.left and row.kind == "push" and row.channel:
        push.remove(s, [row.channel])


def forget(s: Session, now: datetime) -> int:
    """Let go of what ended long ago; how many rows that were."""
    over = (Delivery.state != "waiting", Delivery.ended_at < now - KEPT)
    return s.execute(delete(Delivery).where(*over)).rowcount  # type: ignore[attr-defined,no-any-return]


def of_notices(s: Session, notices: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Notice → what became of it on each way, in the order of the table of ways."""
    found: dict[str, list[dict[str, Any]]] = {}
    if not notices:
        return found
    ways = list(rules.WAYS)
    rows = s.scalars(select(Delivery).where(among(s, Delivery.notice, notices)).order_by(Delivery.id)).all()
    for row in sorted(rows, key=lambda one: ways.index(one.kind)):
        at = row.next_at if row.state == "waiting" else row.ended_at
        why = {"zh": row.reason_zh, "en": row.reason_en} if row.reason_zh else None
        one = {"kind": row.kind, "state": row.state, "at": maybe_iso(at), "why": why}
        found.setdefault(row.notice or "", []).append(one)
    return found


def zone_of(s: Session, market: str) -> ZoneInfo:
    """The market's own time."""
    return ZoneInfo(s.get_one(Market, market).zone)


def _draft(channel: Channel, severity: int, now: datetime, goes: datetime, notice: str | None) -> Delivery:
    return Delivery(
        id=new_id(),
        market=channel.market,
        notice=notice,
        channel=channel.id,
        person=channel.person,
        kind=channel.kind,
        purpose="notice",
        severity=severity,
        state="waiting",
        made_at=now,
        next_at=goes,
        until=goes + rules.USEFUL[severity],
        tries=0,
    )


def _end(s: Session, row: Delivery, state: str, why: Pair | None, now: datetime) -> None:
    row.state, row.ended_at, row.secret = state, now, None
    row.reason_zh, row.reason_en = (why.zh, why.en) if why else (None, None)
    channel = s.get(Channel, row.channel) if row.channel else None
    if channel is None or state == "dropped":
        return
    if why is None:
        channel.good_at, channel.failed_at, channel.reason_zh, channel.reason_en = now, None, None, None
    else:
        channel.failed_at, channel.reason_zh, channel.reason_en = now, why.zh, why.en


def _over(s: Session, rows: Sequence[Delivery]) -> set[str]:
    """Ids of those whose notice was read, or whose alert was done with; one that became a case goes on."""
    notices = _notices(s, rows)
    told = {row.id: notices.get(row.notice or "") for row in rows}
    read = {row for row, notice in told.items() if notice and notice.seen_at}
    of = {row.id: notice.subject if (notice := told[row.id]) else row.subject or "" for row in rows}
    alerts = {row: subject.removeprefix("alert/") for row, subject in of.items() if subject[:6] == "alert/"}
    if not alerts:
        return read
    done = select(Alert.id).where(among(s, Alert.id, {*alerts.values()}), Alert.state.in_(DONE_WITH))
    over = {*s.scalars(done)}
    return read | {row for row, alert in alerts.items() if alert in over}


def _notices(s: Session, rows: Sequence[Delivery]) -> dict[str, Notice]:
    ids = {row.notice for row in rows if row.notice}
    return {one.id: one for one in s.scalars(select(Notice).where(Notice.id.in_(ids)))} if ids else {}


def _parcels(s: Session, rows: Sequence[Delivery], now: datetime) -> list[Parcel]:
    if not rows:
        return []
    notices = _notices(s, rows)
    ways = {row.channel for row in rows if row.channel}
    channels = {row.id: row for row in s.scalars(select(Channel).where(among(s, Channel.id, ways)))}
    found = []
    for row in rows:
        channel = channels.get(row.channel or "")
        if channel is None and row.purpose != "siren":
            _end(s, row, "dropped", GONE, now)
            continue
        notice, zone = notices.get(row.notice or ""), zone_of(s, row.market)
        letter = wording.alarm(s, row) if row.purpose == "siren" else wording.letter(row, notice, zone)
        address = channel.address if channel else None
        found.append(Parcel(row.id, row.kind, row.purpose, letter, address, row.secret))
    return found
