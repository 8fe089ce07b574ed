"""Who could take a shift: rest before and after, nights then, whose consent; and why a gap stays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.roster_check import checked, kind, load
from hub.core.roster_row import away, broken, dated, rows
from hub.core.roster_share import target_h

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from hub.core.roster import Cell, GuardsAsked, RosterBroken, RosterChecked, RosterGap
    from hub.core.roster_row import Row
    from hub.core.shift import ShiftKind

MOST_LEAVES = 4
"""So many people's leave is named with a gap."""
AWAY = {
    "leave": Pair("请假", "on leave"),
    "lent": Pair("借调在别处", "lent elsewhere"),
    "lapsed": Pair("证书已过期", "certificate lapsed"),
}
COUNTED = {
    "one_a_day": Pair("{count} 人当天已有别的班", "{count} have another shift on that day"),
    "rest_h": Pair(
        "{count} 人休息不足 {rule.rest_h:g} 小时", "{count} would have less than {rule.rest_h:g} h of rest"
    ),
    "most_in_7": Pair(
        "{count} 人七天内会超过 {rule.most_in_7} 班",
        "{count} would work more than {rule.most_in_7} days of 7",
    ),
    "nights_running": Pair(
        "{count} 人会连续超过 {rule.nights_running} 个夜班",
        "{count} would have more than {rule.nights_running} nights running",
    ),
    "off_after_nights": Pair(
        "{count} 人连上夜班后要休息 {rule.off_after_nights} 天",
        "{count} need {rule.off_after_nights} days off after nights running",
    ),
}
"""Rule → how many it keeps from a shift."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One who could take a shift on a day off; `broken` is what would be wrong with it, empty: nothing."""

    person: str
    rest_before_h: float | None
    """Hours since the shift before; None: there is none."""
    rest_after_h: float | None
    nights: int
    nights_then: int
    weekends: int
    over_h: float
    """Hours above the target that the person would then have; not below 0."""
    leader: bool
    busy: bool
    """Has another shift on that day: it would be a swap."""
    broken: tuple[RosterBroken, ...]
    agree: tuple[str, ...]
    """Whose consent is needed: person, and leader where it makes more hours than the target."""


def offers(asked: GuardsAsked, cells: Iterable[Cell], day: date, shift: str) -> tuple[Offer, ...]:
    """Everybody who has not that shift: who could take it first, with fewest nights and hours first."""
    found, taken = rows(asked, cells), kind(asked, shift)
    every = [_offer(asked, row, day, taken) for row in found.values() if taken not in row.had.get(day, ())]
    return tuple(
        sorted(every, key=lambda one: (bool(one.broken), one.busy, one.over_h, one.nights_then, one.person))
    )


def _offer(asked: GuardsAsked, row: Row, day: date, taken: ShiftKind) -> Offer:
    then = row.with_cell(day, taken)
    known = {(one.rule, one.day, one.value) for one in broken(row, asked.rule)}
    new = tuple(one for one in broken(then, asked.rule) if (one.rule, one.day, one.value) not in known)
    before, after = load(asked, row), load(asked, then)
    over = max(0.0, after.hours - target_h(asked, row.guard))
    return Offer(
        row.guard.person,
        *_rests(then, day),
        before.nights_all,
        after.nights_all,
        before.weekends_all,
        over,
        row.guard.leader,
        row.own(day),
        new,
        ("person", "leader") if over > 0 else ("person",),
    )


def _rests(row: Row, day: date) -> tuple[float | None, float | None]:
    spells = row.every_spell()
    at = next(number for number, spell in enumerate(spells) if spell[2] == day)
    before = (spells[at][0] - spells[at - 1][1]) / 60 if at else None
    after = (spells[at + 1][0] - spells[at][1]) / 60 if at + 1 < len(spells) else None
    return before, after


def explained(asked: GuardsAsked, cells: tuple[Cell, ...]) -> RosterChecked:
    """As `checked`, and every gap says what keeps the others from it."""
    made, found = checked(asked, cells), rows(asked, cells)
    gaps = tuple(replace(gap, why=tuple(why(asked, found, gap))) for gap in made.gaps)
    return replace(made, gaps=gaps)


def why(asked: GuardsAsked, found: dict[str, Row], gap: RosterGap) -> Iterator[Pair]:
    """Sentences: how many are missing, who is away, and how many each rule keeps from it."""
    taken = kind(asked, gap.shift)
    yield _missing(asked, found, gap, taken)
    others = [
        row
        for row in found.values()
        if taken not in row.had.get(gap.day, ()) and (row.guard.leader or not gap.leader)
    ]
    gone = [(row, away(row.guard, gap.day)) for row in others]
    for row, rule in [(row, rule) for row, rule in gone if rule][:MOST_LEAVES]:
        yield _away(row, rule, gap.day)
    counts: Counter[str] = Counter()
    free: list[Pair] = []
    for row in [row for row, rule in gone if not rule]:
        new = "one_a_day" if row.works(gap.day) else _first(asked, row, gap.day, taken)
        counts.update([new] if new else [])
        free += [] if new else [row.guard.called]
    for rule, says in COUNTED.items():
        if counts[rule]:
            yield Pair(
                says.zh.format(count=counts[rule], rule=asked.rule),
                says.en.format(count=counts[rule], rule=asked.rule),
            )
    if free:
        zh, en = "、".join(who.zh for who in free), ", ".join(who.en for who in free)
        yield Pair(f"能顶：{zh}", f"could take it: {en}")


def _first(asked: GuardsAsked, row: Row, day: date, taken: ShiftKind) -> str | None:
    new = _offer(asked, row, day, taken).broken
    return new[0].rule if new else None


def _missing(asked: GuardsAsked, found: dict[str, Row], gap: RosterGap, taken: ShiftKind) -> Pair:
    on, least = dated(gap.day), asked.need(gap.day, gap.shift).least
    there = sum(taken in row.had.get(gap.day, ()) for row in found.values())
    if gap.leader:
        return Pair(f"{on.zh} {taken.zh}没有负责人", f"{on.en}, {taken.en}: no leader")
    return Pair(
        f"{on.zh} {taken.zh}缺 {gap.missing} 人：最少 {least} 人，现有 {there} 人",
        f"{on.en}, {taken.en}: {gap.missing} missing: at least {least}, now {there}",
    )


def _away(row: Row, rule: str | None, day: date) -> Pair:
    first = last = day
    while away(row.guard, first.fromordinal(first.toordinal() - 1)) == rule and first > row.first:
        first = first.fromordinal(first.toordinal() - 1)
    while last < row.last and away(row.guard, last.fromordinal(last.toordinal() + 1)) == rule:
        last = last.fromordinal(last.toordinal() + 1)
    who, words, begins, ends = row.guard.called, AWAY[rule or "leave"], dated(first), dated(last)
    if first == last:
        return Pair(f"{who.zh}{words.zh}（{begins.zh}）", f"{who.en} {words.en} ({begins.en})")
    return Pair(
        f"{who.zh}{words.zh}（{begins.zh}至{ends.zh}）",
        f"{who.en} {words.en} ({begins.en} to {ends.en})",
    )
