"""Days of the week and hours of a market's own clock, from the three words that a person writes."""

from __future__ import annotations

import re
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes `begin` up to `end` of some days; past midnight when it ends before it begins."""

    days: frozenset[int]
    begin: int
    end: int

    def begun(self, day: int, minute: int) -> bool:
        """Whether it covers that minute of that day, Monday being 0, and began on it."""
        return day in self.days and self.begin <= minute and (minute < self.end or self.end < self.begin)

    def goes_on(self, day: int, minute: int) -> bool:
        """Whether it covers that minute of the day after `day`, on which it began."""
        return day in self.days and self.end < self.begin and minute < self.end


def read_span(days: str, begin: str, end: str) -> Span:
    """A span from its three words, such as `mon-fri`, `22:00`, `06:00`.

    Raises:
        ValueError: with a sentence that says what to write instead.
    """
    span = Span(_days(days), _minute(begin), _minute(end))
    if span.begin == span.end:
        raise ValueError(f"from {begin} to {end} is no time at all; for the whole day write 00:00 to 24:00")
    if span.begin == DAY:
        raise ValueError("a span cannot begin at 24:00; write 00:00 of the next day")
    return span


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"{part!r} is no day; write days as mon-fri or sat,sun from {', '.join(DAYS)}")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found |= {day % len(DAYS) for day in range(begin, end + 1 if end >= begin else end + len(DAYS) + 1)}
    return frozenset(found)


def _minute(text: str) -> int:
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text)
    minute = int(match[1]) * 60 + int(match[2]) if match else DAY + 1
    if minute > DAY:
        raise ValueError(f"{text!r} is no time of day; write it as 08:30, between 00:00 and 24:00")
    return minute
