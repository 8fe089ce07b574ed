"""Recordings: what edges keep, as a timeline; pieces of it asked for, registered before the first byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import glossary, policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place, register
from hub.service.evidence import Entry
from hub.service.order import right
from hub.service.order.command import queue, refuse_flood
from hub.service.register import Look
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.alert import Alert
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.evidence import Blob, Media
from hub.store.order import Command
from hub.store.recording import Recording, Segment
from wire.order import Clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from wire.message import Segment as Told

LONGEST = timedelta(hours=25)
"""Of one timeline: a day, also the one on which a clock is set back."""
REACH = timedelta(hours=1)
"""So long before a time asked for may a piece that reaches into it have begun."""
JOINED = timedelta(seconds=2)
"""Pieces with less between them are shown as one stretch."""
MOST_EVENTS = 500
COMING = timedelta(minutes=2)
"""So long after its order a piece's announcement is waited for; its bytes may take longer."""
LATE = timedelta(minutes=3)
"""Without a new piece for so long, recording does not go on now."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A piece that somebody wants to see."""

    begin: datetime
    seconds: float
    purpose: str
    browser: bool = True
    """Coded anew where a browser would not play it."""


def take(s: Session, market: str, device: str, told: Told, now: datetime) -> None:
    """Note a piece that an edge keeps; told again, it changes nothing.

    Raises:
        Refused: the camera is not the device's.
    """
    camera = s.get(Camera, told.camera)
    if camera is None or camera.market != market or camera.device != device:
        raise Refused(
            "missing",
            "event.camera",
            f"{device} has no camera {told.camera}: register the camera with this device first.",
            f"设备 {device} 没有摄像机 {told.camera}，请先登记。",
        )
    known = select(Segment.id).where(Segment.camera == camera.id, Segment.sha256 == told.sha256)
    if s.scalar(known) is None:
        s.add(_row(market, told, now))
    _state(s, market, told)


def cameras(s: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The cameras that the actor may play, and how each is recorded.

    Raises:
        Refused: they may play none.
    """
    found = list(s.scalars(select(Camera).where(Camera.market == actor.market).order_by(Camera.id)))
    seen = [camera for camera in found if policy.allowed(actor, "video.play", _target(camera)).allowed]
    if not seen:
        policy.authorize(actor, "video.play", Target(actor.market))
    states = {row.camera: row for row in s.scalars(select(Recording).where(Recording.market == actor.market))}
    rows = s.execute(select(Device.id, Device.online).where(Device.market == actor.market))
    online = {row[0]: row[1] for row in rows}
    return [_camera(camera, states.get(camera.id), online, now) for camera in seen]


def timeline(
    s: Session, actor: Actor, camera_id: str, begin: datetime, end: datetime, now: datetime
) -> dict[str, Any]:
    """What there is of a camera between two moments: stretches, holes with their reasons, alerts.

    Raises:
        Refused: there is no such camera for this person, or the time is too long.
    """
    camera, _ = _playable(s, actor, camera_id)
    if not timedelta(0) < end - begin <= LONGEST:
        hours = LONGEST // timedelta(hours=1)
        raise Refused(
            "input", "recording.span", f"Ask for at most {hours} hours.", f"一次最多查看 {hours} 小时。"
        )
    query = select(Segment).where(Segment.camera == camera.id, Segment.began.between(begin - REACH, end))
    rows = [row for row in s.scalars(query.order_by(Segment.began)) if row.ended > begin]
    state = s.get(Recording, camera.id)
    online = {device.id: device.online for device in _devices(s, camera)}
    return {
        "camera": _camera(camera, state, online, now),
        "begin": iso(begin),
        "end": iso(end),
        "stretches": _stretches(rows),
        "holes": [_hole(row) for row in rows if row.hole_since is not None and row.began > begin],
        "alerts": _alerts(s, actor, camera, begin, end),
    }


def ask(s: Session, actor: Actor, camera_id: str, wish: Wish, session: str, now: datetime) -> Command:
    """Have the edge cut a piece. The register's row is written here, before a byte can leave.

    Raises:
        Refused: there is no such camera for this person, nothing is recorded then, or its edge is away.
    """
    camera, role = _playable(s, actor, camera_id)
    device = s.get(Device, camera.device) if camera.device else None
    if device is None or not device.online:
        raise Refused("state", "recording.away", *AWAY)
    right.refuse_mute(device)
    if wish.begin > now:
        raise Refused("input", "recording.ahead", "That is still to come.", "该时间尚未到来。")
    evidence.hold(s, camera.market)
    refuse_flood(s, device.id)
    args = Clip(camera.id, wish.seconds, wish.begin, wish.browser)
    made = queue(s, device, args, actor.person, now)
    span = {"camera": camera.id, "begin": iso(wish.begin), "seconds": wish.seconds}
    subject = f"{camera.id} {iso(wish.begin)} +{wish.seconds:g}s"
    register.note(s, actor, Look("playback", subject, wish.purpose, session), now)
    public = {"device": device.id, "command": made.id, **span}
    evidence.append(s, camera.market, Entry("video.play", actor, role, public=public), now)
    return made


def piece(s: Session, actor: Actor, number: str, now: datetime) -> dict[str, Any]:
    """What became of a piece that was asked for; raises Refused where it is none of this person's."""
    row = s.get(Command, number)
    if row is None or row.market != actor.market or row.op != "clip" or row.made_by != actor.person:
        words = ("There is no such piece. Ask again.", "没有这段录像，请重新调取。")
        raise Refused("missing", "recording.none", *words)
    media = s.scalars(select(Media).where(Media.event == row.id)).first()
    there = media is not None and s.get(Blob, media.sha256) is not None
    return {
        "id": row.id,
        "state": _progress(row, media, there, now),
        "reason": row.reason,
        "sha256": media.sha256 if media else None,
        "media": media.id if media and there else None,
        "began": iso(media.at) if media else None,
        "ended": maybe_iso(media.ended) if media else None,
        "size": media.size if media else None,
        "cpu_s": media.cpu_s if media else None,
    }


AWAY = (
    "The edge that keeps this recording is away: nothing is lost, it can be played once it is back.",
    "保存该录像的前端不在线：录像没有丢失，待其恢复后即可回放。",
)


def _progress(row: Command, media: Media | None, there: bool, now: datetime) -> str:
    """asked, cut (its bytes are on their way), ready or failed."""
    if there:
        return "ready"
    if row.state in {"refused", "expired"} or (media is None and now - row.made_at > COMING):
        return "failed"
    return "cut" if media is not None or row.state == "done" else "asked"


def _playable(s: Session, actor: Actor, camera_id: str) -> tuple[Camera, str]:
    camera = s.get(Camera, camera_id)
    if camera is None or camera.market != actor.market:
        raise Refused("missing", "camera.none", "There is no such camera.", "没有这台摄像机。")
    return camera, policy.authorize(actor, "video.play", _target(camera))


def _target(camera: Camera) -> Target:
    return Target(place.node(camera.market, camera.grid))


def _devices(s: Session, camera: Camera) -> Sequence[Device]:
    return s.scalars(select(Device).where(Device.id == camera.device)).all()


def _row(market: str, told: Told, now: datetime) -> Segment:
    hole = told.hole
    return Segment(
        market=market,
        camera=told.camera,
        began=told.began,
        ended=told.ended,
        size=told.size,
        codec=told.codec,
        stream=told.stream,
        sha256=told.sha256,
        before=told.before,
        masked=told.masked,
        torn=told.torn,
        hole_since=hole.since if hole else None,
        hole_reason=hole.reason if hole else None,
        hole_detail=hole.detail if hole else None,
        received_at=now,
    )


def _state(s: Session, market: str, told: Told) -> None:
    row = s.get(Recording, told.camera)
    if row is not None and row.until > told.ended:
        return
    if row is None:
        row = Recording(camera=told.camera, market=market)
        s.add(row)
    row.until, row.kept_from, row.days = told.ended, told.kept_from, told.days
    row.cores, row.codec, row.stream, row.masked = told.cores, told.codec, told.stream, told.masked


def _camera(
    camera: Camera, state: Recording | None, online: dict[str, bool], now: datetime
) -> dict[str, Any]:
    return {
        "id": camera.id,
        "name": name(camera),
        "place": {"zh": camera.place_zh, "en": camera.place_en},
        "online": online.get(camera.device or "", False),
        "recorded": state is not None,
        "runs": state is not None and now - state.until < LATE,
        "until": iso(state.until) if state else None,
        "kept_from": maybe_iso(state.kept_from) if state else None,
        "days": state.days if state else None,
        "cores": state.cores if state else None,
        "codec": state.codec if state else None,
        "stream": state.stream if state else None,
        "masked": state.masked if state else None,
    }


def _stretches(rows: Iterable[Segment]) -> list[dict[str, Any]]:
    """Pieces that follow one another are one stretch, as long as they are of one kind."""
    found: list[tuple[tuple[str, str], datetime, datetime]] = []
    for row in rows:
        kind = (row.stream, row.codec)
        if found and found[-1][0] == kind and timedelta(0) <= row.began - found[-1][2] < JOINED:
            found[-1] = (kind, found[-1][1], row.ended)
        else:
            found.append((kind, row.began, row.ended))
    return [
        {"stream": kind[0], "codec": kind[1], "began": iso(began), "ended": iso(ended)}
        for kind, began, ended in found
    ]


def _hole(row: Segment) -> dict[str, Any]:
    assert row.hole_since is not None
    return {
        "began": iso(row.hole_since),
        "ended": iso(row.began),
        "reason": row.hole_reason,
        "detail": row.hole_detail,
    }


def _alerts(s: Session, actor: Actor, camera: Camera, begin: datetime, end: datetime) -> list[dict[str, Any]]:
    query = select(Alert).where(
        Alert.market == camera.market,
        Alert.camera == camera.id,
        Alert.first_at <= end,
        Alert.last_at >= begin,
    )
    rows = s.scalars(query.order_by(Alert.first_at).limit(MOST_EVENTS)).all()
    return [
        {
            "id": row.id,
            "number": row.number,
            "kind": {"id": row.kind, **pair(glossary.KIND[row.kind])},
            "severity": row.severity,
            "began": iso(row.first_at),
            "ended": iso(row.last_at),
        }
        for row in rows
        if policy.allowed(actor, "alert.see", Target(place.node_of(row))).allowed
    ]
