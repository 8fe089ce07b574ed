"""Zones where no camera may look: fitting rooms, toilets, dormitories; and masks stated to cover them.

A statement holds for the camera as it stands: turned or moved, its picture is another, and so is its mask.
Nor does it hold once the masks on the picture are drawn anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from hub.core import outline, policy
from hub.core.cover import Zone, ZonesAsked
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, people, place
from hub.service.coverage import lens
from hub.service.evidence import Entry
from hub.service.shape import iso, name
from hub.store.camera import Camera
from hub.store.filing import ForbiddenZone, ZoneMask
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.cover import Lens
    from hub.core.ground import Ground, Point
    from hub.core.policy import Actor

LEAST = 0.01
"""Square metres."""
CHANGE, SEE = "coverage.change", "coverage.see"
Pairs = list[tuple[str, str]]
"""A camera and a zone that it looks into."""


def zones(s: Session, market: str) -> Sequence[ForbiddenZone]:
    """Every forbidden zone of the market."""
    query = select(ForbiddenZone).where(ForbiddenZone.market == market)
    return s.scalars(query.order_by(ForbiddenZone.id)).all()


def asked(s: Session, market: str, ground: Ground, lenses: Iterable[Lens]) -> ZonesAsked:
    """The question which of `lenses` look into which zones."""
    return ZonesAsked(ground, tuple(lenses), tuple(_value(row) for row in zones(s, market)))


def make(
    s: Session, actor: Actor, kind: str, names: Pair, ring: Sequence[Point], now: datetime
) -> ForbiddenZone:
    """Say where no camera may look.

    Raises:
        Refused: this person may not, or the outline has no inside.
    """
    role = policy.authorize(actor, CHANGE, Target(actor.market))
    refuse_outline(ring)
    row = ForbiddenZone(
        id=new_id(),
        market=actor.market,
        kind=kind,
        name_zh=names.zh,
        name_en=names.en,
        ring=[list(corner) for corner in ring],
    )
    s.add(row)
    public = {"zone": row.id, "kind": kind, "ring": row.ring}
    evidence.append(s, actor.market, Entry("zone.make", actor, role, public=public), now)
    return row


def remove(s: Session, actor: Actor, zone: str, now: datetime) -> None:
    """There is no such zone any more.

    Raises:
        Refused: there is none, or this person may not.
    """
    role = policy.authorize(actor, CHANGE, Target(actor.market))
    row = _found(s, actor.market, zone)
    s.execute(delete(ZoneMask).where(ZoneMask.zone == row.id))
    s.delete(row)
    public = {"zone": row.id, "kind": row.kind, "ring": row.ring}
    evidence.append(s, actor.market, Entry("zone.remove", actor, role, public=public), now)


def mask(s: Session, actor: Actor, zone: str, camera: str, text: str, now: datetime) -> None:
    """State that a mask on the camera's picture covers the zone, as the camera stands now.

    Raises:
        Refused: no such zone or camera, or this person may not.
    """
    policy.authorize(actor, CHANGE, Target(actor.market))
    row = s.get(Camera, camera)
    if row is None or row.market != actor.market:
        raise Refused("missing", "camera.none", "There is no such camera.", "没有这台摄像机。")
    state(s, actor, row, _found(s, actor.market, zone).id, text, now)


def state(s: Session, actor: Actor, camera: Camera, zone: str, text: str, now: datetime) -> None:
    """Take the statement down, for the camera as it stands, with its line."""
    role = policy.authorize(actor, CHANGE, Target(actor.market))
    row = s.get(ZoneMask, (camera.id, zone))
    if row is None:
        row = ZoneMask(camera=camera.id, zone=zone)
        s.add(row)
    row.person, row.at, row.lens = actor.person, now, _stand(camera)
    public = {"camera": camera.id, "zone": zone, "lens": row.lens}
    evidence.append(s, actor.market, Entry("zone.mask", actor, role, public=public, text=text), now)


def lapse(s: Session, actor: Actor, role: str, cameras: Collection[str], now: datetime) -> None:
    """Take back what was stated of the masks of `cameras`: they are drawn anew. Each leaves a line."""
    query = select(ZoneMask).where(ZoneMask.camera.in_(cameras)).order_by(ZoneMask.camera, ZoneMask.zone)
    for row in s.scalars(query).all():
        s.delete(row)
        public = {"camera": row.camera, "zone": row.zone}
        evidence.append(s, actor.market, Entry("zone.lapse", actor, role, public=public), now)


def unmasked(s: Session, market: str, entered: Iterable[tuple[str, str]]) -> Pairs:
    """Of cameras and zones that they look into, those without a statement that still holds."""
    masks = _masks(s, market)
    return [pair for pair in entered if pair not in masks]


def refuse_open(s: Session, camera: Camera, entered: Collection[str]) -> None:
    """Let no camera look into a zone that no mask is stated to cover.

    Raises:
        Refused: it does; the sentence names the zones.
    """
    open_ = unmasked(s, camera.market, [(camera.id, zone) for zone in entered])
    if not open_:
        return
    rows = [s.get_one(ForbiddenZone, zone) for _, zone in open_]
    zh, en = "、".join(row.name_zh for row in rows), ", ".join(row.name_en for row in rows)
    raise Refused(
        "state",
        "zone.open",
        f"It would look into: {en}. Turn it away, or cover that with a mask and state so.",
        f"画面会进入{zh}，法律禁止。请转开镜头，或先加遮罩并确认。",
    )


def refuse_outline(ring: Sequence[Point]) -> None:
    """Let nobody draw what has no inside.

    Raises:
        Refused: it crosses itself, or is a line.
    """
    wrong = outline.fault(ring)
    if wrong is None and outline.area(ring) < LEAST:
        wrong = Pair("角点都在一条线上", "its corners lie on one line")
    if wrong is not None:
        raise Refused("input", "zone.outline", f"This outline cannot be used: {wrong.en}.", f"{wrong.zh}。")


def refuse_others(s: Session, market: str, checked: ZonesAsked) -> None:
    """Hold what was checked against what is there now.

    Raises:
        Refused: somebody has changed the zones meanwhile.
    """
    if {one.id for one in checked.zones} != {row.id for row in zones(s, market)}:
        en = "The forbidden zones have just been changed. Try again."
        raise Refused("conflict", "zone.changed", en, "禁拍区刚刚有改动，请重试。")


def listing(s: Session, actor: Actor, entered: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Every zone with the cameras that look into it; to a leader those of own cameras, and these alone."""
    whole = policy.allowed(actor, SEE, Target(actor.market)).allowed
    cameras = {one.id: one for one in lens.cameras(s, actor.market) if whole or _sees(actor, one)}
    masks = _masks(s, actor.market)
    persons = people.names(s, (row.person for row in masks.values()))
    looking: dict[str, list[dict[str, Any]]] = {}
    for camera, zone in sorted(pair for pair in entered if pair[0] in cameras):
        row = masks.get((camera, zone))
        by = persons.get(row.person) if row else None
        looking.setdefault(zone, []).append(
            {
                "id": camera,
                "name": name(cameras[camera]),
                "masked": row is not None,
                "by": name(by) if by else None,
                "at": iso(row.at) if row else None,
            }
        )
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "name": name(row),
            "ring": row.ring,
            "cameras": looking.get(row.id, []),
        }
        for row in zones(s, actor.market)
        if whole or row.id in looking
    ]


def _sees(actor: Actor, camera: Camera) -> bool:
    return policy.allowed(actor, SEE, Target(place.node(actor.market, camera.grid))).allowed


def _masks(s: Session, market: str) -> dict[tuple[str, str], ZoneMask]:
    """Statements that hold: the camera stands as it stood."""
    query = select(ZoneMask, Camera).join(Camera, Camera.id == ZoneMask.camera)
    rows = s.execute(query.where(Camera.market == market))
    return {(row.camera, row.zone): row for row, camera in rows if row.lens == _stand(camera)}


def _stand(camera: Camera) -> list[float]:
    return [camera.x, camera.y, camera.bearing, camera.fov, camera.range_m]


def _found(s: Session, market: str, zone: str) -> ForbiddenZone:
    row = s.get(ForbiddenZone, zone)
    if row is None or row.market != market:
        raise Refused("missing", "zone.none", "There is no such zone.", "没有这个禁拍区。")
    return row


def _value(row: ForbiddenZone) -> Zone:
    return Zone(row.id, tuple((float(x), float(y)) for x, y in row.ring))
