"""The day of a shop that has its group's turn: its hours, its things, how it stands, and what is fair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

WEEK = 7
"""Days that a phone shows from today on."""
HISTORY = timedelta(days=182)
"""So far back turns count when the next are given."""
MOST_DAYS = 62
"""One rotation covers so many days, at most."""
MOST_AHEAD = timedelta(days=92)
"""So far ahead of its first day one is drawn up, or leave is asked for, at most."""
STRAGGLERS = timedelta(days=7)
"""So long after it was said, what a phone had in its queue still counts."""
CONFIRM_WITHIN, ENTER_WITHIN = timedelta(minutes=30), timedelta(hours=2)
"""Whoever is given a day late has so long until it is asked after, and until it is entered as missed."""

STATE: dict[str, Pair] = {
    "gap": Pair("无人轮值", "Nobody"),
    "told": Pair("已通知", "Told"),
    "waiting": Pair("待确认", "To be confirmed"),
    "confirmed": Pair("已确认", "Confirmed"),
    "swapping": Pair("换班中", "Swap asked for"),
    "missed": Pair("未确认", "Not confirmed"),
    "done": Pair("已完成", "Done"),
}
"""How a turn stands."""
SWAP: dict[str, Pair] = {
    "asked": Pair("等对方同意", "Waits for the other"),
    "agreed": Pair("已换", "Agreed"),
    "refused": Pair("对方不同意", "Refused"),
    "withdrawn": Pair("已撤回", "Withdrawn"),
    "lapsed": Pair("已过期", "Lapsed"),
}
"""How a swap stands."""
LEAVE: dict[str, Pair] = {
    "asked": Pair("待批", "Asked for"),
    "granted": Pair("已批准", "Granted"),
    "refused": Pair("未批准", "Refused"),
    "withdrawn": Pair("已撤回", "Withdrawn"),
}
"""How a leave stands."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a turn begins and ends, and until when its things are to be done; the market's own time."""

    begins: time = time(8)
    confirm_by: time = time(8, 30)
    enter_by: time = time(10)
    opening_by: time = time(9)
    noon_by: time = time(13)
    ends: time = time(18)
    apart: int = 5

    def are_in_order(self) -> bool:
        """Whether a day can be lived by them."""
        return (
            self.begins <= self.confirm_by < self.enter_by < self.ends
            and self.begins < self.opening_by < self.noon_by < self.ends
            and 1 <= self.apart <= WEEK
        )


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the day's things: who does it, until which of the hours, and what it is."""

    id: str
    by: str
    """Field of `Hours`."""
    buddy: bool
    """Whether the neighbour does it."""
    words: Pair


THINGS = (
    Thing(
        "opening",
        "opening_by",
        False,
        Pair("开市看一圈：通道、灭火器", "Opening round: aisles, fire"),
    ),
    Thing("noon", "noon_by", False, Pair("中午问一声邻铺", "At noon, ask the neighbours")),
    Thing("closing", "ends", False, Pair("与 {} 互查断电、关门", "With {}: power off, doors shut")),
    Thing("buddy", "ends", True, Pair("替 {} 查断电、关门", "Check for {}: power off, doors shut")),
)
"""The three things of whoever has the turn, and the one of the neighbour."""
ITEMS = {thing.id: thing for thing in THINGS}


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which the market's clock shows `at` on `day`."""
    return datetime.combine(day, at, zone)


def by(day: date, at: time, zone: ZoneInfo, changed: datetime, within: timedelta) -> datetime:
    """Until when a day's shop has time: to `at`, or `within` after the day was `changed` if that is later."""
    return max(moment(day, at, zone), changed + within)


def state(day: date, today: date, *, shop: bool, confirmed: bool, missed: bool, swapping: bool) -> str:
    """Key of STATE; `shop`: somebody has the day."""
    if not shop:
        return "gap"
    if swapping and day >= today:
        return "swapping"
    if confirmed:
        return "confirmed" if day >= today else "done"
    if missed or day < today:
        return "missed"
    return "waiting" if day == today else "told"


def month(day: date) -> tuple[date, date]:
    """First and last day of its month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def days(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def fairness(counts: Iterable[int]) -> Pair:
    """How often each shop of a group has the month's turns, in a few words."""
    of = sorted(counts)
    if not of or of[-1] == 0:
        return Pair("本月还没有排班", "No turns given this month yet")
    if of[0] == of[-1]:
        return Pair(f"本月每户 {of[0]} 次", f"{of[0]} each this month")
    return Pair(
        f"本月每户 {of[0]}–{of[-1]} 次，最多差 {of[-1] - of[0]}",
        f"{of[0]}–{of[-1]} each this month, {of[-1] - of[0]} apart at most",
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a shop of a group stands when a day is to be given to somebody."""

    shop: str
    turns: int
    """That it has had and will have, over the same time for all of the group."""
    days: frozenset[date]
    """Days on which it has a turn around the one to be given."""
    away: bool = False


def stand_in(day: date, shops: Iterable[Standing], apart: int) -> str | None:
    """Who takes a day: of those who are there, who has fewest turns; not near to another if that can be."""

    def price(one: Standing) -> tuple[bool, int, int, str]:
        near = min((abs((day - other).days) for other in one.days), default=MOST_DAYS)
        return near < apart, one.turns, -near, one.shop

    there = [one for one in shops if not one.away and day not in one.days]
    return min(there, key=price).shop if there else None


def in_line(doors: dict[str, tuple[float, float]]) -> list[str]:
    """Shops in the order of the neighbourhood: from the outermost, each time to the nearest that is left."""
    left = sorted(doors)
    if not left:
        return []
    middle = tuple(sum(door[axis] for door in doors.values()) / len(left) for axis in (0, 1))
    now = max(left, key=lambda one: (_apart(doors[one], middle), one))
    found = [now]
    while len(found) < len(left):
        here = doors[found[-1]]
        found.append(
            min((one for one in left if one not in found), key=lambda one: (_apart(doors[one], here), one))
        )
    return found


def neighbour(shop: str, line: Sequence[str], away: frozenset[str]) -> str | None:
    """Who checks for a shop at closing: who stands nearest in the line and is there."""
    there = [one for one in line if one != shop and one not in away]
    at = line.index(shop) if shop in line else 0
    return min(there, key=lambda one: (abs(line.index(one) - at), line.index(one)), default=None)


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
