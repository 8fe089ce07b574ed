"""Stills and clips: announced by a manifest, stored by hash, shown once both are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place, register
from hub.service.case import unit
from hub.service.evidence import Entry
from hub.service.patrol import remark
from hub.service.register import Look
from hub.store.alert import Alert, AlertEvent
from hub.store.camera import Camera
from hub.store.case import Case
from hub.store.evidence import Blob, Media
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from wire.message import Manifest


VIEWING = timedelta(minutes=10)
"""Reads of one clip by one person within this time are one viewing: a player asks for it in many parts."""


@dataclass(frozen=True, slots=True)
class File:
    """What a door needs to send the bytes."""

    sha256: str
    size: int
    type: str
    at: datetime


def announce(s: Session, market: str, device: str, manifest: Manifest, now: datetime) -> list[Media]:
    """Note the files of an event; repeated announcements change nothing.

    Raises:
        Refused: the camera is not the device's.
    """
    camera = s.get(Camera, manifest.camera)
    if camera is None or camera.market != market or camera.device != device:
        raise Refused(
            "missing",
            "event.camera",
            f"{device} has no camera {manifest.camera}: register the camera with this device first.",
            f"设备 {device} 没有摄像机 {manifest.camera}，请先登记。",
        )
    known = set(s.scalars(select(Media.sha256).where(Media.event == manifest.event)))
    made = [
        Media(
            id=new_id(),
            market=market,
            sha256=ref.sha256,
            size=ref.size,
            type=ref.type,
            role=ref.role,
            camera=camera.id,
            event=manifest.event,
            at=manifest.began,
            ended=manifest.ended,
            cpu_s=manifest.cpu_s,
        )
        for ref in {ref.sha256: ref for ref in manifest.media}.values()
        if ref.sha256 not in known
    ]
    s.add_all(made)
    s.flush()
    link = s.get(AlertEvent, manifest.event)
    if link is not None and made:
        _show(s, market, adopt(s, {manifest.event: s.get_one(Alert, link.alert)}), now)
    return made


def adopt(s: Session, alerts: Mapping[str, Alert]) -> list[Alert]:
    """Give files that were announced for these events to their alerts; those that show something new."""
    if not alerts:
        return []
    rows = list(s.scalars(select(Media).where(Media.event.in_(list(alerts)), Media.alert.is_(None))))
    for row in rows:
        row.alert = alerts[row.event or ""].id
    return _hang(s, rows, {alert.id: alert for alert in alerts.values()}) if rows else []


def stored(s: Session, sha256: str, size: int, type_: str, now: datetime) -> None:
    """Note that the bytes lie whole on the disk; whatever waited for them shows them."""
    if s.get(Blob, sha256) is None:
        s.add(Blob(sha256=sha256, size=size, type=type_, stored_at=now))
        s.flush()
    rows = list(s.scalars(select(Media).where(Media.sha256 == sha256, Media.alert.is_not(None))))
    alerts = {a.id: a for a in s.scalars(select(Alert).where(Alert.id.in_({row.alert for row in rows})))}
    changed = _hang(s, rows, alerts)
    for market in sorted({alert.market for alert in changed}):
        _show(s, market, [alert for alert in changed if alert.market == market], now)


def find(s: Session, actor: Actor, media: str, session: str, now: datetime) -> File | None:
    """The file behind an opaque id, if a row of the register covers this look already; writes nothing.

    None says that the look has to be registered by `show` before a byte may leave.

    Raises:
        Refused: there is no such file for this person.
    """
    row, by = _authorized(s, actor, media, now)
    if row.role == "still":
        covered = register.is_watching(s, actor, session, by)
    else:
        covered = register.is_playing(s, actor, row.id, now - VIEWING)
    return _file(row) if covered else None


def show(s: Session, actor: Actor, media: str, session: str, now: datetime) -> File:
    """The file behind an opaque id; its row in the register is written, unless one covers the look.

    One row a duty session covers current stills of one's node; a clip gets one a viewing.

    Raises:
        Refused: there is no such file for this person.
    """
    row, by = _authorized(s, actor, media, now)
    if row.role == "still":
        register.watch(s, actor, session, by, now)
    elif not register.is_playing(s, actor, row.id, now - VIEWING):
        entry = Entry("video.play", actor=actor, role=by, alert=row.alert, public={"media": row.id})
        evidence.append(s, row.market, entry, now)
        register.note(s, actor, Look("playback", row.id, register.DUTY, session), now)
    return _file(row)


def _hang(s: Session, rows: Iterable[Media], alerts: Mapping[str, Alert]) -> list[Alert]:
    """Let an alert show its first still and its first clip, once their bytes are there."""
    rows = list(rows)
    there = set(s.scalars(select(Blob.sha256).where(Blob.sha256.in_({row.sha256 for row in rows}))))
    changed: dict[str, Alert] = {}
    for row in sorted(rows, key=lambda row: row.at):
        alert = alerts.get(row.alert or "")
        if alert is None or row.sha256 not in there or getattr(alert, row.role) is not None:
            continue
        setattr(alert, row.role, row.id)
        alert.version += 1
        changed[alert.id] = alert
    return list(changed.values())


def _show(s: Session, market: str, alerts: Iterable[Alert], now: datetime) -> None:
    for alert in alerts:
        public = {"number": alert.number, "still": alert.still, "clip": alert.clip}
        evidence.append(s, market, Entry("alert.media", role="device", alert=alert.id, public=public), now)


def _file(row: Media) -> File:
    return File(row.sha256, row.size, row.type, row.at)


def _authorized(s: Session, actor: Actor, media: str, now: datetime) -> tuple[Media, str]:
    """What the actor may see, and by what: the node for a still, the role for a clip."""
    row = s.get(Media, media)
    if row is None or row.market != actor.market or s.get(Blob, row.sha256) is None:
        raise _none()
    if row.role == "still":
        return row, _authorize_still(s, actor, row, now)
    return row, policy.authorize(actor, "video.play", Target(_node(s, row)))


def _node(s: Session, row: Media) -> str:
    """Where a clip belongs: to its alert's place, or, cut out of a recording, to its camera's."""
    if row.alert:
        return place.node_of(s.get_one(Alert, row.alert))
    camera = s.get(Camera, row.camera) if row.camera else None
    return place.node(row.market, camera.grid) if camera else row.market


def _authorize_still(s: Session, actor: Actor, row: Media, now: datetime) -> str:
    """Whoever sees the alert, the case that it became, or the patrol, sees its stills; by which node."""
    alert = s.get(Alert, row.alert) if row.alert else None
    case = s.get(Case, row.case or (alert.case if alert else None) or "")
    if case is not None:
        target = Target(place.node_of(case), unit.members(s, case, now))
        if policy.allowed(actor, "case.see", target).allowed:
            return policy.reached(actor, target.node)
    grid = None if alert or case else remark.grid_of(s, row.id)
    node = place.node_of(alert) if alert else place.node(row.market, grid)
    policy.authorize(actor, "patrol.see" if grid else "alert.see", Target(node))
    return policy.reached(actor, node)


def _none() -> Refused:
    words = ("There is no such file. Reload the page.", "没有这个文件，请刷新页面。")
    return Refused("missing", "media.none", *words)
