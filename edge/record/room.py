"""How long the recordings' room lasts, who is recorded smaller when it is short, and who no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Mode = Literal["main", "sub", "none"]

FLOOR_DAYS = 30.0
"""Recordings are never deleted younger than this, whatever the quota says."""
ALARM_DAYS = 35.0
"""Below this forecast somebody is told and lower tiers are recorded smaller."""
EASE_DAYS = 40.0
"""From this forecast on they are recorded large again: what is between changes nothing."""
SMALLER = (3, 2)
"""Tiers that are recorded smaller, in this order; the first tier never is."""
LEFT: Mapping[int, float] = {3: 0.03, 2: 0.02, 1: 0.01}
"""Share of the room that is left when a tier's recording stops: the first tier goes on longest."""
BACK = 0.01
"""Share of the room by which more must be left before a stopped tier is recorded again."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one camera needs."""

    camera: str
    tier: int
    main: float
    """Bytes a day of its main stream."""
    sub: float
    """Bytes a day of its sub-stream; the same where it has only one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is recorded."""

    modes: Mapping[str, Mode]
    days: float | None
    """For how many days the room lasts, recorded so; None while nothing is known."""
    is_short: bool
    """Somebody has to be told: even recorded as planned it lasts less than the alarm's days."""


def plan(needs: Sequence[Need], room: float, used: float, now: Mapping[str, Mode]) -> Plan:
    """What to record with `room` bytes in all, of which `used` are taken by what may not be deleted.

    Args:
        needs: of every camera that is to be recorded.
        room: bytes that recordings may take.
        used: bytes of recordings now.
        now: what is recorded at present.
    """
    modes: dict[str, Mode] = {need.camera: "main" for need in needs}
    enough = ALARM_DAYS if all(mode == "main" for mode in now.values()) else EASE_DAYS
    large = _days(needs, modes, room)
    for need in _in_turn(needs):
        days = _days(needs, modes, room)
        if days is None or days >= enough:
            break
        modes[need.camera] = "sub"
    left = 1.0 - used / room if room > 0 else 0.0
    for need in needs:
        if left < LEFT[need.tier] + (BACK if now.get(need.camera) == "none" else 0.0):
            modes[need.camera] = "none"
    is_short = large is not None and large < ALARM_DAYS
    return Plan(modes, _days(needs, modes, room), is_short or "none" in modes.values())


def _in_turn(needs: Sequence[Need]) -> list[Need]:
    """Who can be recorded smaller: the lowest tier first, in it whoever saves most."""
    able = [need for need in needs if need.tier in SMALLER and need.sub < need.main]
    return sorted(able, key=lambda need: (SMALLER.index(need.tier), need.sub - need.main))


def _days(needs: Sequence[Need], modes: Mapping[str, Mode], room: float) -> float | None:
    rate = sum({"main": need.main, "sub": need.sub, "none": 0.0}[modes[need.camera]] for need in needs)
    return room / rate if rate > 0 else None
