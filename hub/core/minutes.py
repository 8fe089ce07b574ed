"""Whether somebody is there in every minute: told from duties alone, without rosters, rules or a solver."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Spell:
    """One person on duty, from `begins` up to but without `ends`."""

    person: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many people a span of time needs."""

    begins: datetime
    ends: datetime
    least: int


@dataclass(frozen=True, slots=True)
class Thin:
    """A span in which fewer are there than needed: `there` of `least`."""

    begins: datetime
    ends: datetime
    there: int
    least: int


def thin(spells: Sequence[Spell], wanted: Iterable[Wanted]) -> list[Thin]:
    """Every span that is short of people, in order; neighbours that lack the same are one."""
    found: list[Thin] = []
    for need in sorted(wanted, key=lambda one: (one.begins, one.ends)):
        near = [one for one in spells if one.begins < need.ends and one.ends > need.begins]
        marks = {mark for one in near for mark in (one.begins, one.ends) if need.begins < mark < need.ends}
        edges = sorted({need.begins, need.ends, *marks})
        for begins, ends in pairwise(edges):
            there = len({one.person for one in near if one.begins <= begins and one.ends >= ends})
            if there >= need.least:
                continue
            last = found[-1] if found else None
            if last and (last.ends, last.there, last.least) == (begins, there, need.least):
                found[-1] = Thin(last.begins, ends, there, need.least)
            else:
                found.append(Thin(begins, ends, there, need.least))
    return found
