"""What is armed and disarmed by hand: what devices have carried out of it and is not over yet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.service.shape import iso
from hub.store.order import Command
from wire.order import LONGEST_HAND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

OPS = ("arm", "disarm", "timetable")


def by_hand(s: Session, devices: Sequence[str], now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Device → what holds there by hand at `now`: camera, zone or None for all, armed, until."""
    query = (
        select(Command)
        .where(
            Command.device.in_(devices),
            Command.op.in_(OPS),
            Command.state == "done",
            Command.made_at > now - LONGEST_HAND,
        )
        .order_by(Command.counter)
    )
    held: dict[str, dict[tuple[str, str | None], Command]] = {device: {} for device in devices}
    for row in s.scalars(query):
        _lay(held[row.device], row)
    return {
        device: [_shown(row) for row in places.values() if _until(row) > now]
        for device, places in held.items()
    }


def _lay(places: dict[tuple[str, str | None], Command], row: Command) -> None:
    """Do as the device has done: what is said of a whole camera replaces what was said of its zones."""
    camera, zone = row.args["camera"], row.args.get("zone")
    for place in [place for place in places if place[0] == camera and zone in (None, place[1])]:
        del places[place]
    if row.op != "timetable":
        places[camera, zone] = row


def _until(row: Command) -> datetime:
    return datetime.fromisoformat(row.args["until"])


def _shown(row: Command) -> dict[str, Any]:
    return {
        "camera": row.args["camera"],
        "zone": row.args.get("zone"),
        "armed": row.op == "arm",
        "until": iso(_until(row)),
    }
