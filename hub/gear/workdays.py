"""Port Workdays, filled by the library chinesecalendar, which knows the years announced when it came out."""

from __future__ import annotations

from datetime import date, timedelta


class ChinaWorkdays:
    """China's days off work: weekends and public holidays, without the days worked in exchange."""

    def off(self, year: int) -> frozenset[date] | None:
        """Every day of the year that is off work; None where the year is not known."""
        # Its tables take a moment to load, and only who draws up a roster needs them.
        import chinese_calendar  # noqa: PLC0415

        first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
        try:
            return frozenset(
                day
                for day in (first + timedelta(days=number) for number in range(days))
                if chinese_calendar.is_holiday(day)
            )
        except NotImplementedError:
            return None
