"""The filing sheet of cameras: handed in within 30 days of use and of every change (Order 799, art. 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, people, zone
from hub.service.coverage import lens
from hub.service.evidence import Entry
from hub.service.imports.table import Column, write
from hub.service.shape import iso, name
from hub.store.camera import Camera
from hub.store.filing import Filing
from hub.store.market import Market
from hub.store.people import Person
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

SEE, CHANGE = "filing.see", "filing.change"
TIME = timedelta(days=30)
NEEDED = ("kind", "operator", "legal_basis", "purpose", "retention_days", "sign")
"""What must be said of a camera before it is filed."""
MOST_NAMED = 5
"""Cameras that a refusal names."""
Row = dict[str, Any]
COLUMNS = (
    Column("id", Pair("编号", "Id")),
    Column("name_zh", Pair("名称", "Name")),
    Column("place_zh", Pair("安装位置", "Place")),
    Column("x", Pair("横坐标（米）", "x (m)")),
    Column("y", Pair("纵坐标（米）", "y (m)")),
    Column("bearing", Pair("朝向（度）", "Bearing")),
    Column("fov", Pair("视场角（度）", "Field of view")),
    Column("height_m", Pair("安装高度（米）", "Height (m)")),
    Column("width_px", Pair("水平像素", "Pixels across")),
    Column("kind", Pair("类型", "Type")),
    Column("operator", Pair("建设使用单位", "Operator")),
    Column("legal_basis", Pair("法律依据", "Legal basis")),
    Column("purpose", Pair("用途", "Purpose")),
    Column("retention_days", Pair("保存天数", "Kept for (days)")),
    Column("sign", Pair("提示标识", "Sign")),
    Column("sign_at", Pair("标识照片日期", "Day of its photo")),
    Column("change", Pair("与上次备案相比", "Since the last filing")),
)
FILED = tuple(column.name for column in COLUMNS if column.name != "change")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet says of a camera besides its place."""

    kind: str
    operator: str
    legal_basis: str
    purpose: str
    retention_days: int
    sign: bool
    sign_at: date | None


def sheet(s: Session, actor: Actor, entered: Iterable[tuple[str, str]], now: datetime) -> Row:
    """The sheet as it is, with what is missing and what has changed since it was last handed in.

    Raises:
        Refused: this person may not see it.
    """
    policy.authorize(actor, SEE, Target(actor.market))
    last = _last(s, actor.market)
    before = {row["id"]: row for row in last.sheet} if last else {}
    open_ = zone.unmasked(s, actor.market, entered)
    cameras = lens.cameras(s, actor.market)
    rows = [_shown(camera, before.get(camera.id), open_) for camera in cameras]
    waiting = [camera.unfiled_since for camera in cameras if camera.unfiled_since]
    there = {camera.id for camera in cameras}
    gone = [
        {"id": row["id"], "name": {"zh": row["name_zh"], "en": row["name_en"]}}
        for row in before.values()
        if row["id"] not in there
    ]
    return {
        "market": name(s.get_one(Market, actor.market)),
        "at": iso(now),
        "last": _mark(s, last) if last else None,
        "due": iso(min(waiting) + TIME) if waiting else None,
        "cameras": rows,
        "removed": gone,
    }


def describe(s: Session, actor: Actor, camera: str, facts: Facts, now: datetime) -> None:
    """Say of a camera what the sheet asks.

    Raises:
        Refused: no such camera, or this person may not.
    """
    role = policy.authorize(actor, CHANGE, Target(actor.market))
    row = s.get(Camera, camera)
    if row is None or row.market != actor.market:
        raise Refused("missing", "camera.none", "There is no such camera.", "没有这台摄像机。")
    row.kind, row.operator, row.legal_basis = facts.kind, facts.operator, facts.legal_basis
    row.purpose, row.retention_days = facts.purpose, facts.retention_days
    row.sign, row.sign_at = facts.sign, facts.sign_at
    row.unfiled_since = row.unfiled_since or now
    public = {"camera": row.id, **{each: _plain(row)[each] for each in (*NEEDED, "sign_at")}}
    evidence.append(s, actor.market, Entry("filing.camera", actor, role, public=public), now)


def done(
    s: Session, actor: Actor, number: str | None, entered: Collection[tuple[str, str]], now: datetime
) -> Filing:
    """The sheet was handed in as it stands.

    Raises:
        Refused: this person may not, something is missing, or a camera looks into a forbidden zone unmasked.
    """
    role = policy.authorize(actor, CHANGE, Target(actor.market))
    open_ = zone.unmasked(s, actor.market, entered)
    cameras = lens.cameras(s, actor.market)
    rows = [_shown(camera, None, open_) for camera in cameras]
    _refuse(
        [row["id"] for row in rows if row["enters"]],
        "filing.zone",
        ("look into a forbidden zone: mask that or turn them", "会拍到禁拍区，请先加遮罩并确认，或转开镜头"),
    )
    _refuse(
        [row["id"] for row in rows if row["missing"]],
        "filing.missing",
        ("lack something that the sheet asks: enter it", "还有备案项没填，请先填写"),
    )
    sheet = [_plain(camera) for camera in cameras]
    for camera in cameras:
        camera.unfiled_since = None
    row = Filing(id=new_id(), market=actor.market, at=now, person=actor.person, number=number, sheet=sheet)
    s.add(row)
    public = {"filing": row.id, "number": number, "cameras": len(sheet)}
    evidence.append(s, actor.market, Entry("filing.done", actor, role, public=public), now)
    return row


def give(s: Session, actor: Actor, now: datetime) -> bytes:
    """The sheet as a file. Leaves a line.

    Raises:
        Refused: this person may not.
    """
    role = policy.authorize(actor, SEE, Target(actor.market))
    last = _last(s, actor.market)
    before = {row["id"]: row for row in last.sheet} if last else {}
    rows = [
        {**_plain(camera), "change": _change(_plain(camera), before.get(camera.id))[0]}
        for camera in lens.cameras(s, actor.market)
    ]
    evidence.append(s, actor.market, Entry("filing.export", actor, role, public={"rows": len(rows)}), now)
    return write(COLUMNS, [{key: _cell(value) for key, value in row.items()} for row in rows])


def _plain(camera: Camera) -> Row:
    """A camera as the sheet keeps it."""
    row = {each: getattr(camera, each) for each in (*FILED, "name_en")}
    return row | {"sign_at": camera.sign_at.isoformat() if camera.sign_at else None}


def _shown(camera: Camera, before: Row | None, open_: Iterable[tuple[str, str]]) -> Row:
    row = _plain(camera)
    change, changed = _change(row, before)
    return {
        **row,
        "name": name(camera),
        "place": {"zh": camera.place_zh, "en": camera.place_en},
        "missing": [each for each in NEEDED if not row[each]],
        "enters": [zone for name, zone in open_ if name == camera.id],
        "change": change,
        "changed": changed,
    }


def _change(row: Row, before: Row | None) -> tuple[str, list[str]]:
    if before is None:
        return "new", []
    changed = [each for each in FILED if row[each] != before.get(each)]
    return ("changed" if changed else "same"), changed


def _mark(s: Session, filing: Filing) -> Row:
    by = people.names(s, [filing.person]).get(filing.person)
    return {
        "at": iso(filing.at),
        "by": name(by) if isinstance(by, Person) else None,
        "number": filing.number,
        "cameras": len(filing.sheet),
    }


def _last(s: Session, market: str) -> Filing | None:
    query = select(Filing).where(Filing.market == market)
    return s.scalar(query.order_by(Filing.at.desc(), Filing.id.desc()).limit(1))


def _refuse(cameras: list[str], code: str, words: tuple[str, str]) -> None:
    if cameras:
        named = ", ".join(cameras[:MOST_NAMED]) + (" …" if len(cameras) > MOST_NAMED else "")
        en, zh = words
        raise Refused(
            "state", code, f"{len(cameras)} cameras {en}. {named}", f"{len(cameras)} 台摄像机{zh}：{named}"
        )


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
