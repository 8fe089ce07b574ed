"""One person's days in a roster, and which of the hard rules they break: a rule is a row of `BREAKS`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.roster import RosterBroken
from hub.core.shift import DAY_MINUTES, ShiftKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hub.core.roster import Cell, GuardAsked, GuardsAsked, RosterRule

    Found = Iterator[tuple[date, float]]

WEEK = 7
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """What a guard has on each day, the days before the roster with it; several shifts a day are wrong."""

    guard: GuardAsked
    had: Mapping[date, tuple[ShiftKind, ...]]
    first: date
    """First day of the roster: what was before is not said to be broken."""
    last: date
    other: Mapping[date, tuple[ShiftKind, ...]] = field(default_factory=dict)
    """What other rosters have of the guard: rest is kept from it, and nothing here is covered by it."""

    def all(self, day: date) -> tuple[ShiftKind, ...]:
        """Every shift of that day, in whichever roster."""
        return (*self.had.get(day, ()), *self.other.get(day, ()))

    def own(self, day: date) -> bool:
        """Whether this roster itself has a shift on that day."""
        return self.first <= day <= self.last and bool(self.had.get(day))

    def works(self, day: date) -> bool:
        """Whether there is any shift on that day."""
        return bool(self.all(day))

    def night(self, day: date) -> bool:
        """Whether there is a night on that day."""
        return any(shift.night for shift in self.all(day))

    def span(self) -> Iterator[date]:
        """The days of the roster."""
        return _from_to(self.first, self.last)

    def reach(self) -> Iterator[date]:
        """The same and the days after it on which other rosters have the guard."""
        return _from_to(self.first, max([self.last, *self.other]))

    def spells(self) -> list[tuple[int, int, date]]:
        """From and to of every shift here, in minutes from a midnight long past, in order, with its day."""
        return _spells(self.had)

    def every_spell(self) -> list[tuple[int, int, date]]:
        """The same with those of other rosters."""
        return sorted([*_spells(self.had), *_spells(self.other)])

    def with_cell(self, day: date, shift: ShiftKind | None) -> Row:
        """The same with this day's shift instead of what there was; None: free."""
        return replace(self, had={**self.had, day: () if shift is None else (shift,)})


def _from_to(first: date, last: date) -> Iterator[date]:
    return (first + number * ONE for number in range((last - first).days + 1))


def _spells(had: Mapping[date, tuple[ShiftKind, ...]]) -> list[tuple[int, int, date]]:
    return sorted(
        (day.toordinal() * DAY_MINUTES + shift.start, day.toordinal() * DAY_MINUTES + shift.end, day)
        for day, shifts in had.items()
        for shift in shifts
    )


def rows(asked: GuardsAsked, cells: Iterable[Cell]) -> dict[str, Row]:
    """Person → row, for all who are asked; cells of others and of unknown shifts are passed over."""
    kinds = {shift.id: shift for shift in asked.shifts}
    before = [cell for guard in asked.guards for cell in guard.before if cell.day < asked.days[0]]
    other = [cell for guard in asked.guards for cell in guard.elsewhere if cell.day >= asked.days[0]]
    had, others = (_by_day(asked, kinds, each) for each in ([*before, *cells], other))
    return {
        guard.person: Row(guard, had[guard.person], asked.days[0], asked.days[-1], others[guard.person])
        for guard in asked.guards
    }


def _by_day(
    asked: GuardsAsked, kinds: Mapping[str, ShiftKind], cells: Iterable[Cell]
) -> dict[str, dict[date, tuple[ShiftKind, ...]]]:
    had: dict[str, dict[date, tuple[ShiftKind, ...]]] = {guard.person: {} for guard in asked.guards}
    for cell in cells:
        if cell.person in had and cell.shift in kinds:
            days = had[cell.person]
            days[cell.day] = (*days.get(cell.day, ()), kinds[cell.shift])
    return had


def away(guard: GuardAsked, day: date) -> str | None:
    """The rule by which a guard cannot be on duty on a day: leave, lent or lapsed."""
    if day in guard.leave:
        return "leave"
    if day in guard.lent or (guard.here is not None and day not in guard.here):
        return "lent"
    return "lapsed" if guard.lapses is not None and day >= guard.lapses else None


def _away(kind: str) -> Callable[[Row, RosterRule], Found]:
    def found(row: Row, _: RosterRule) -> Found:
        return ((day, 1.0) for day in row.span() if row.own(day) and away(row.guard, day) == kind)

    return found


def _one_a_day(row: Row, _: RosterRule) -> Found:
    return ((day, float(len(row.all(day)))) for day in row.span() if row.own(day) and len(row.all(day)) > 1)


def _rest(row: Row, rule: RosterRule) -> Found:
    for (_, ended, one), (begins, _, day) in pairwise(row.every_spell()):
        rest = (begins - ended) / 60
        if rest < rule.rest_h and one != day and (row.own(one) or row.own(day)):
            yield day, rest


def _most_in_7(row: Row, rule: RosterRule) -> Found:
    for day in row.reach():
        week = [day - number * ONE for number in range(WEEK)]
        worked = sum(map(row.works, week))
        if row.works(day) and worked > rule.most_in_7 and any(map(row.own, week)):
            yield day, float(worked)


def _nights(row: Row, day: date) -> int:
    """How many nights running end with that day."""
    count = 0
    while row.night(day - count * ONE):
        count += 1
    return count


def _owns(row: Row, day: date, count: int) -> bool:
    """Whether this roster has any of so many days up to that one."""
    return any(row.own(day - number * ONE) for number in range(count))


def _nights_running(row: Row, rule: RosterRule) -> Found:
    for day in row.reach():
        if (count := _nights(row, day)) > rule.nights_running and _owns(row, day, rule.nights_running + 1):
            yield day, float(count)


def _off_after_nights(row: Row, rule: RosterRule) -> Found:
    for day in row.reach():
        if not row.works(day):
            continue
        for free in range(rule.off_after_nights):
            ended = day - (free + 1) * ONE
            others = [day - number * ONE for number in range(free + 1)]
            tired = _nights(row, ended) >= rule.tiring_nights
            here = row.own(day) or _owns(row, ended, rule.tiring_nights)
            if tired and here and not row.night(others[-1]) and not any(map(row.works, others[1:])):
                yield day, float(free)


BREAKS: dict[str, Callable[[Row, RosterRule], Found]] = {
    "leave": _away("leave"),
    "lent": _away("lent"),
    "lapsed": _away("lapsed"),
    "one_a_day": _one_a_day,
    "rest_h": _rest,
    "most_in_7": _most_in_7,
    "nights_running": _nights_running,
    "off_after_nights": _off_after_nights,
}
"""Rule → the days on which a row breaks it, with what it is instead."""

SAYS: dict[str, Pair] = {
    "leave": Pair("请假，不能上班", "is on leave"),
    "lent": Pair("借调在别处，不能上班", "is lent elsewhere"),
    "lapsed": Pair("证书已过期，先续证再上班", "has a lapsed certificate: renew it first"),
    "one_a_day": Pair("一天排了 {value:g} 班，只能一班", "has {value:g} shifts on one day"),
    "rest_h": Pair(
        "班前只休息 {value:g} 小时，不足 {rule.rest_h:g} 小时",
        "has {value:g} h of rest before, not {rule.rest_h:g}",
    ),
    "most_in_7": Pair(
        "七天里上 {value:g} 班，最多 {rule.most_in_7} 班",
        "works {value:g} days of 7, at most {rule.most_in_7}",
    ),
    "nights_running": Pair(
        "连续第 {value:g} 个夜班，最多 {rule.nights_running} 个",
        "has {value:g} nights running, at most {rule.nights_running}",
    ),
    "off_after_nights": Pair(
        "连上夜班后只休息 {value:g} 天，要休息 {rule.off_after_nights} 天",
        "has {value:g} days off after nights running, not {rule.off_after_nights}",
    ),
}
"""Rule → what a person is told, after the name and the day."""


def dated(day: date) -> Pair:
    """A day as people read it."""
    return Pair(f"{day.month}月{day.day}日", f"{day.day} {day:%b}")


def broken(row: Row, rule: RosterRule) -> Iterator[RosterBroken]:
    """Every hard rule that a row breaks, in the order of the table."""
    for name, breaks in BREAKS.items():
        for day, value in breaks(row, rule):
            on, says = dated(day), SAYS[name]
            words = Pair(
                f"{row.guard.called.zh} {on.zh}：{says.zh.format(value=value, rule=rule)}",
                f"{row.guard.called.en}, {on.en}: {says.en.format(value=value, rule=rule)}",
            )
            yield RosterBroken(name, row.guard.person, day, value, words)
