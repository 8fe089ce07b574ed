"""Visits: what a phone or a terminal read becomes one, once, whenever and in whatever order it is heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as alerts
from hub.core import patrol as rules
from hub.core import policy
from hub.core.checkpoint import Position, Stood
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place
from hub.service.evidence import Entry
from hub.service.patrol import code, judge, lone, photo, walk
from hub.service.patrol import point as points
from hub.service.patrol.code import Claim
from hub.store.patrol import Checkpoint, Round, Skip, Visit
from wire.message import Scan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.phone.item import Item
    from wire.message import Envelope

AFTER = Pair(
    "已记录；这一轮已结束，仍按漏巡计。", "Noted. The round was over by then, so the point stays missed."
)
UNSURE = 1_000_000.0
"""Metres: a position that does not say how sure it is proves nothing by itself."""


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody read: under which id, who, how, when, and in which round if they said so."""

    id: str
    walker: str
    by: str
    at: datetime
    round: str | None


def said(s: Session, actor: Actor, item: Item, now: datetime) -> Pair | None:
    """Somebody scanned a checkpoint with the phone; what was decided about the position is answered.

    Raises:
        Refused: what was read is not good, or the actor walks no rounds there, or it was said before.
        Waits: its photo has not come yet.
    """
    body = item.body
    if body["by"] == "hand" and body["code"] is None:
        raise Refused(
            "input", "code.none", "Type the code below the sign's picture.", "请输入码牌下方的编码。"
        )
    point, found = code.where(s, actor.market, _claim(body), item.at)
    role = policy.authorize(actor, "patrol.walk", Target(place.node(point.market, point.grid)))
    row = _visit(s, point, Read(item.id, actor.person, body["by"], item.at, body["round"]), now)
    if row is None:
        raise Refused("conflict", "scan.again", "This scan was sent before.", "这次扫码已经提交过。")
    _stand(row, found)
    row.note = body["note"]
    row.media = photo.named(s, actor.market, body["photo"], item.at)
    s.flush()
    lone.heard(s, actor.person, point.id, item.at, now)
    _tell(s, row, point, actor, role, now)
    return _words(point, found)


def skipped(s: Session, actor: Actor, item: Item, now: datetime) -> Pair | None:
    """Why a point of a round was not reached; said while the round may be walked, it excuses the point.

    Raises:
        Refused: there is no such round or point of it, the reason is none, it is not the time for it, or the
            actor walks none there.
        Waits: its photo has not come yet.
    """
    body = item.body
    row, role = walk.find(s, actor, body["round"], "patrol.walk")
    _refuse(row, item, now)
    media = photo.named(s, actor.market, body["photo"], item.at)
    s.add(
        Skip(
            id=item.id,
            round=row.id,
            checkpoint=body["checkpoint"],
            person=actor.person,
            reason=body["reason"],
            note=body["note"],
            at=item.at,
            received_at=now,
            media=media,
        )
    )
    s.flush()
    if item.at <= row.closes_at:
        walk.begin(s, row, actor, role, item.at, now)
    judge.later(s, row, now)
    public = {"round": row.id, "checkpoint": body["checkpoint"], "reason": body["reason"]}
    entry = Entry("round.skip", actor, role, public=public, text=body["note"] or None)
    evidence.append(s, actor.market, entry, now)
    return None if item.at <= row.closes_at else AFTER


def _refuse(row: Round, item: Item, now: datetime) -> None:
    body = item.body
    if body["checkpoint"] not in row.points:
        en = "This point is not of that round. Reload the round."
        raise Refused("input", "round.point", en, "此点不在这一轮里，请刷新。")
    if body["reason"] not in rules.SKIP:
        en = f"Choose one of: {', '.join(rules.SKIP)}."
        raise Refused("input", "skip.reason", en, "请选择到不了的原因。")
    if body["reason"] == "other" and not body["note"].strip():
        raise Refused("input", "skip.note", "Say in a few words what the reason was.", "请写明具体原因。")
    if item.at < row.opens_at:
        en = "This round cannot be started yet. Say so once you walk it."
        raise Refused("state", "round.early", en, "这一轮还没到时间，巡逻时再说明原因。")
    if not walk.counts(row, max(item.at, now)):
        en = "This round is long over. Tell the grid leader why the point was not reached."
        raise Refused("state", "round.over", en, "这一轮早已结束，请直接向网格长说明原因。")


def heard(s: Session, market: str, said: Sequence[Envelope], now: datetime) -> None:
    """Make visits of what terminals have read; what is no good is written down with its reason."""
    scans = [(one, one.body) for one in said if isinstance(one.body, Scan)]
    named = {scan.checkpoint for _, scan in scans if scan.checkpoint}
    known = points.hanging(s, market, named) if named else {}
    for one, scan in scans:
        if not scan.code and scan.checkpoint not in known:
            continue
        try:
            _heard(s, market, one, scan, now)
        except Refused as why:
            public = {"scan": one.id, "device": one.device, "code": why.code, "en": why.en, "zh": why.zh}
            evidence.append(s, market, Entry("scan.refuse", role="device", public=public), now)


def _heard(s: Session, market: str, one: Envelope, scan: Scan, now: datetime) -> None:
    at = alerts.moment(one.at, now)
    point, found = _read(s, market, scan, at)
    if point is None:
        return
    row = _visit(s, point, Read(one.id, one.device, scan.by, at, scan.round), now)
    if row is None:
        return
    _stand(row, found)
    s.flush()
    _tell(s, row, point, None, "device", now)


def _read(s: Session, market: str, scan: Scan, at: datetime) -> tuple[Checkpoint | None, Stood | None]:
    """A terminal that names its point is trusted as a device is; a code that it gives has to hold."""
    if scan.code is None and scan.by != "gps":
        found = s.get(Checkpoint, scan.checkpoint) if scan.checkpoint else None
        hangs = found is not None and found.market == market and found.removed_at is None
        return (found, None) if hangs else (None, None)
    said = scan.position
    sure = said.accuracy_m if said is not None and said.accuracy_m is not None else UNSURE
    position = Position(said.lat, said.lon, sure) if said is not None else None
    return code.where(s, market, Claim(scan.by, scan.code, None, scan.checkpoint, position), at)


def _claim(body: Mapping[str, Any]) -> Claim:
    given = body["position"]
    position = Position(given["lat"], given["lon"], given["accuracy_m"]) if given else None
    return Claim(body["by"], body["code"], body["tag"], body["checkpoint"], position)


def _visit(s: Session, point: Checkpoint, read: Read, now: datetime) -> Visit | None:
    """The visit, not flushed yet; None where this walker was there in the very same moment already."""
    same = (Visit.checkpoint == point.id, Visit.walker == read.walker, Visit.at == read.at)
    if s.get(Visit, read.id) is not None or s.scalar(select(Visit.id).where(*same)):
        return None
    row = Visit(
        id=read.id,
        market=point.market,
        checkpoint=point.id,
        round=_round(s, point, read.round, read.at, now),
        walker=read.walker,
        by=read.by,
        at=read.at,
        received_at=now,
        note="",
    )
    s.add(row)
    return row


def _round(s: Session, point: Checkpoint, round_: str | None, at: datetime, now: datetime) -> str | None:
    """The round that was named, if it comes by there, else the one that does then; none that is long over."""
    row = s.get(Round, round_) if round_ else None
    if row is None or row.market != point.market or point.id not in row.points:
        row = walk.open_at(s, point, at)
    return row.id if row and walk.counts(row, now) else None


def _stand(row: Visit, found: Stood | None) -> None:
    if found is not None:
        row.away_m, row.accuracy_m, row.frame = found.away_m, found.accuracy_m, found.frame


def _tell(s: Session, row: Visit, point: Checkpoint, actor: Actor | None, role: str, now: datetime) -> None:
    public = {"visit": row.id, "checkpoint": point.id, "round": row.round, "by": row.by}
    evidence.append(s, row.market, Entry("patrol.visit", actor, role, public=public), now)
    if row.round is None:
        return
    round_ = s.get_one(Round, row.round, with_for_update=True)
    walk.begin(s, round_, actor, role, row.at, now)
    judge.later(s, round_, now)


def _words(point: Checkpoint, found: Stood | None) -> Pair:
    if found is None:
        return Pair(f"{point.name_zh}：已到点。", f"{point.name_en}: visit taken.")
    away, sure = f"{found.away_m:.0f}", f"{found.accuracy_m:.0f}"
    frame = Pair("，按 GCJ-02 换算", ", read as GCJ-02") if found.frame == "gcj02" else Pair("", "")
    return Pair(
        f"{point.name_zh}：已到点，定位相距 {away} 米（误差 {sure} 米{frame.zh}）。",
        f"{point.name_en}: visit taken, {away} m away by position (sure to {sure} m{frame.en}).",
    )
