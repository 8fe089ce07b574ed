"""When a market is open, and which days are holidays, as a person writes it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wire.hours import Span, read_span
from wire.value import Value

MOST_DAYS = 62
"""Days of one holiday; more is a slip of the pen, or a market that has closed."""


class Hours(Value, frozen=True):
    """Days and hours by the market's own clock; past midnight when `to` is before `from`."""

    begin: Annotated[str, Meta(description="such as 22:00")] = msgspec.field(name="from")
    end: Annotated[str, Meta(description="such as 06:00, or 24:00")] = msgspec.field(name="to")
    days: Annotated[str, Meta(description="such as mon-fri or sat,sun")] = "mon-sun"

    def __post_init__(self) -> None:
        self.span()

    def span(self) -> Span:
        """The same as a rule reads it; raises ValueError with a sentence."""
        return read_span(self.days, self.begin, self.end)


Spans = Annotated[tuple[Hours, ...], Meta(max_length=32)]
Armed = (
    Annotated[tuple[Hours, ...], Meta(max_length=32, description="when; left out: always")]
    | Annotated[
        Literal["open", "closed", "by-hand"],
        Meta(description="while the market is open, while it is closed, or only when armed by hand"),
    ]
)
Holiday = Annotated[
    str, Meta(max_length=21, description="2026-10-01, or first and last day as 2026-10-01/2026-10-07")
]


class Calendar(Value, frozen=True):
    """A market's opening hours and holidays.

    Holidays are written down, since they are announced anew each year; a library knows only those of the
    day it was installed on.
    """

    open: Annotated[Spans, Meta(description="opening hours; left out: never closed")] = ()
    holidays: Annotated[tuple[Holiday, ...], Meta(max_length=200)] = ()
    holiday_open: Annotated[
        Spans | None,
        Meta(description="opening hours on holidays; left out: as on other days; empty: closed all day"),
    ] = None

    def __post_init__(self) -> None:
        self.days()

    def days(self) -> frozenset[date]:
        """Every day of every holiday; raises ValueError with a sentence."""
        return frozenset(day for text in self.holidays for day in _days(text))


def _days(text: str) -> list[date]:
    first, _, last = text.partition("/")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise ValueError(
            f"{text!r} is no holiday; write it as 2026-10-01, or as 2026-10-01/2026-10-07"
        ) from None
    if not 0 <= (end - begin).days < MOST_DAYS:
        raise ValueError(f"the holiday {text!r} must end after it begins, within {MOST_DAYS} days")
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
