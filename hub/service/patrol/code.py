"""Codes of checkpoints: made with the key outside the database, replaced, and read where somebody stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import checkpoint as rules
from hub.core.checkpoint import Code, Position, Stood
from hub.core.refuse import Refused
from hub.service import anchor, evidence, number
from hub.service.evidence import Entry
from hub.store.patrol import Checkpoint, CheckpointCode

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

KEY = "patrol"
"""Under which a session brings the key along; whoever builds the sessions reads it from its file."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody read, and where they say they were."""

    by: str
    code: str | None = None
    tag: str | None = None
    checkpoint: str | None = None
    position: Position | None = None


def make(s: Session, actor: Actor, role: Role, point: Checkpoint, days: int, now: datetime) -> str:
    """A new code of a checkpoint, good for so many days; the one before is good no more from today on."""
    today = number.day_of(s, point.market, now)
    before = newest(s, point.id)
    if before is not None and before.ended_at is None:
        before.ended_at = now
    row = CheckpointCode(
        checkpoint=point.id,
        serial=before.serial + 1 if before else 1,
        made_at=now,
        made_by=actor.person,
        until=today + timedelta(days=days),
        ended_at=None,
    )
    s.add(row)
    s.flush()
    public = {"checkpoint": point.id, "serial": row.serial, "until": row.until.isoformat()}
    evidence.append(s, point.market, Entry("checkpoint.code", actor, role, public=public), now)
    return text(s, point, row)


def text(s: Session, point: Checkpoint, row: CheckpointCode) -> str:
    """What is printed on the sign."""
    return rules.write(_key(s), point.market, Code(point.number, row.serial, row.until))


def newest(s: Session, point: str) -> CheckpointCode | None:
    """The last code that was made for a checkpoint."""
    query = select(CheckpointCode).where(CheckpointCode.checkpoint == point)
    return s.scalar(query.order_by(CheckpointCode.serial.desc()).limit(1))


def where(s: Session, market: str, claim: Claim, at: datetime) -> tuple[Checkpoint, Stood | None]:
    """The checkpoint that somebody stood at, and how far from it their position was, where both are known.

    Raises:
        Refused: what was read is no code of ours, forged, replaced or over; or the position is not there.
    """
    point = _named(s, market, claim, at)
    if claim.checkpoint is not None and claim.checkpoint != point.id:
        en = f"This is the sign of {point.name_en}. Go to the point that is shown and scan there."
        raise Refused("state", "code.other", en, f"这是“{point.name_zh}”的码牌，请到当前点位再扫。")
    lies = anchor.of(s, market)
    if claim.position is None or lies is None or point.fence_m is None:
        if claim.by == "gps":
            en = "A position proves nothing here. Scan the sign or the tag."
            raise Refused("state", "fence.none", en, "此点不能靠定位签到，请扫码牌或 NFC 标签。")
        return point, None
    found = rules.stood(claim.position, lies, point.x, point.y)
    rules.refuse_away(found, point.fence_m, alone=claim.by == "gps")
    return point, found


def _named(s: Session, market: str, claim: Claim, at: datetime) -> Checkpoint:
    here = (Checkpoint.market == market, Checkpoint.removed_at.is_(None))
    if claim.by == "gps" and claim.checkpoint is not None:
        query = select(Checkpoint).where(*here, Checkpoint.id == claim.checkpoint)
    elif claim.by == "nfc" and (hashed := rules.tag_hash(claim.tag or claim.code or "")):
        query = select(Checkpoint).where(*here, Checkpoint.tag == hashed)
    else:
        code = rules.read(_key(s), market, claim.code or "")
        query = select(Checkpoint).where(*here, Checkpoint.number == code.number)
        _refuse_over(s, market, code, at)
    point = s.scalar(query)
    if point is None:
        en = "No checkpoint has this. Tell the grid leader where it hangs."
        raise Refused("missing", "checkpoint.none", en, "没有对应的巡更点，请告诉网格长它在哪里。")
    return point


def _refuse_over(s: Session, market: str, code: Code, at: datetime) -> None:
    """A code whose row is gone was never made here; replaced is what a later one has replaced."""
    query = select(CheckpointCode).join(Checkpoint, Checkpoint.id == CheckpointCode.checkpoint)
    own = (Checkpoint.market == market, Checkpoint.number == code.number)
    row = s.scalar(query.where(*own, CheckpointCode.serial == code.serial))
    ended: date | None = None
    if row is not None and row.ended_at is not None and row.ended_at <= at:
        ended = number.day_of(s, market, row.ended_at)
    rules.refuse_over(code.until, ended, number.day_of(s, market, at))


def _key(s: Session) -> bytes:
    """The key that the session brings along.

    Raises:
        Refused: this process was not given it.
    """
    key = s.info.get(KEY)
    if not isinstance(key, bytes):
        en = "This hub has no key for codes. Restore keys/patrol.key below its data folder."
        raise Refused("state", "code.key", en, "系统缺少码牌密钥，请恢复数据目录下的 keys/patrol.key。")
    return key
