"""What is drawn on a camera's picture: masks, and zones with their rules, kept in its edge's versions."""

from __future__ import annotations

import json
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import outline, policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import order, place
from hub.service.order.desire import newest
from hub.service.shape import iso, name
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.order import Desired, Twin
from hub.store.people import Person
from hub.store.scene import Scene
from wire.drawn import Drawn, decode_drawn, outlines, plain_drawn
from wire.message import Bad

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

FIELDS = ("masks", "zones")
"""Of a camera's configuration, what is drawn."""
MAY = {"draw": "device.configure", "test": "video.live", "replay": "video.play", "try": "scene.try"}
MOST_VERSIONS = 30
MOST_LOOKED = 300
"""Versions of a device in which those that changed one camera are sought."""


def listing(s: Session, actor: Actor) -> list[dict[str, Any]]:
    """Every camera of the market that an edge reads; raises Refused where the actor may see none."""
    policy.authorize(actor, "device.see", Target(actor.market))
    query = select(Camera, Device).join(Device, Device.id == Camera.device)
    rows = s.execute(query.where(Camera.market == actor.market).order_by(Camera.id)).all()
    return [_camera(camera, device) for camera, device in rows]


def scene(s: Session, actor: Actor, camera_id: str) -> dict[str, Any]:
    """What is drawn of one camera, what its edge has in force, and whether that is the same.

    Raises:
        Refused: there is no such camera for this person.
    """
    camera, device = camera_of(s, actor, camera_id)
    wanted, told = newest(s, device.id), s.get(Scene, camera.id)
    own = _own(wanted, camera.id)
    node = Target(place.node(camera.market, camera.grid))
    may = {what: policy.allowed(actor, action, _node(action, node, camera)) for what, action in MAY.items()}
    return {
        "camera": _camera(camera, device),
        "version": wanted.version if wanted else 0,
        "drawn": own,
        "order": _order(s, wanted) if wanted else None,
        "told": told.drawn if told else None,
        "told_at": iso(told.told_at) if told else None,
        "obeys": _obeys(s, device),
        "may": [what for what, verdict in may.items() if verdict.allowed],
        "why": {what: {"en": no.en, "zh": no.zh} for what, no in may.items() if not no.allowed},
    }


def draw(s: Session, actor: Actor, camera_id: str, data: bytes, match: int, now: datetime) -> Desired:
    """Make a new version of the edge's configuration in which this camera is drawn so.

    Args:
        s: the session.
        actor: who draws.
        camera_id: on whose picture.
        data: JSON of wire/drawn.py; `null`: what its edge's own file says holds again.
        match: the version that the actor has seen.
        now: the moment.

    Raises:
        Refused: no such camera, an outline that nobody can stand in, or what `order.desire` refuses.
    """
    camera, device = camera_of(s, actor, camera_id)
    before = newest(s, device.id)
    fields = dict(before.fields) if before else {}
    cameras = dict(fields.get("cameras") or {})
    kept = {key: value for key, value in (cameras.get(camera.id) or {}).items() if key not in FIELDS}
    cameras[camera.id] = kept if data.strip() == b"null" else kept | plain_drawn(read(data))
    encoded = json.dumps(fields | {"cameras": cameras}).encode()
    return order.desire(s, actor, device.id, encoded, match, now)


def versions(s: Session, actor: Actor, camera_id: str) -> list[dict[str, Any]]:
    """How this camera was drawn, newest first: each version that changed it; raises Refused."""
    camera, device = camera_of(s, actor, camera_id)
    query = select(Desired).where(Desired.device == device.id).order_by(Desired.version.desc())
    # One more than is looked at, so that the last of them is compared with the one before it, too.
    query = query.limit(MOST_LOOKED + 1).execution_options(yield_per=MOST_VERSIONS)
    with s.scalars(query) as rows:
        pairs = islice(pairwise(chain(rows, (None,))), MOST_LOOKED)
        found = (row for row, older in pairs if row and _own(row, camera.id) != _own(older, camera.id))
        changed = list(islice(found, MOST_VERSIONS))
    return [_order(s, row) | {"drawn": _own(row, camera.id)} for row in changed]


def told(s: Session, device: str, camera_id: str, data: bytes, now: datetime) -> None:
    """Keep what an edge says it watches one of its cameras by.

    Raises:
        Refused: the camera is not its own.
        Bad: it is nothing that can be drawn.
    """
    camera = s.get(Camera, camera_id)
    if camera is None or camera.device != device:
        raise Refused(
            "missing", "scene.camera", f"{device} has no camera {camera_id}.", "该设备没有这台摄像机。"
        )
    drawn = plain_drawn(decode_drawn(data))
    row = s.get(Scene, camera.id)
    if row is None:
        s.add(Scene(camera=camera.id, market=camera.market, drawn=drawn, told_at=now))
    else:
        row.drawn, row.told_at = drawn, now


def camera_of(s: Session, actor: Actor, camera_id: str) -> tuple[Camera, Device]:
    """A camera that the actor may see among devices, and the edge that reads it; raises Refused."""
    policy.authorize(actor, "device.see", Target(actor.market))
    return read_by(s, actor, camera_id)


def read_by(s: Session, actor: Actor, camera_id: str) -> tuple[Camera, Device]:
    """A camera of the actor's market and the edge that reads it, whatever they may; raises Refused."""
    camera = s.get(Camera, camera_id)
    device = s.get(Device, camera.device) if camera and camera.device else None
    if camera is None or device is None or camera.market != actor.market:
        words = (
            f"There is no camera {camera_id} that an edge reads.",
            f"没有由前端读取的摄像机 {camera_id}。",
        )
        raise Refused("missing", "camera.none", *words)
    return camera, device


def read(data: bytes) -> Drawn:
    """What was drawn; raises Refused with a sentence that names the zone or mask."""
    _refuse_crossed(data)
    try:
        return decode_drawn(data)
    except Bad as bad:
        words = (f"This cannot be drawn: {bad}.", f"绘制内容有误：{bad}。")
        raise Refused("input", "scene.shape", *words) from bad


def _refuse_crossed(data: bytes) -> None:
    """First of all, since what crosses itself may also have no area, which says less to who drew it."""
    masks, zones = outlines(data)
    named = [(f"Mask {number}", f"遮挡 {number}", mask) for number, mask in enumerate(masks, 1)]
    named += [(f"Zone {name_}", f"防区 {name_}", polygon) for name_, polygon in zones]
    for en, zh, polygon in named:
        if fault := outline.fault(polygon):
            raise Refused("input", "scene.outline", f"{en}: {fault.en}.", f"{zh}：{fault.zh}。")


def _own(row: Desired | None, camera: str) -> dict[str, Any] | None:
    """What a version draws of a camera; None: it leaves that to the edge's own file."""
    fields: Mapping[str, Any] = ((row.fields.get("cameras") or {}) if row else {}).get(camera) or {}
    found = {key: fields[key] for key in FIELDS if fields.get(key) is not None}
    return found or None


def _node(action: str, node: Target, camera: Camera) -> Target:
    return Target(camera.market) if action.startswith("device.") else node


def _obeys(s: Session, device: Device) -> bool:
    """Whether the edge has ever said that it takes configurations: one without the hub's key does not."""
    twin = s.get(Twin, device.id)
    return twin is not None and twin.told_at is not None


def _order(s: Session, row: Desired) -> dict[str, Any]:
    return {
        "version": row.version,
        "state": row.state,
        "reason": row.reason,
        "by": name(s.get_one(Person, row.made_by)),
        "at": iso(row.made_at),
    }


def _camera(camera: Camera, device: Device) -> dict[str, Any]:
    return {
        "id": camera.id,
        "name": name(camera),
        "place": {"zh": camera.place_zh, "en": camera.place_en},
        "device": device.id,
        "online": device.online,
        "state": camera.state,
    }
