"""Desire a device to be configured: a new version of fields from a closed list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import evidence, zone
from hub.service.evidence import Entry
from hub.service.order import right
from hub.store.order import Desired, Twin
from wire import order
from wire.message import Bad, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

OPEN = ("queued", "sent")


def newest(s: Session, device: str) -> Desired | None:
    """The version that holds."""
    query = select(Desired).where(Desired.device == device).order_by(Desired.version.desc()).limit(1)
    return s.scalar(query)


def desire(s: Session, actor: Actor, device: str, fields: bytes, match: int, now: datetime) -> Desired:
    """Make a new version for a device; the door that holds the link sends it.

    Args:
        s: the session.
        actor: who wants it.
        device: who shall have it.
        fields: JSON, such as `{"cameras": {"c-2-01": {"fps": 4}}}`.
        match: the version that the actor has seen, 0 for none.
        now: the moment.

    Raises:
        Refused: no such device or camera, fields that no device takes, somebody was faster, or no right.
    """
    row, role = right.device_of(s, actor, device, "device.configure")
    read = _read(fields)
    for camera in read.cameras:
        right.camera_of(s, row, camera)
    right.refuse_mute(row)
    evidence.hold(s, row.market)
    twin, before = s.get(Twin, row.id), newest(s, row.id)
    if match != (before.version if before else 0):
        en = "Somebody has changed this configuration meanwhile: load it again, then change it."
        raise Refused("conflict", "config.match", en, "配置已被他人更改，请重新载入后再改。")
    made = Desired(
        id=new_id(),
        market=row.market,
        device=row.id,
        version=max(match, twin.version if twin else 0) + 1,
        digest=order.digest(read),
        fields=order.plain(read),
        state="queued",
        made_by=actor.person,
        made_at=now,
        next_at=now,
    )
    _refuse_size(made)
    _replace(s, row.id, now)
    s.add(made)
    public = {"device": row.id, "version": made.version, "digest": made.digest}
    evidence.append(s, row.market, Entry("device.configure", actor, role, public=public), now)
    zone.lapse(s, actor, role, _masked_anew(before, made), now)
    return made


def told(row: Desired) -> order.Config:
    """What is sent, not signed yet."""
    return order.Config(
        id=row.id,
        target=row.device,
        version=row.version,
        digest=row.digest,
        issued=row.made_at,
        fields=order.build_fields(row.fields),
    )


def _read(fields: bytes) -> order.Fields:
    try:
        return order.decode_fields(fields)
    except Bad as bad:
        en = f"No device takes this: {bad}."
        raise Refused("input", "config.shape", en, f"配置内容有误：{bad}。") from bad


def _masked_anew(before: Desired | None, made: Desired) -> set[str]:
    """The cameras whose masks differ; one that a version says nothing of has those of its edge's own file."""
    old, new = (_masks(row) for row in (before, made))
    return {camera for camera in {*old, *new} if old.get(camera) != new.get(camera)}


def _masks(row: Desired | None) -> dict[str, object]:
    """The masks of each camera, in lists, as the database gives them back."""
    fields = json.loads(json.dumps(row.fields)) if row else {}
    return {camera: each.get("masks") for camera, each in (fields.get("cameras") or {}).items()}


def _refuse_size(row: Desired) -> None:
    try:
        order.encode(told(row))
    except Bad as bad:
        raise Refused("input", "config.size", f"Make it smaller: {bad}.", "配置过大，请精简。") from bad


def _replace(s: Session, device: str, now: datetime) -> None:
    query = select(Desired).where(Desired.device == device, Desired.state.in_(OPEN))
    older: Iterable[Desired] = s.scalars(query)
    for row in older:
        row.state, row.ended_at = "replaced", now
