"""Running numbers: unique in a market and day or year, and without a gap unless an act is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from hub.store.evidence import Counter
from hub.store.market import Market

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session


def day_of(s: Session, market: str, now: datetime) -> date:
    """The market's own date at `now`."""
    return now.astimezone(zone_of(s, market)).date()


def zone_of(s: Session, market: str) -> ZoneInfo:
    """The market's time zone, read once a session."""
    if ("zone", market) not in s.info:
        s.info["zone", market] = s.get_one(Market, market).zone
    return ZoneInfo(s.info["zone", market])


def following(s: Session, market: str, name: str, now: datetime) -> str:
    """`YYYYMMDD-NNNN`; whoever has it holds the counter's row until the transaction ends."""
    return several(s, market, name, 1, now)[0]


def several(s: Session, market: str, name: str, count: int, now: datetime) -> list[str]:
    """The next `count` numbers, in their order."""
    day = day_of(s, market, now)
    last = _last(s, market, name, day, count)
    return [f"{day:%Y%m%d}-{value:04d}" for value in range(last - count + 1, last + 1)]


def of_year(s: Session, market: str, name: str, now: datetime) -> str:
    """`YYYY-NNNN`: the next number of the market's year."""
    first = day_of(s, market, now).replace(month=1, day=1)
    return f"{first:%Y}-{_last(s, market, name, first, 1):04d}"


def _last(s: Session, market: str, name: str, day: date, count: int) -> int:
    """The last of the next `count` numbers of a day's, or a year's, row."""
    last = _raise(s, market, name, day, count)
    if last is None:
        try:
            with s.begin_nested():
                s.add(Counter(market=market, name=name, day=day, value=0))
        except IntegrityError:  # another writer made the row first
            pass
        last = _raise(s, market, name, day, count) or count
    return last


def _raise(s: Session, market: str, name: str, day: date, by: int) -> int | None:
    row = (Counter.market == market, Counter.name == name, Counter.day == day)
    return s.scalar(
        update(Counter).where(*row).values(value=Counter.value + by).returning(Counter.value),
        execution_options={"synchronize_session": False},
    )
