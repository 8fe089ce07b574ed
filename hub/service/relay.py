"""Live pictures: who may see which camera, and the order by which an edge sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place, register
from hub.service.device import SPEAKS
from hub.service.evidence import Entry
from hub.service.order.command import queue
from hub.service.session.living import DISPLAY
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.people import LoginSession
from wire.order import RelayStart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

ACTION = "video.live"


@dataclass(frozen=True, slots=True)
class Seen:
    """A camera that somebody may see now."""

    camera: str
    node: str
    device: str | None
    """The edge that reads it, where that is there and may speak."""
    epoch: str | None
    """Of that edge's start."""


def look(s: Session, actor: Actor, cameras: Iterable[str]) -> tuple[list[Seen], dict[str, Refused]]:
    """Those of the cameras that the actor may see live, and why not the others."""
    seen: list[Seen] = []
    refused: dict[str, Refused] = {}
    wanted = sorted(set(cameras))
    query = select(Camera, Device).outerjoin(Device, Device.id == Camera.device)
    rows = {camera.id: (camera, device) for camera, device in s.execute(query.where(Camera.id.in_(wanted)))}
    for name in wanted:
        try:
            seen.append(_seen(actor, name, *rows.get(name, (None, None))))
        except Refused as no:
            refused[name] = no
    return seen, refused


def note(s: Session, actor: Actor, session: str, nodes: Iterable[str], now: datetime) -> None:
    """The register's rows, one a node for the whole session, before the first picture leaves."""
    for node in sorted(set(nodes)):
        register.watch(s, actor, session, node, now)


def order(s: Session, actor: Actor, session: str, streams: Iterable[tuple[Seen, bool]], now: datetime) -> int:
    """Have edges begin to send streams, the main one where it says so; how many were told.

    The right to it is that of looking live, which the caller has asked for; the hub orders by itself, since
    somebody watches, and who that is stands in the register.
    """
    told = 0
    person = _person(s, actor, session)
    for seen, main in streams:
        device = s.get(Device, seen.device) if seen.device else None
        if device is not None and person is not None:
            args = RelayStart(camera=seen.camera, packets="main" if main else "sub")
            made = queue(s, device, args, person, now)
            public = {"device": device.id, "command": made.id, "op": made.op, "camera": seen.camera}
            evidence.append(s, device.market, Entry("device.command", role="system", public=public), now)
            told += 1
    return told


def cameras(s: Session, device: str) -> list[str]:
    """The device's own cameras."""
    return list(s.scalars(select(Camera.id).where(Camera.device == device)))


def _seen(actor: Actor, name: str, camera: Camera | None, device: Device | None) -> Seen:
    if camera is None or camera.market != actor.market:
        raise Refused("missing", "camera.none", f"There is no camera {name}.", f"没有摄像机 {name}。")
    node = place.node(camera.market, camera.grid)
    policy.authorize(actor, ACTION, Target(node))
    speaks = device is not None and device.status in SPEAKS and device.online
    at = policy.reached(actor, node)
    return Seen(camera.id, at, device.id if device and speaks else None, device.epoch if device else None)


def _person(s: Session, actor: Actor, session: str) -> str | None:
    """Who answers for an order: a wall's screen acts for whoever set it up."""
    if not actor.person.startswith(DISPLAY):
        return actor.person
    return s.scalar(select(LoginSession.person).where(LoginSession.id == session))
