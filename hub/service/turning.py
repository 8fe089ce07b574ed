"""Turn a camera: whoever has it, and nobody else, for a bounded time; then its edge lets it go home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from hub.core import lease, policy
from hub.core.lease import Lease
from hub.core.policy import Role, Target
from hub.core.refuse import Refused
from hub.service import evidence, place
from hub.service.evidence import Entry
from hub.service.order import right
from hub.service.order.command import MOST_OPEN, queue, refuse_flood
from hub.service.shape import iso, name
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.order import Command
from hub.store.people import Person
from hub.store.turning import Turning
from wire.message import new_id
from wire.order import Goto, Move, Release

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from wire.order import Steer

ACTION = "video.turn"
UNDONE = frozenset({"refused", "expired"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a camera."""

    act: Literal["goto", "move", "end"]
    preset: str | None = None
    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    """Each -1..1: to the right, up, nearer."""


def learn(s: Session, cameras: Iterable[Camera], turns: Mapping[str, tuple[str, ...]]) -> None:
    """An edge has told which of its own cameras can be turned, and to which presets, home first."""
    for camera in cameras:
        presets = list(turns.get(camera.id, ()))
        if presets and (row := s.get(Turning, camera.id)) is None:
            s.add(Turning(camera=camera.id, market=camera.market, presets=presets))
        elif presets and row is not None and row.presets != presets:
            row.presets = presets


def shown(s: Session, actor: Actor, camera: str, now: datetime) -> dict[str, Any]:
    """A camera's presets and who has it now; raises Refused."""
    row, device, _ = _found(s, actor, camera)
    held = _held(row)
    person = s.get(Person, held.person) if held and held.lives(now) else None
    return {
        "camera": row.camera,
        "presets": row.presets,
        "home": row.presets[0],
        "preset": row.preset if person else row.presets[0],
        "held": {
            "by": name(person),
            "role": held.role,
            "mine": held.person == actor.person,
            "until": iso(held.until),
        }
        if held and person
        else None,
        "trouble": _trouble(s, row, device) if person else None,
    }


def steer(s: Session, actor: Actor, camera: str, wish: Wish, now: datetime) -> Turning:
    """Have a camera turned, taking it if need be; or let it go.

    Raises:
        Refused: there is no such camera that can be turned, this person may not, or somebody else has it.
    """
    row, device, role = _found(s, actor, camera)
    right.refuse_mute(device)
    evidence.hold(s, device.market)
    s.refresh(row, with_for_update=True)
    refuse_flood(s, device.id)
    if wish.act == "end":
        return _release(s, actor, row, device, now)
    if wish.act == "goto" and wish.preset not in row.presets:
        en = f"{camera} has no preset {wish.preset}; choose one of {', '.join(row.presets)}."
        raise Refused("input", "turning.preset", en, f"摄像机 {camera} 没有预置位 {wish.preset}。")
    before = _held(row)
    now_held = lease.take(before, new_id(), actor.person, role, now)
    if before is None or now_held.id != before.id:
        taken = before.person if before and before.lives(now) else None
        public = {"camera": camera, "from": taken}
        evidence.append(s, row.market, Entry("camera.take", actor, role, public=public), now)
    _keep(row, now_held)
    row.preset = wish.preset if wish.act == "goto" else None
    _tell(s, actor, role, device, _args(camera, now_held, wish), now)
    return row


def _release(s: Session, actor: Actor, row: Turning, device: Device, now: datetime) -> Turning:
    held = _held(row)
    if held is None or not held.lives(now) or held.person != actor.person:
        en = "You do not have this camera, so it is not yours to let go."
        raise Refused("state", "lease.none", en, "该摄像机不由您操作，无需释放。")
    row.until, row.preset = now, None
    evidence.append(
        s, row.market, Entry("camera.release", actor, held.role, public={"camera": row.camera}), now
    )
    _tell(s, actor, held.role, device, Release(camera=row.camera, lease=held.id), now)
    return row


def _found(s: Session, actor: Actor, camera: str) -> tuple[Turning, Device, Role]:
    seen = s.get(Camera, camera)
    if seen is None or seen.market != actor.market:
        raise Refused("missing", "camera.none", f"There is no camera {camera}.", f"没有摄像机 {camera}。")
    target = Target(place.node(seen.market, seen.grid))
    policy.authorize(actor, ACTION, target)
    row, device = s.get(Turning, camera), s.get(Device, seen.device) if seen.device else None
    if row is None or device is None:
        en = f"{camera} cannot be turned: its edge names no presets of it."
        raise Refused("missing", "turning.none", en, f"摄像机 {camera} 不能转动，前端未登记预置位。")
    return row, device, _rank(actor, target)


def _rank(actor: Actor, target: Target) -> Role:
    """The highest role by which somebody who may turn a camera does so."""
    alone = (policy.allowed(replace(actor, grants=(grant,)), ACTION, target).role for grant in actor.grants)
    return max((role for role in alone if role is not None), key=lease.RANK.__getitem__)


def _trouble(s: Session, row: Turning, device: Device) -> str | None:
    """Why the last thing that was asked of it was not done, in its edge's words."""
    query = select(Command).where(Command.device == device.id, Command.op.in_(right.STEERS))
    found = s.scalars(query.order_by(Command.counter.desc()).limit(MOST_OPEN))
    last = next((one for one in found if one.args.get("camera") == row.camera), None)
    return (last.reason or last.state) if last and last.state in UNDONE else None


def _held(row: Turning) -> Lease | None:
    if row.lease is None or row.person is None or row.role is None or row.began is None or row.until is None:
        return None
    return Lease(row.lease, row.person, Role(row.role), row.began, row.until)


def _keep(row: Turning, held: Lease) -> None:
    row.lease, row.person, row.role = held.id, held.person, held.role
    row.began, row.until = held.began, held.until


def _args(camera: str, held: Lease, wish: Wish) -> Steer:
    if wish.act == "goto":
        return Goto(camera=camera, lease=held.id, preset=wish.preset or "", until=held.until)
    return Move(camera=camera, lease=held.id, until=held.until, pan=wish.pan, tilt=wish.tilt, zoom=wish.zoom)


def _tell(s: Session, actor: Actor, role: Role, device: Device, args: Steer, now: datetime) -> None:
    made = queue(s, device, args, actor.person, now)
    public = {"device": device.id, "command": made.id, "op": made.op, "camera": args.camera}
    evidence.append(s, device.market, Entry("device.command", actor, role, public=public), now)
