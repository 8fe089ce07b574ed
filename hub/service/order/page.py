"""Devices as a page shows them: health, what they shall be and are, and what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from hub.core import policy
from hub.core.glossary import ROLE
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service.order import right
from hub.service.order.hand import by_hand
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.evidence import Media
from hub.store.order import Command, Desired, Twin
from hub.store.people import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

ACTIONS = ("device.look", "device.command", "device.arm", "device.configure")


def devices(s: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Every device of the actor's market at `now`; raises Refused where they may see none."""
    policy.authorize(actor, "device.see", Target(actor.market))
    rows = s.scalars(select(Device).where(Device.market == actor.market).order_by(Device.id)).all()
    return _shown(s, actor, rows, now)


def device(s: Session, actor: Actor, name_: str, now: datetime) -> dict[str, Any]:
    """One device at `now`; raises Refused."""
    row, _ = right.device_of(s, actor, name_, "device.see")
    return _shown(s, actor, [row], now)[0]


def configs(s: Session, actor: Actor, device: str, before: int | None, limit: int) -> list[dict[str, Any]]:
    """Versions of what a device shall be, newest first, `before` a version."""
    right.device_of(s, actor, device, "device.see")
    query = select(Desired).where(Desired.device == device).order_by(Desired.version.desc()).limit(limit)
    if before is not None:
        query = query.where(Desired.version < before)
    rows = s.scalars(query).all()
    people = _people(s, rows)
    return [_config(row, people) for row in rows]


def commands(s: Session, actor: Actor, device: str, before: str | None, limit: int) -> list[dict[str, Any]]:
    """What a device was told to do, newest first, `before` an id; ids rise with time."""
    right.device_of(s, actor, device, "device.see")
    query = select(Command).where(Command.device == device)
    if before is not None:
        query = query.where(Command.id < before)
    rows = s.scalars(query.order_by(Command.id.desc()).limit(limit)).all()
    return _commands(s, rows)


def one(s: Session, actor: Actor, device: str, command: str) -> dict[str, Any]:
    """One command; raises Refused where the device has none of this id."""
    right.device_of(s, actor, device, "device.see")
    row = s.get(Command, command)
    if row is None or row.device != device:
        raise Refused("missing", "command.none", "There is no such command.", "没有这条指令。")
    return _commands(s, [row])[0]


def _shown(s: Session, actor: Actor, rows: Sequence[Device], now: datetime) -> list[dict[str, Any]]:
    names = [row.id for row in rows]
    twins = {twin.device: twin for twin in s.scalars(select(Twin).where(Twin.device.in_(names)))}
    cameras: dict[str, list[dict[str, Any]]] = {each: [] for each in names}
    for camera in s.scalars(select(Camera).where(Camera.device.in_(names)).order_by(Camera.id)):
        cameras[camera.device or ""].append(_camera(camera))
    wanted = _newest(s, names)
    people = _people(s, wanted.values())
    hands = by_hand(s, names, now)
    may = [what for what in ACTIONS if policy.allowed(actor, what, Target(actor.market)).allowed]
    return [
        {
            "id": row.id,
            "status": row.status,
            "online": row.online,
            "seen_at": maybe_iso(row.seen_at),
            "queued": row.queued,
            "dropped": row.dropped,
            "clock_offset_ms": row.clock_offset_ms,
            "clock_source": twins[row.id].clock_source if row.id in twins else None,
            "cameras": cameras[row.id],
            "desired": _config(wanted[row.id], people) if row.id in wanted else None,
            "reported": _reported(twins.get(row.id)),
            "by_hand": hands[row.id],
            "may": may,
        }
        for row in rows
    ]


def _newest(s: Session, devices: Sequence[str]) -> dict[str, Desired]:
    other = aliased(Desired)
    last = select(func.max(other.version)).where(other.device == Desired.device).scalar_subquery()
    query = select(Desired).where(Desired.device.in_(devices), Desired.version == last)
    return {row.device: row for row in s.scalars(query)}


def _camera(row: Camera) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": name(row),
        "place": {"zh": row.place_zh, "en": row.place_en},
        "state": row.state,
        "since": maybe_iso(row.since),
        "reason": row.reason,
    }


def _reported(twin: Twin | None) -> dict[str, Any] | None:
    if twin is None or twin.told_at is None:
        return None
    return {
        "version": twin.version,
        "digest": twin.digest,
        "firmware": twin.firmware,
        "error": twin.error,
        "epoch": twin.epoch,
        "at": iso(twin.told_at),
    }


def _config(row: Desired, people: dict[str, Person]) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "digest": row.digest,
        "fields": row.fields,
        "state": row.state,
        "reason": row.reason,
        "by": name(people[row.made_by]),
        "at": iso(row.made_at),
        "sent_at": maybe_iso(row.sent_at),
        "ended_at": maybe_iso(row.ended_at),
    }


def _commands(s: Session, rows: Sequence[Command]) -> list[dict[str, Any]]:
    people = _people(s, rows)
    media: dict[str, list[str]] = {row.id: [] for row in rows}
    for found in s.scalars(select(Media).where(Media.event.in_(list(media))).order_by(Media.id)):
        media[found.event or ""].append(found.id)
    return [
        {
            "id": row.id,
            "device": row.device,
            "op": row.op,
            "args": row.args,
            "state": row.state,
            "reason": row.reason,
            "by": name(people[row.made_by]) if row.made_by else pair(ROLE["system"]),
            "at": iso(row.made_at),
            "expires_at": iso(row.expires_at),
            "tries": row.tries,
            "sent_at": maybe_iso(row.sent_at),
            "ended_at": maybe_iso(row.ended_at),
            "media": media[row.id],
        }
        for row in rows
    ]


def _people(s: Session, rows: Iterable[Command | Desired]) -> dict[str, Person]:
    wanted = {row.made_by for row in rows}
    return {person.id: person for person in s.scalars(select(Person).where(Person.id.in_(wanted)))}
