"""When a rule is armed: days of the week and hours of the market's own clock, holidays told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from wire.hours import read_span

if TYPE_CHECKING:
    from datetime import tzinfo

    from wire.calendar import Calendar, Hours
    from wire.hours import Span
    from wire.rule import RuleConfig

WHOLE = (read_span("mon-sun", "00:00", "24:00"),)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Armed in any of its spans; with none at all, always."""

    spans: tuple[Span, ...]
    zone: tzinfo
    holidays: frozenset[date] = frozenset()
    on_holidays: tuple[Span, ...] | None = None
    """What holds instead on holidays, and in the night that follows each; None: the same."""
    otherwise: bool = False
    """Armed outside its spans instead."""

    def armed(self, now: float) -> bool:
        """Whether the rule is armed at UNIX second `now`."""
        local = datetime.fromtimestamp(now, self.zone)
        minute = local.hour * 60 + local.minute
        today, eve = local.date(), local.date() - DAY
        begun = any(span.begun(today.weekday(), minute) for span in self._spans(today))
        within = begun or any(span.goes_on(eve.weekday(), minute) for span in self._spans(eve))
        return within != self.otherwise

    def _spans(self, day: date) -> tuple[Span, ...]:
        if self.on_holidays is not None and day in self.holidays:
            return self.on_holidays
        return self.spans or WHOLE


def timetable(rule: RuleConfig, calendar: Calendar, zone: tzinfo) -> Timetable:
    """When `rule` is armed in a market of that calendar and clock, hands apart."""
    days = calendar.days()
    if rule.armed == "by-hand":
        return Timetable((), zone, otherwise=True)
    if isinstance(rule.armed, str):
        open_, on_holidays = _spans(calendar.open), _maybe(calendar.holiday_open)
        return Timetable(open_, zone, days, on_holidays, otherwise=rule.armed == "closed")
    return Timetable(_spans(rule.armed), zone, days, _maybe(rule.holidays))


def opening(calendar: Calendar, zone: tzinfo) -> Timetable | None:
    """When a market of that calendar and clock is open; None where its hours are not told."""
    if not calendar.open:
        return None
    return Timetable(_spans(calendar.open), zone, calendar.days(), _maybe(calendar.holiday_open))


def _spans(hours: tuple[Hours, ...]) -> tuple[Span, ...]:
    return tuple(each.span() for each in hours)


def _maybe(hours: tuple[Hours, ...] | None) -> tuple[Span, ...] | None:
    return None if hours is None else _spans(hours)
