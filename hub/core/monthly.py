"""Months, days and shifts as moments: the market's own days in, UTC out."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hub.core.refuse import Refused

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from hub.core.shift import ShiftKind

DAY = timedelta(days=1)


def span(month: str) -> tuple[date, date]:
    """First and last day of `YYYY-MM`.

    Raises:
        Refused: there is no such month.
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Refused(
            "input", "roster.month", "Name a month as 2026-11.", "请填写月份，如 2026-11。"
        ) from None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def days(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last."""
    return tuple(first + number * DAY for number in range((last - first).days + 1))


def moments(zone: ZoneInfo, day: date, shift: ShiftKind) -> tuple[datetime, datetime]:
    """When a shift begins and ends by the wall clock of `zone`, also in a night in which it is changed."""
    until = day if shift.ends > shift.begins else day + DAY
    begins, ends = datetime.combine(day, shift.begins, zone), datetime.combine(until, shift.ends, zone)
    return begins.astimezone(UTC), ends.astimezone(UTC)
