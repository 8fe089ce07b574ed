"""Whether a duty was kept: signed in early enough, late, or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from datetime import datetime

EARLY = timedelta(minutes=30)
"""So long before a duty begins it may be signed in for."""
GRACE = timedelta(minutes=10)
"""Who signs in after that is late, and the leader is told of whoever has not."""
STATE: dict[str, Pair] = {
    "to_come": Pair("未到时间", "To come"),
    "due": Pair("待签到", "To sign in"),
    "in": Pair("在岗", "Signed in"),
    "out": Pair("已签退", "Signed out"),
    "late": Pair("迟到", "Late"),
    "absent": Pair("未签到", "Not signed in"),
    "missed": Pair("缺勤", "Missed"),
}


def state(
    span: tuple[datetime, datetime], in_at: datetime | None, out_at: datetime | None, now: datetime
) -> str:
    """How a duty from `span[0]` to `span[1]` stands at `now`: a key of STATE."""
    begins, ends = span
    if in_at is not None:
        if out_at is not None:
            return "out"
        return "late" if in_at > begins + GRACE else "in"
    if now < begins - EARLY:
        return "to_come"
    if now < begins + GRACE:
        return "due"
    return "absent" if now < ends else "missed"


def late_min(begins: datetime, in_at: datetime | None) -> int:
    """Whole minutes after the beginning at which somebody signed in; 0 for who was in time."""
    return max(0, int((in_at - begins).total_seconds() // 60)) if in_at else 0
