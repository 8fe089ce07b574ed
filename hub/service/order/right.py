"""Which device is meant, and who may do what with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import place
from hub.service.device import SPEAKS
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.order import Twin

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

LOOKS = frozenset({"still", "clip", "relay.start", "relay.stop"})
"""Operations that only show more of what a camera sees; the right to them is asked where it stands."""


HANDS = frozenset({"arm", "disarm", "timetable"})
"""Operations that arm and disarm by hand; the right to them is asked where the camera stands too."""
STEERS = frozenset({"ptz.goto", "ptz.move", "ptz.end"})
"""Operations that turn a camera; only whoever has it does."""
TRIES = frozenset({"rules.show", "rules.replay"})
"""Operations that try rules on pictures; they are registered on their own page."""
RIGHTS = {
    **dict.fromkeys(LOOKS, "device.look"),
    **dict.fromkeys(HANDS, "device.arm"),
    **dict.fromkeys(STEERS, "video.turn"),
    **dict.fromkeys(TRIES, "scene.try"),
}
"""Operation → the right that it asks for; all others ask for that to command."""


def action(op: str) -> str:
    """The right that an operation asks for."""
    return RIGHTS.get(op, "device.command")


def device_of(s: Session, actor: Actor, device: str, what: str) -> tuple[Device, str]:
    """The device and the role by which the actor may do `what` to it.

    Raises:
        Refused: there is none of this name in the actor's market, or they may not.
    """
    row = s.get(Device, device)
    if row is None or row.market != actor.market:
        raise Refused("missing", "device.none", f"There is no device {device}.", f"没有设备 {device}。")
    return row, policy.authorize(actor, what, Target(row.market))


def camera_of(s: Session, device: Device, camera: str) -> Camera:
    """One of the device's own cameras; raises Refused where it has none of this name."""
    row = s.get(Camera, camera)
    if row is None or row.device != device.id:
        en = f"{device.id} has no camera {camera}; choose one of its own."
        raise Refused("missing", "device.camera", en, f"设备 {device.id} 没有摄像机 {camera}，请选它自己的。")
    return row


def may(actor: Actor, op: str, camera: Camera | None, market: str) -> str:
    """The role by which the actor may have `op` done; raises Refused."""
    node = place.node(camera.market, camera.grid) if camera and op in RIGHTS else market
    return policy.authorize(actor, action(op), Target(node))


def refuse_mute(device: Device) -> None:
    """Refuse to tell anything to a device that may not speak."""
    if device.status not in SPEAKS:
        en = f"{device.id} is {device.status}: let it in again before you tell it anything."
        raise Refused("state", "device.mute", en, f"设备 {device.id} 未启用，请先恢复其接入。")


def twin_of(s: Session, device: str) -> Twin:
    """The device's twin, made if need be."""
    twin = s.get(Twin, device)
    if twin is None:
        s.execute(select(Device.id).where(Device.id == device).with_for_update(key_share=True))
        twin = s.get(Twin, device, populate_existing=True)
    if twin is None:
        twin = Twin(device=device, version=0, clock_offset_ms=0.0)
        s.add(twin)
        s.flush()
    return twin
