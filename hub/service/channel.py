"""A person's channels: added, shown to arrive by a code, tried, removed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from hub.core import address as forms
from hub.core import notice as rules
from hub.core.refuse import Refused
from hub.service import delivery, evidence, push, quiet
from hub.service.evidence import Entry
from hub.service.shape import iso, maybe_iso, pair
from hub.store.notify import Channel, Delivery
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.address import Address
    from hub.core.policy import Actor
    from hub.ports import Seal

MOST = 8
"""Channels of one person."""
TRIES = 5
"""Wrong codes until a new one is needed."""
MOST_A_DAY = 10
"""Codes and tests that one person may have sent in a day: each may cost money or trouble somebody else."""
DAY = timedelta(days=1)


def page(s: Session, actor: Actor, offers: Collection[str]) -> dict[str, Any]:
    """The actor's channels, what else could be added, and what is lacking for an urgent notice."""
    rows = _own(s, actor.person)
    lacking = rules.lacking({row.kind for row in rows if row.verified_at and not row.failed_at})
    return {
        "channels": [_shown(row) for row in rows],
        "offers": [
            {
                "kind": kind,
                "name": pair(way.words),
                "sure": way.sure,
                "asks": pair(forms.FORMS[kind][1]) if kind in forms.FORMS else None,
            }
            for kind, way in rules.WAYS.items()
            if kind in offers
        ],
        "lacking": pair(lacking) if lacking else None,
        "quiet": quiet.page(s, actor),
        "best_effort": pair(rules.BEST_EFFORT),
    }


def add(
    s: Session,
    actor: Actor,
    kind: str,
    address: Address,
    seal: Seal,
    now: datetime,
    session: str | None = None,
) -> Channel:
    """A channel of the actor's; a code goes out by it, but to a browser, which has subscribed by itself.

    A browser's is that of its log-in `session`; subscribed again, it is that of the new one.

    Raises:
        Refused: it is there already, or there are too many.
    """
    rows = _own(s, actor.person)
    known = next((row for row in rows if row.kind == kind and _opened(seal, row) == address.text), None)
    if known is not None and kind == "push" and known.session != session:
        known.session = session
        return known
    if len(rows) >= MOST:
        en = f"You have {MOST} channels. Remove one first."
        raise Refused("state", "channel.most", en, f"最多 {MOST} 条渠道，请先移除一条。")
    if known is not None:
        raise Refused("conflict", "channel.known", "This channel is there already.", "这条渠道已登记。")
    row = Channel(
        id=new_id(),
        market=actor.market,
        person=actor.person,
        kind=kind,
        address=seal.close(address.text),
        shown=address.shown,
        session=session if kind == "push" else None,
        made_at=now,
        code_tries=0,
        verified_at=now if kind == "push" else None,
    )
    s.add(row)
    s.flush()
    if kind != "push":
        send_code(s, actor, row.id, seal, now)
    _line(s, actor, "channel.add", row, now)
    return row


def send_code(s: Session, actor: Actor, channel: str, seal: Seal, now: datetime) -> Channel:
    """Send six digits by it; those sent before are worth nothing any more.

    Raises:
        Refused: it is none of the actor's, arrives already, or too many were sent today.
    """
    row = _one(s, actor, channel)
    if row.verified_at is not None:
        raise Refused("state", "channel.verified", "This channel arrives already.", "这条渠道已验证。")
    _refuse_many(s, actor.person, now)
    code = f"{secrets.randbelow(10**6):06}"
    row.code_hash, row.code_tries = _hash(row.id, code), 0
    row.code_until = now + delivery.CODE_LIFE
    delivery.single(s, row, "code", now, seal.close(code))
    return row


def verify(s: Session, actor: Actor, channel: str, code: str, now: datetime) -> bool:
    """Whether this was the code that came by it; from then on it is used. A wrong one is counted.

    Raises:
        Refused: it is none of the actor's, or there is no code that holds.
    """
    row = _one(s, actor, channel)
    if row.verified_at is not None:
        return True
    if row.code_hash is None or row.code_until is None or now >= row.code_until or row.code_tries >= TRIES:
        raise Refused(
            "state", "channel.code", "The code is over. Have a new one sent.", "验证码已失效，请重发。"
        )
    row.code_tries += 1
    if not hmac.compare_digest(row.code_hash, _hash(row.id, code)):
        return False
    row.verified_at, row.code_hash, row.code_until = now, None, None
    _line(s, actor, "channel.verify", row, now)
    return True


def test(s: Session, actor: Actor, channel: str, now: datetime) -> Channel:
    """Send a word by it.

    Raises:
        Refused: it is none of the actor's, does not arrive yet, or too many were sent today.
    """
    row = _one(s, actor, channel)
    if row.verified_at is None:
        raise Refused("state", "channel.unverified", "Enter its code first.", "请先输入验证码。")
    _refuse_many(s, actor.person, now)
    delivery.single(s, row, "test", now)
    return row


def remove(s: Session, actor: Actor, channel: str, now: datetime) -> None:
    """Use it no more; what it was told stays.

    Raises:
        Refused: it is none of the actor's.
    """
    row = _one(s, actor, channel)
    gone = {"state": "dropped", "ended_at": now, "secret": None}
    gone |= {"reason_zh": delivery.GONE.zh, "reason_en": delivery.GONE.en}
    waits = (Delivery.channel == row.id, Delivery.state == "waiting")
    s.execute(update(Delivery).where(*waits).values(**gone))
    _line(s, actor, "channel.remove", row, now)
    push.remove(s, [row.id])


def shown(s: Session, channel: str) -> dict[str, Any]:
    """One channel as its owner sees it."""
    return _shown(s.get_one(Channel, channel))


def _own(s: Session, person: str) -> list[Channel]:
    return list(s.scalars(select(Channel).where(Channel.person == person).order_by(Channel.id)))


def _one(s: Session, actor: Actor, channel: str) -> Channel:
    row = s.get(Channel, channel)
    if row is None or row.person != actor.person:
        raise Refused("missing", "channel.none", "You have no such channel.", "你没有这条渠道。")
    return row


def _refuse_many(s: Session, person: str, now: datetime) -> None:
    sent = select(func.count()).where(
        Delivery.person == person, Delivery.made_at > now - DAY, Delivery.purpose != "notice"
    )
    if (s.scalar(sent) or 0) >= MOST_A_DAY:
        en = f"{MOST_A_DAY} codes and tests were sent today. Try again tomorrow."
        raise Refused("state", "channel.many", en, f"今天已发 {MOST_A_DAY} 次验证码和试发，请明天再试。")


def _opened(seal: Seal, row: Channel) -> str | None:
    try:
        return seal.open(row.address)
    except ValueError:  # sealed with a key that was lost: it cannot be used, and is no obstacle
        return None


def _hash(channel: str, code: str) -> str:
    return hashlib.sha256(f"{channel} {code}".encode()).hexdigest()


def _line(s: Session, actor: Actor, act: str, row: Channel, now: datetime) -> None:
    public = {"channel": row.id, "kind": row.kind}
    evidence.append(s, actor.market, Entry(act, actor, public=public), now)


def _shown(row: Channel) -> dict[str, Any]:
    way = rules.WAYS[row.kind]
    return {
        "id": row.id,
        "kind": row.kind,
        "name": pair(way.words),
        "shown": row.shown,
        "sure": way.sure,
        "verified": row.verified_at is not None,
        "made_at": iso(row.made_at),
        "good_at": maybe_iso(row.good_at),
        "failed_at": maybe_iso(row.failed_at),
        "why": {"zh": row.reason_zh, "en": row.reason_en} if row.reason_zh else None,
    }
