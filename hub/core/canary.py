"""When a camera's daily canary is due, and how it went: a drill alarm that the hub orders by itself.

The hours are the market's own, when nobody trades; each camera has its moment in them, the same every night.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FROM, UNTIL = time(2), time(5)
"""Hours of little business."""
SPREAD = timedelta(hours=2, minutes=30)
"""The moments of all cameras lie in these first hours; the rest is for those that were not live at theirs."""
MOST_A_MINUTE = 2
"""Of one device; its cameras are looked at by the same detector that guards the market."""
WITHIN = timedelta(seconds=60)
"""So soon the reply and the alarm are there: half a minute to obey, and as much for the way."""
AGAIN = timedelta(hours=1)
"""One that failed is tried again, so that its alert ends soon after the fault."""

State = Literal["ordered", "good", "failed"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of a canary."""

    state: State
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back of it."""

    command: str
    """State of its order."""
    reason: str | None
    """The device's words where it refused."""
    came: bool
    """Whether the alarm itself was received in time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went."""

    state: State
    reason: str | None = None


def due(camera: str, last: Sent | None, now: datetime, zone: ZoneInfo) -> Literal["first", "again"] | None:
    """Whether one is to be ordered at `now`: the night's first, or another after one that failed."""
    day = now.astimezone(zone).date()
    begin, end = (datetime.combine(day, at, zone) for at in (FROM, UNTIL))
    if last is not None and last.state == "ordered":
        return None
    turn = begin + moment(camera)
    if begin <= now < end and (last is None or last.ordered_at < begin):
        return "first" if turn <= now else None
    again = last is not None and last.state == "failed" and now - last.ordered_at >= AGAIN
    return "again" if again else None


def moment(camera: str) -> timedelta:
    """When in the night it is this camera's turn."""
    return SPREAD * (zlib.crc32(camera.encode()) / 2**32)


def judge(seen: Seen, ordered_at: datetime, now: datetime) -> Verdict | None:
    """How a canary went; None while it may still come."""
    if seen.command == "done" and seen.came:
        return Verdict("good")
    if seen.command == "refused":
        return Verdict("failed", seen.reason or "refused")
    if now - ordered_at <= WITHIN:
        return None
    return Verdict("failed", "no alarm came" if seen.command == "done" else "no answer")
