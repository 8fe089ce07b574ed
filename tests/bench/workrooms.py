"""Workrooms drawn by a seed: ten guards, four weeks, leave and wishes; and one of them calls in sick."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from hub.core.roster import GuardAsked, GuardsAsked, SickAsked, Wish
from hub.core.shift import SHIFTS

if TYPE_CHECKING:
    from hub.core.roster import Cell

FIRST = date(2026, 11, 30)
"""A Monday."""
SATURDAY = 5


def days(count: int = 28, first: date = FIRST) -> tuple[date, ...]:
    """So many days, one after the other."""
    return tuple(first + timedelta(days=number) for number in range(count))


def free(span: tuple[date, ...]) -> frozenset[date]:
    """Saturdays and Sundays."""
    return frozenset(day for day in span if day.weekday() >= SATURDAY)


def workroom(seed: int, guards: int = 10, count: int = 28, seconds: float = 60.0) -> GuardsAsked:
    """Every other may lead a night; half have two to four days of leave; everybody has three wishes."""
    draw, span = Random(seed), days(count)
    return GuardsAsked(
        span,
        tuple(_guard(draw, number, span) for number in range(guards)),
        holidays=free(span),
        seconds=seconds,
    )


def _guard(draw: Random, number: int, span: tuple[date, ...]) -> GuardAsked:
    leave: frozenset[date] = frozenset()
    if draw.random() < 1 / 2:
        first = draw.randrange(len(span))
        leave = frozenset(span[first : first + draw.randint(2, 4)])
    kinds = [None, *(shift.id for shift in SHIFTS)]
    wishes = tuple(
        Wish(draw.choice(span), draw.choice(kinds), draw.random() < 1 / 3, draw.randint(1, 3))
        for _ in range(3)
    )
    return GuardAsked(
        f"guard-{number:02d}",
        leader=number % 2 == 0,
        leave=leave,
        wishes=wishes,
        nights=draw.randint(-1, 1),
        weekends=draw.randint(-1, 1),
    )


def sick(asked: GuardsAsked, cells: tuple[Cell, ...], guard: int, first: int = 10) -> SickAsked:
    """That guard cannot come for three days."""
    person = asked.guards[guard].person
    return SickAsked(asked, cells, person, asked.days[first : first + 3])
