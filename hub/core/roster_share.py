"""What each guard should have in a roster: hours, nights and days off work, by the days one is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core.roster_row import away

if TYPE_CHECKING:
    from hub.core.roster import GuardAsked, GuardsAsked

COUNTED = 0.9
"""Who is here on no larger share of the days is not counted when fewest nights are looked for."""
WEEK = 7
STEPS = 3
FINE = 2 * WEEK
"""Parts of a minute in which half of a shift a week is whole."""


@dataclass(frozen=True, slots=True)
class Share:
    """Nights, or days off work, that are fair: from `least` to `most`, which are one apart at most."""

    least: int
    most: int

    def off(self, has: int) -> int:
        """How unfair that is: one too few or too many counts 1, two 3, three 6, and 3 for each more."""
        off = max(0, self.least - has, has - self.most)
        return sum(max(0, off - step) for step in range(STEPS))


def here(asked: GuardsAsked, guard: GuardAsked) -> int:
    """On how many days a guard can be on duty."""
    return sum(away(guard, day) is None for day in asked.days)


def target_h(asked: GuardsAsked, guard: GuardAsked) -> float:
    """Hours that a guard should have: those of a week, for the days on which the guard is here."""
    week = asked.rule.week_h if guard.hours is None else guard.hours
    return week * here(asked, guard) / WEEK


def target_fine(asked: GuardsAsked, guard: GuardAsked) -> int:
    """The same in fourteenths of a minute."""
    return round(target_h(asked, guard) * 60 * FINE)


def usual_minutes(asked: GuardsAsked) -> int:
    """How long a shift is, on average."""
    return round(60 * sum(shift.hours for shift in asked.shifts) / len(asked.shifts))


def off_hours(asked: GuardsAsked, guard: GuardAsked, minutes: int) -> int:
    """By how many usual shifts a person has more or fewer hours than the target; half a one is none."""
    usual = usual_minutes(asked)
    over = abs(FINE * minutes - target_fine(asked, guard)) - FINE // 2 * usual
    return max(0, -(-over // (FINE * usual)))


def nights(asked: GuardsAsked) -> tuple[Share, ...]:
    """Fair nights of each guard, what was carried over set off."""
    wanted = sum(
        asked.need(day, shift.id).wanted for day in asked.days for shift in asked.shifts if shift.night
    )
    return _shared(asked, wanted, [guard.nights for guard in asked.guards])


def weekends(asked: GuardsAsked) -> tuple[Share, ...]:
    """Fair days off work of each guard, what was carried over set off."""
    free = [day for day in asked.days if day in asked.holidays]
    wanted = sum(asked.need(day, shift.id).wanted for day in free for shift in asked.shifts)
    return _shared(asked, wanted, [guard.weekends for guard in asked.guards])


def _shared(asked: GuardsAsked, wanted: int, carried: list[int]) -> tuple[Share, ...]:
    days = [here(asked, guard) for guard in asked.guards]
    whole, parts = wanted + sum(carried), max(1, sum(days))
    return tuple(
        Share(max(0, whole * own // parts - before), max(0, -(-whole * own // parts) - before))
        for own, before in zip(days, carried, strict=True)
    )


def counted(asked: GuardsAsked, guard: GuardAsked) -> bool:
    """Whether a guard is here so much that having few nights would be unfair to others."""
    return here(asked, guard) > COUNTED * len(asked.days)


def spread(every: list[int], fair: list[int]) -> int:
    """Between the most that anybody has and the fewest of those who are counted."""
    return max(0, max(every) - min(fair)) if fair else 0
