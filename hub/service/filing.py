"""The filing sheet of cameras: handed in within 30 days of use and of every change (Order 799, art. 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, people, sheets, zone
from hub.service.coverage import lens
from hub.service.evidence import Entry
from hub.service.imports.table import write
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
    from hub.service.sheets import Row

SEE, CHANGE = "filing.see", "filing.change"
TIME = timedelta(days=30)
MOST_NAMED = 5
"""Cameras that a refusal names."""


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
    before = sheets.told(last)
    open_ = zone.unmasked(s, actor.market, entered)
    cameras = lens.cameras(s, actor.market)
    gone = sheets.gone(before, cameras)
    waiting = [camera.unfiled_since or now for camera in cameras if camera.id not in before]
    waiting += [camera.unfiled_since for camera in cameras if camera.unfiled_since]
    if last and gone:  # nobody notes when a camera is taken away
        waiting.append(last.at)
    return {
        "market": name(s.get_one(Market, actor.market)),
        "at": iso(now),
        "last": _mark(s, last) if last else None,
        "due": iso(min(waiting) + TIME) if waiting else None,
        "digest": sheets.digest(map(sheets.plain, cameras)),
        "cameras": [_shown(camera, before.get(camera.id), open_) for camera in cameras],
        "removed": [{"id": row["id"], "name": {"zh": row["name_zh"], "en": row["name_en"]}} for row in gone],
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
    public = {"camera": row.id, **{each: sheets.plain(row)[each] for each in (*sheets.NEEDED, "sign_at")}}
    evidence.append(s, actor.market, Entry("filing.camera", actor, role, public=public), now)


def keep(s: Session, now: datetime) -> int:
    """Let the thirty days of cameras begin that no sheet tells of; how many there were."""
    query = select(Camera).where(Camera.unfiled_since.is_(None)).order_by(Camera.market, Camera.id)
    told: dict[str, dict[str, Row]] = {}
    new = []
    for camera in s.scalars(query):
        if camera.market not in told:
            told[camera.market] = sheets.told(_last(s, camera.market))
        if camera.id not in told[camera.market]:
            camera.unfiled_since = now
            new.append(camera)
    return len(new)


def done(
    s: Session,
    actor: Actor,
    number: str | None,
    digest: str | None,
    entered: Collection[tuple[str, str]],
    now: datetime,
) -> Filing:
    """The sheet was handed in as it stands; with `digest`, as it was read.

    Raises:
        Refused: this person may not, something is missing, a camera looks into a forbidden zone unmasked, or
            the sheet is another than the one that was read.
    """
    role = policy.authorize(actor, CHANGE, Target(actor.market))
    open_ = zone.unmasked(s, actor.market, entered)
    query = select(Camera).where(Camera.market == actor.market).order_by(Camera.id)
    cameras = s.scalars(query.with_for_update(), execution_options={"populate_existing": True}).all()
    sheet = [sheets.plain(camera) for camera in cameras]
    _refuse_other(sheet, digest)
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
    before, cameras = sheets.told(_last(s, actor.market)), lens.cameras(s, actor.market)
    rows = [
        {**row, "change": sheets.change(row, before.get(row["id"]))[0]} for row in map(sheets.plain, cameras)
    ]
    rows += [{**row, "change": "removed"} for row in sheets.gone(before, cameras)]
    evidence.append(s, actor.market, Entry("filing.export", actor, role, public={"rows": len(rows)}), now)
    return write(sheets.COLUMNS, [{key: sheets.cell(value) for key, value in row.items()} for row in rows])


def _shown(camera: Camera, before: Row | None, open_: Iterable[tuple[str, str]]) -> Row:
    row = sheets.plain(camera)
    change, changed = sheets.change(row, before)
    return {
        **row,
        "name": name(camera),
        "place": {"zh": camera.place_zh, "en": camera.place_en},
        "missing": [each for each in sheets.NEEDED if not row[each]],
        "enters": [zone for name, zone in open_ if name == camera.id],
        "change": change,
        "changed": changed,
    }


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


def _refuse_other(sheet: list[Row], digest: str | None) -> None:
    if digest not in (None, sheets.digest(sheet)):
        en = "The sheet was changed after you read it. Read it again before you say that it was handed in."
        raise Refused("conflict", "filing.changed", en, "备案表刚被修改，请重新核对后再登记。")


def _refuse(cameras: list[str], code: str, words: tuple[str, str]) -> None:
    if cameras:
        named = ", ".join(cameras[:MOST_NAMED]) + (" …" if len(cameras) > MOST_NAMED else "")
        en, zh = words
        raise Refused(
            "state", code, f"{len(cameras)} cameras {en}. {named}", f"{len(cameras)} 台摄像机{zh}：{named}"
        )
