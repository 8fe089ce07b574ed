"""Command a device: one operation from a closed list, once, within half a minute or never."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hub.core.refuse import Refused
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.order import right
from hub.store.order import Command
from wire import order
from wire.message import Bad, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.device import Device

OPEN = ("queued", "sent")
MOST_OPEN = 16
"""Commands that wait for one device's answer at once; more is somebody's fault, not somebody's need."""


def command(s: Session, actor: Actor, device: str, given: Mapping[str, object], now: datetime) -> Command:
    """Queue one operation for a device; the door that holds the link sends it.

    Args:
        s: the session.
        actor: who wants it.
        device: who shall do it.
        given: `op` and what else the operation needs, such as `camera`.
        now: the moment.

    Raises:
        Refused: no such device, camera or operation, or this person may not.
    """
    row, _ = right.device_of(s, actor, device, "device.see")
    try:
        args = order.build_args(given)
        order.refuse_end(args, now)
    except Bad as bad:
        raise Refused(
            "input", "command.shape", f"This cannot be commanded: {bad}.", "指令内容有误。"
        ) from bad
    if isinstance(args, order.Clip) and args.begin is not None:
        words = (
            "Recordings are played, and registered, on their own page.",
            "录像请在回放页调取，并登记用途。",
        )
        raise Refused("input", "command.shape", *words)
    op = str(given["op"])
    camera = getattr(args, "camera", None)
    seen = right.camera_of(s, row, camera) if camera else None
    role = right.may(actor, op, seen, row.market)
    _refuse_steering(op)
    _refuse_trying(op)
    right.refuse_mute(row)
    evidence.hold(s, row.market)
    refuse_flood(s, row.id)
    made = queue(s, row, args, actor.person, now)
    public = {"device": row.id, "command": made.id, "op": op, "camera": camera, **_hand(made)}
    evidence.append(s, row.market, Entry("device.command", actor, role, public=public), now)
    return made


def queue(s: Session, device: Device, args: order.Args, person: str | None, now: datetime) -> Command:
    """Queue an operation that `person`, or None for the hub itself, may order.

    Rights, bounds and the ledger's line are the caller's.
    """
    evidence.hold(s, device.market)
    made = Command(
        id=new_id(),
        market=device.market,
        device=device.id,
        counter=_counter(s, device.id, now),
        op=str(args.__struct_config__.tag),
        args=order.plain(args),
        state="queued",
        made_by=person,
        made_at=now,
        expires_at=now + order.LIFE,
        next_at=now,
        tries=0,
    )
    s.add(made)
    return made


def _refuse_steering(op: str) -> None:
    if op in right.STEERS:
        en = "A camera is turned on its live page, by whoever has it."
        raise Refused("input", "command.shape", en, "请在实时画面上转动摄像机。")


def _refuse_trying(op: str) -> None:
    if op in right.TRIES:
        en = "Rules are tried, and registered, on the page of zones."
        raise Refused("input", "command.shape", en, "请在防区页试规则，并登记。")


def _hand(made: Command) -> dict[str, object]:
    """What of an order by hand belongs to the ledger: who reads it asks where and until when."""
    return {name: made.args[name] for name in ("zone", "until") if name in made.args}


def _counter(s: Session, device: str, now: datetime) -> int:
    """Above the last; in milliseconds, so that a hub brought back from a backup counts above what it gave."""
    last = s.scalar(select(func.max(Command.counter)).where(Command.device == device)) or 0
    return max(last + 1, int(now.astimezone(UTC).timestamp() * 1000))


def refuse_flood(s: Session, device: str) -> None:
    """Refuse where the device has too much to answer already."""
    query = select(func.count()).where(Command.device == device, Command.state.in_(OPEN))
    if (s.scalar(query) or 0) >= MOST_OPEN:
        en = f"{device} has {MOST_OPEN} commands unanswered: wait half a minute."
        raise Refused("state", "command.flood", en, f"设备 {device} 有过多未回复指令，请稍候半分钟。")
