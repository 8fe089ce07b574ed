"""Shifts 班次 of a day and how many guards each needs: data, not code.

A shift belongs to the day on which it begins (night 00-08 is that day's morning); by the wall clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class ShiftKind:
    """A shift 班次; `ends` not after `begins` is the next day's."""

    id: str
    begins: time
    ends: time
    night: bool
    zh: str
    en: str

    @property
    def start(self) -> int:
        """Minutes from the beginning of its day."""
        return self.begins.hour * 60 + self.begins.minute

    @property
    def end(self) -> int:
        """Minutes from the beginning of its day; over 1440 where it lasts into the next."""
        end = self.ends.hour * 60 + self.ends.minute
        return end if end > self.start else end + DAY_MINUTES

    @property
    def hours(self) -> float:
        """How long it lasts."""
        return (self.end - self.start) / 60


SHIFTS = (
    ShiftKind("night", time(0), time(8), True, "夜班", "Night"),
    ShiftKind("day", time(8), time(16), False, "白班", "Day"),
    ShiftKind("evening", time(16), time(0), False, "中班", "Evening"),
)
"""The usual three, in the order in which a day has them."""


@dataclass(frozen=True, slots=True)
class Need:
    """How many a shift needs `least`, and how many are `wanted`; with `day` for that day alone."""

    shift: str
    least: int
    wanted: int
    day: date | None = None


NEEDS = (Need("night", 2, 2), Need("day", 2, 3), Need("evening", 2, 2))
