"""A workroom's roster as a CP-SAT model: who has what on which day, and the hard rules as rows.

It has always an answer: a row that the cells taken as given break already by themselves, with everybody else
at home, is left out (the check names it), and no other row is broken by staying at home.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from hub.core.refuse import Refused
from hub.core.roster import Cell
from hub.core.roster_row import away
from hub.core.shift import DAY_MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ortools.sat.python.cp_model import IntVar

    from hub.core.glossary import Pair
    from hub.core.roster import GuardsAsked

    Place = tuple[int, int, int]

BEFORE = 10
"""Days before the roster that are looked at: no rule looks further back."""
WEEK = 7


class Grid:
    """`x` by numbers of guard, day and shift, `w` who works by guard and day; days before are below 0."""

    def __init__(self, asked: GuardsAsked, given: Iterable[Cell] = ()) -> None:
        """Rows that `given` cells, with the fixed ones and those of before, break themselves are left out.

        Raises:
            Refused: Two fixed cells of one person stand on one day.
        """
        self.asked, self.cp = asked, cp_model.CpModel()
        self.guards, self.shifts = range(len(asked.guards)), range(len(asked.shifts))
        self.days = range(len(asked.days))
        self._number = {guard.person: number for number, guard in enumerate(asked.guards)}
        self._kind = {shift.id: number for number, shift in enumerate(asked.shifts)}
        before = (cell for guard in asked.guards for cell in guard.before if cell.day < asked.days[0])
        past = {(cell.person, cell.day): cell for cell in before}  # of two on one day the last is enough
        self._known = self.places(
            [*past.values(), *(cell for cell in asked.fixed if cell.day >= asked.days[0])]
        )
        self._base = self._known | self.places(given)
        self._other = self._elsewhere()
        self._reach = max([len(asked.days) - 1, *(day for _, day, _ in self._other)])
        self.x: dict[Place, IntVar] = {}
        self.w: dict[tuple[int, int], IntVar] = {}
        self._is: dict[int, bool] = {}
        self._no, self._yes = self._constant(0), self._constant(1)
        self._cells()
        ruled = product(self.guards, range(-BEFORE, self._reach + 1))
        self._nights = {(guard, day): self._night(guard, day) for guard, day in ruled}
        for guard in self.guards:
            self._rest(guard)
            self._windows(guard)
            self._after_nights(guard)

    def places(self, cells: Iterable[Cell]) -> set[Place]:
        """Where cells stand; those of other people, shifts and later days are passed over."""
        first, last = self.asked.days[0], self.asked.days[-1]
        return {
            (self._number[cell.person], (cell.day - first).days, self._kind[cell.shift])
            for cell in cells
            if cell.person in self._number and cell.shift in self._kind and cell.day <= last
        }

    def _elsewhere(self) -> set[Place]:
        """Where other rosters have somebody, as far as rules look."""
        first = self.asked.days[0]
        every = {
            (number, (cell.day - first).days, self._kind[cell.shift])
            for number, guard in enumerate(self.asked.guards)
            for cell in guard.elsewhere
            if cell.shift in self._kind
        }
        return {place for place in every if 0 <= place[1] < len(self.asked.days) + BEFORE}

    def read(self, solved: cp_model.CpSolver) -> tuple[Cell, ...]:
        """The cells of an answer, person by person."""
        asked = self.asked
        return tuple(
            Cell(asked.guards[guard].person, asked.days[day], asked.shifts[shift].id)
            for (guard, day, shift), x in self.x.items()
            if day >= 0 and solved.boolean_value(x)
        )

    def hint(self, cells: Iterable[Cell]) -> None:
        """Where to begin to look."""
        places = self.places(cells)
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        for place, x in self.x.items():
            self.cp.add_hint(x, place in places)

    def hold(self, cells: Iterable[Cell], until: int) -> None:
        """Days before that number stay as these cells are."""
        places = self.places(cells)
        for place, x in self.x.items():
            if 0 <= place[1] < until:
                self.cp.add(x == (place in places))

    def _cells(self) -> None:
        asked = self.asked
        off = {(self._number[person], day) for person, day in asked.off if person in self._number}
        for guard, day in product(self.guards, range(-BEFORE, len(asked.days))):
            has = [(guard, day, shift) in self._known for shift in self.shifts]
            if sum(has) > 1 and day >= 0:
                raise twice(asked.guards[guard].called)
            row = [self._new((guard, day, shift) in self._base) for shift in self.shifts]
            self.w[guard, day] = self._new(any((guard, day, shift) in self._base for shift in self.shifts))
            self.x |= {(guard, day, shift): x for shift, x in enumerate(row)}
            self.cp.add_exactly_one(*row, ~self.w[guard, day])
            closed = day >= 0 and ((guard, asked.days[day]) in off or self._away(guard, day))
            closed = closed or (self._is_elsewhere(guard, day) and not self._is[self.w[guard, day].index])
            if day < 0 or any(has) or closed:
                for x, known in zip(row, has, strict=True):
                    self.cp.add(x == known)

    def _away(self, guard: int, day: int) -> bool:
        return away(self.asked.guards[guard], self.asked.days[day]) is not None

    def _is_elsewhere(self, guard: int, day: int) -> bool:
        return any((guard, day, shift) in self._other for shift in self.shifts)

    def _at(self, guard: int, day: int, shift: int) -> IntVar:
        """Whether a guard has that shift, in whichever roster."""
        place = (guard, day, shift)
        return self._yes if place in self._other else self.x.get(place, self._no)

    def _works(self, guard: int, day: int) -> IntVar:
        """Whether a guard works on a day, in whichever roster."""
        return self._yes if self._is_elsewhere(guard, day) else self.w.get((guard, day), self._no)

    def _constant(self, value: int) -> IntVar:
        x = self.cp.new_constant(value)
        self._is[x.index] = bool(value)
        return x

    def _new(self, base: bool) -> IntVar:
        x = self.cp.new_bool_var("")
        self._is[x.index] = base
        return x

    def _night(self, guard: int, day: int) -> IntVar | None:
        """Whether a guard has a night on a day; None where no shift is at night."""
        nights = [self._at(guard, day, shift) for shift in self.shifts if self.asked.shifts[shift].night]
        if len(nights) <= 1:
            return nights[0] if nights else None
        return self._either(nights)

    def _either(self, xs: Sequence[IntVar]) -> IntVar:
        made = self._new(any(self._is[x.index] for x in xs))
        self.cp.add_max_equality(made, xs)
        return made

    def _most(self, xs: Sequence[IntVar], most: int) -> None:
        if sum(self._is[x.index] for x in xs) <= most:
            self.cp.add(sum(xs) <= most)

    def _never(self, true: Sequence[IntVar], false: IntVar) -> None:
        """Not all of these together without the last."""
        if self._is[false.index] or not all(self._is[x.index] for x in true):
            self.cp.add_bool_or(*(~x for x in true), false)

    def _rest(self, guard: int) -> None:
        """One shift, and those of the next day that begin too soon after it: one of them at most."""
        kinds, rest = self.asked.shifts, self.asked.rule.rest_h * 60
        for day, shift in product(range(-1, self._reach), self.shifts):
            soon = [
                self._at(guard, day + 1, after)
                for after in self.shifts
                if kinds[after].start + DAY_MINUTES - kinds[shift].end < rest
            ]
            self._most([self._at(guard, day, shift), *soon], 1)

    def _windows(self, guard: int) -> None:
        rule = self.asked.rule
        for last in range(self._reach + 1):
            self._most([self._works(guard, last - number) for number in range(WEEK)], rule.most_in_7)
            run = [
                self._nights[guard, day] for day in range(max(-BEFORE, last - rule.nights_running), last + 1)
            ]
            if len(run) > rule.nights_running:
                self._most([night for night in run if night is not None], rule.nights_running)

    def _after_nights(self, guard: int) -> None:
        """Nights running that end: the days after the last of them are free."""
        rule = self.asked.rule
        for ended in range(rule.tiring_nights - 1 - BEFORE, self._reach):
            run = [self._nights[guard, ended - number] for number in range(rule.tiring_nights)]
            goes_on = self._nights[guard, ended + 1]
            known = [night for night in run if night is not None]
            if goes_on is None or len(known) < len(run):
                continue
            for free in range(1, rule.off_after_nights + 1):
                if 0 <= ended + free <= self._reach:
                    self._never([*known, self._works(guard, ended + free)], goes_on)


def twice(called: Pair) -> Refused:
    """Two cells that are fixed contradict each other."""
    return Refused(
        "input",
        "two-shifts",
        f"{called.en} has two fixed shifts on one day: take one away first.",
        f"{called.zh}同一天固定了两个班，请先去掉一个。",
    )
