"""Public nurse rostering questions of schedulingbenchmarks.org, read and put to CP-SAT.

Their rules are not a workroom's: shifts of many lengths, minutes in all, runs of work and of rest, weekends.
So the rows stand here; the solver and its settings are those of rosters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Cells = dict[tuple[str, int], str]

WORKERS = 8
WEEK = 7
WHOLE = 0.4
"""Share of the time in which the whole is looked at."""


@dataclass(frozen=True, slots=True)
class Staff:
    """One of the staff: most of each shift, minutes in all, runs of work and rest, weekends."""

    id: str
    most: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_run: int
    least_run: int
    least_rest: int
    weekends: int
    off: frozenset[int]


@dataclass(frozen=True, slots=True)
class Question:
    """An instance; requests are (staff, day, shift, price), covers (day, shift, wanted, under, over)."""

    days: int
    minutes: dict[str, int]
    not_after: dict[str, tuple[str, ...]]
    staff: tuple[Staff, ...]
    on: tuple[tuple[str, int, str, int], ...]
    off: tuple[tuple[str, int, str, int], ...]
    covers: tuple[tuple[int, str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best that was found, what none can fall below, and who works what on which day."""

    objective: int
    bound: float
    cells: Cells


def read(path: Path) -> Question:
    """A file of instances1_24: sections of lines with commas."""
    parts: defaultdict[str, list[list[str]]] = defaultdict(list)
    name = ""
    for line in map(str.strip, path.read_text(encoding="ascii").splitlines()):
        if line.startswith("SECTION_"):
            name = line.removeprefix("SECTION_")
        elif line and not line.startswith("#"):
            parts[name].append(line.split(","))
    off = {row[0]: frozenset(map(int, row[1:])) for row in parts["DAYS_OFF"]}
    return Question(
        int(parts["HORIZON"][0][0]),
        {row[0]: int(row[1]) for row in parts["SHIFTS"]},
        {row[0]: tuple(filter(None, row[2].split("|"))) for row in parts["SHIFTS"]},
        tuple(_staff(row, off) for row in parts["STAFF"]),
        tuple((who, int(day), shift, int(price)) for who, day, shift, price in parts["SHIFT_ON_REQUESTS"]),
        tuple((who, int(day), shift, int(price)) for who, day, shift, price in parts["SHIFT_OFF_REQUESTS"]),
        tuple((int(row[0]), row[1], int(row[2]), int(row[3]), int(row[4])) for row in parts["COVER"]),
    )


def _staff(row: list[str], off: dict[str, frozenset[int]]) -> Staff:
    most = {shift: int(number) for shift, number in (word.split("=") for word in row[1].split("|"))}
    minutes, least, run, least_run, rest, weekends = map(int, row[2:8])
    free = off.get(row[0], frozenset())
    return Staff(row[0], most, minutes, least, run, least_run, rest, weekends, free)


class Model:
    """An instance as a CP-SAT model: `x` is who works what on which day, `w` who works."""

    def __init__(self, question: Question) -> None:
        self.question, self.model = question, cp_model.CpModel()
        days = range(question.days)
        self.x = {
            (one.id, day, shift): self.model.new_bool_var(f"{one.id}{day}{shift}")
            for one in question.staff
            for day in days
            for shift in question.minutes
        }
        self.w = {
            (one.id, day): self.model.new_bool_var(f"{one.id}{day}") for one in question.staff for day in days
        }
        for one in question.staff:
            self._days(one)
            self._sums(one)
            self._runs(one)
        self.short: list[tuple[int, cp_model.IntVar]] = []
        self.model.minimize(sum(self._prices()))

    def _days(self, one: Staff) -> None:
        for day in range(self.question.days):
            works = [self.x[one.id, day, shift] for shift in self.question.minutes]
            self.model.add_exactly_one(*works, ~self.w[one.id, day])
            if day in one.off:
                self.model.add(self.w[one.id, day] == 0)
            for shift, others in self.question.not_after.items():
                if day + 1 < self.question.days and others:
                    after = [self.x[one.id, day + 1, other] for other in others]
                    self.model.add_at_most_one(self.x[one.id, day, shift], *after)

    def _sums(self, one: Staff) -> None:
        days = range(self.question.days)
        for shift, most in one.most.items():
            if most < self.question.days:
                self.model.add(sum(self.x[one.id, day, shift] for day in days) <= most)
        minutes = sum(
            length * self.x[one.id, day, shift]
            for shift, length in self.question.minutes.items()
            for day in days
        )
        self.model.add_linear_constraint(minutes, one.least_minutes, one.most_minutes)
        ends = []
        for saturday in range(WEEK - 2, self.question.days, WEEK):
            ends.append(self.model.new_bool_var(""))
            for day in (saturday, saturday + 1):
                self.model.add_implication(self.w[one.id, day], ends[-1])
        self.model.add(sum(ends) <= one.weekends)

    def _runs(self, one: Staff) -> None:
        works = [self.w[one.id, day] for day in range(self.question.days)]
        for first in range(len(works) - one.most_run):
            self.model.add(sum(works[first : first + one.most_run + 1]) <= one.most_run)
        for least, state in ((one.least_run, works), (one.least_rest, [~work for work in works])):
            for first in range(len(works) - 2):
                for short in range(1, min(least, len(works) - first - 1)):
                    inner = state[first + 1 : first + 1 + short]
                    self.model.add_bool_or(
                        state[first], *(~one_day for one_day in inner), state[first + 1 + short]
                    )

    def _prices(self) -> Iterator[cp_model.LinearExprT]:
        for who, day, shift, price in self.question.on:
            yield price * (1 - self.x[who, day, shift])
        for who, day, shift, price in self.question.off:
            yield price * self.x[who, day, shift]
        for day, shift, wanted, under, over in self.question.covers:
            there = sum(self.x[one.id, day, shift] for one in self.question.staff)
            short = self.model.new_int_var(0, wanted, "")
            more = self.model.new_int_var(0, len(self.question.staff), "")
            self.model.add(there + short - more == wanted)
            self.short.append((under, short))
            yield under * short + over * more

    def solved(self, seconds: float) -> Answer:
        """The best within so many seconds: where a part of them proves nothing, no more may lack.

        What lacks is the dear part of the price. With it held the cheap one is found, but nothing is proved
        of the whole: the bound is that of the first part.
        """
        first = self._best(seconds * WHOLE)
        if first.objective_value - first.best_objective_bound < 1:
            return self._answer(first, first)
        lacking = sum(under * short for under, short in self.short)
        self.model.add(lacking <= sum(under * first.value(short) for under, short in self.short))
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for x in (*self.x.values(), *self.w.values()):
            self.model.add_hint(x, first.boolean_value(x))
        return self._answer(self._best(seconds - first.wall_time), first)

    def _best(self, seconds: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.max_time_in_seconds = seconds
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise ValueError("nothing was found in this time")
        return solver

    def _answer(self, best: cp_model.CpSolver, first: cp_model.CpSolver) -> Answer:
        cells = {(who, day): shift for (who, day, shift), x in self.x.items() if best.boolean_value(x)}
        return Answer(round(best.objective_value), first.best_objective_bound, cells)


def price(question: Question, cells: Cells) -> int:
    """What an answer costs, counted from its cells."""
    there = Counter((day, shift) for (_, day), shift in cells.items())
    on = sum(cost for who, day, shift, cost in question.on if cells.get((who, day)) != shift)
    off = sum(cost for who, day, shift, cost in question.off if cells.get((who, day)) == shift)
    return (
        on
        + off
        + sum(
            under * max(0, wanted - there[day, shift]) + over * max(0, there[day, shift] - wanted)
            for day, shift, wanted, under, over in question.covers
        )
    )


def breaks(question: Question, cells: Cells) -> int:
    """How many rules an answer breaks, counted from its cells."""
    return sum(_broken(question, one, cells) for one in question.staff)


def _broken(question: Question, one: Staff, cells: Cells) -> int:
    line = [cells.get((one.id, day)) for day in range(question.days)]
    minutes = sum(question.minutes[shift] for shift in line if shift)
    runs = [(works, len(list(days))) for works, days in groupby(line, key=bool)]
    inner = runs[1:-1]
    weekends = sum(any(line[day : day + 2]) for day in range(WEEK - 2, question.days, WEEK))
    return sum(
        (
            not one.least_minutes <= minutes <= one.most_minutes,
            any(line[day] for day in one.off),
            any(line.count(shift) > most for shift, most in one.most.items()),
            any(after in question.not_after[shift] for shift, after in pairwise(line) if shift and after),
            any(works and length > one.most_run for works, length in runs),
            any(length < (one.least_run if works else one.least_rest) for works, length in inner),
            weekends > one.weekends,
        )
    )
