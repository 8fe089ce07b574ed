"""Days off work: what the calendar knows of a year, else what the market's office answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, scope
from hub.service.evidence import Entry
from hub.service.shape import optional
from hub.store.roster import DaysOff

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.ports import Workdays

View = dict[str, Any]
FEWEST = 52
"""A year's list with fewer days off is taken for an incomplete one."""


@dataclass(frozen=True, slots=True)
class Off:
    """The days off of some years, and the years of which nobody knows them."""

    days: frozenset[date]
    unknown: tuple[int, ...]


def of(s: Session, market: str, days: Iterable[date], workdays: Workdays) -> Off:
    """Which of these days are off; those of an unknown year are not among them."""
    found: set[date] = set()
    unknown = []
    wanted = frozenset(days)
    for year in sorted({day.year for day in wanted}):
        off = _year(s, market, year, workdays)[0]
        if off is None:
            unknown.append(year)
        else:
            found |= off & wanted
    return Off(frozenset(found), tuple(unknown))


def refuse_unknown(years: Iterable[int]) -> None:
    """Ask instead of guessing.

    Raises:
        Refused: there is a year among them; the sentence asks for its days off.
    """
    for year in years:
        words = question(year)
        raise Refused("state", "roster.calendar", words.en, words.zh)


def question(year: int) -> Pair:
    """What is asked where a year is not known."""
    return Pair(
        f"{year} 年的放假安排还不知道，请市场经理按国务院通知填写全年休息日。",
        f"The days off of {year} are not known. A market manager enters them from the official notice.",
    )


def year(s: Session, actor: Actor, number: int, workdays: Workdays) -> View:
    """A year's days off and where they are from, or the question.

    Raises:
        Refused: the actor may see no roster.
    """
    policy.authorize(actor, "duty.see", Target(scope.first(actor, "duty.see")))
    off, source = _year(s, actor.market, number, workdays)
    return {
        "year": number,
        "known": off is not None,
        "source": source,
        "days": sorted(day.isoformat() for day in off or ()),
        "words": optional(None if off is not None else question(number)),
    }


def may_put(actor: Actor) -> bool:
    """Whether the actor may answer: it holds for every workroom of the market."""
    return policy.allowed(actor, "duty.change", Target(actor.market)).allowed


def put(s: Session, actor: Actor, number: int, days: Iterable[date], now: datetime) -> None:
    """Answer with every day off of a year; the market's own list goes before the calendar's.

    Raises:
        Refused: the actor may not everywhere in the market, a day is of another year, or the list is too
            short to be a year's.
    """
    role = policy.authorize(actor, "duty.change", Target(actor.market))
    wanted = sorted(set(days))
    if other := [day for day in wanted if day.year != number]:
        en = f"{other[0]} is not in {number}. Enter the days of that year only."
        raise Refused("input", "roster.year", en, f"{other[0]} 不在 {number} 年，请只填该年的日期。")
    if len(wanted) < FEWEST:
        en = f"These are {len(wanted)} days. Enter every day off of the year, weekends among them."
        raise Refused("input", "roster.days", en, f"只有 {len(wanted)} 天，请填写全年休息日，包括周末。")
    row = s.get(DaysOff, (actor.market, number), with_for_update=True)
    if row is None:
        row = DaysOff(market=actor.market, year=number)
        s.add(row)
    row.days, row.put_by, row.put_at = [day.isoformat() for day in wanted], actor.person, now
    s.flush()
    public = {"year": number, "days": len(wanted)}
    evidence.append(s, actor.market, Entry("roster.days_off", actor, role, public=public), now)


def _year(
    s: Session, market: str, number: int, workdays: Workdays
) -> tuple[frozenset[date] | None, str | None]:
    row = s.get(DaysOff, (market, number))
    if row is not None:
        return frozenset(date.fromisoformat(day) for day in row.days), "market"
    off = workdays.off(number)
    return off, None if off is None else "calendar"
