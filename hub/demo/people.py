"""The reference market's people, from people.csv, and their shifts around a moment.

A line says who, which log-in, role and node, and on which shifts the person stands: `*` every one (the people
of the demo's log-ins, so that the page works at any hour), `1/3` the second of every three, or none.
`@c-146` at the end of a node stands for that shop's group, `@qinghe` alone for the district.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIFTS = (time(0), time(8), time(16))
"""When shifts begin, the market's own time; each lasts eight hours."""
DAYS_BEFORE, DAYS_AHEAD = 1, 8


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A line of people.csv; empty fields are empty texts."""

    id: str
    login: str
    zh: str
    en: str
    role: str
    node: str
    armband: str
    post: str
    crew: str
    shifts: str

    @property
    def password(self) -> str:
        """Simple on purpose; the hub refuses to serve them beyond this machine."""
        return f"{self.login}-demo"

    def stands(self, shift: int) -> bool:
        """Whether the person is on duty in the shift of this running number."""
        if self.shifts in {"", "*"}:
            return self.shifts == "*"
        which, every = map(int, self.shifts.split("/"))
        return shift % every == which


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's shift."""

    person: DemoPerson
    begins: datetime
    ends: datetime

    @property
    def id(self) -> str:
        """The same at every start, so that a turn is stored once."""
        return f"{self.person.id}-{self.begins:%Y%m%dT%H}"


def everybody() -> tuple[DemoPerson, ...]:
    """Every person of people.csv."""
    text = resources.files("hub.demo").joinpath("people.csv").read_text(encoding="utf-8")
    return tuple(DemoPerson(**line) for line in csv.DictReader(text.splitlines()))


def turns(people: tuple[DemoPerson, ...], zone: str, now: datetime) -> Iterator[Turn]:
    """Every turn from yesterday to eight days ahead of `now`."""
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    for day in range(-DAYS_BEFORE, DAYS_AHEAD + 1):
        date = today + timedelta(days=day)
        for place, start in enumerate(SHIFTS):
            number = date.toordinal() * len(SHIFTS) + place
            begins = datetime.combine(date, start, local).astimezone(UTC)
            # Wall-clock arithmetic: a shift ends when the next begins, also on the night a clock is changed.
            last = place == len(SHIFTS) - 1
            after = datetime.combine(date + timedelta(days=last), SHIFTS[0 if last else place + 1], local)
            for person in people:
                if person.stands(number):
                    yield Turn(person, begins, after.astimezone(UTC))
