"""One group's turns as a CP-SAT model, and how evenly they are shared."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ortools.sat.python.cp_model import IntVar, LinearExprT

    from hub.core.rotation import GroupAsked, RotationAsked, ShopAsked

NEAR = 200
"""Price of two turns of a shop that are a day nearer than they should be."""
TURN, FREE, FEAST = 10, 3, 2
"""Prices of squares: of all turns, of those on days off work, of those on public holidays."""
HALF = 2


def here(shop: ShopAsked, day: date) -> bool:
    """Whether a shop can have the turn."""
    return day not in shop.away


def took(asked: RotationAsked, group: GroupAsked) -> dict[date, str]:
    """Day → shop of the fixed turns that still stand: the shop is in the group."""
    shops, days = {shop.shop for shop in group.shops}, frozenset(asked.days)
    return {turn.day: turn.shop for turn in group.fixed if turn.day in days and turn.shop in shops}


def carried(before: Sequence[int | None], catch_up: int) -> list[int]:
    """What each begins with: who is new as the middle one, who was long away not too far behind it."""
    known = [turns for turns in before if turns is not None]
    middle = round(median(known)) if known else 0
    return [middle if turns is None else max(turns, middle - catch_up) for turns in before]


def counts(asked: RotationAsked, group: GroupAsked, shop_of: Mapping[date, str], *, free: bool) -> list[int]:
    """Turns of each shop, with those of before; `free`: only those on days off work."""
    before = [shop.free_before if free else shop.before for shop in group.shops]
    now = Counter(shop for day, shop in shop_of.items() if not free or day in asked.free)
    had = carried(before, asked.catch_up)
    return [turns + now[shop.shop] for turns, shop in zip(had, group.shops, strict=True)]


def spread(
    asked: RotationAsked, group: GroupAsked, shop_of: Mapping[date, str], *, free: bool = False
) -> int:
    """Between most and fewest turns of those who are there on more than half of the open days."""
    days = [day for day in asked.days if day not in group.closed]
    had = [
        turns
        for turns, shop in zip(counts(asked, group, shop_of, free=free), group.shops, strict=True)
        if HALF * sum(here(shop, day) for day in days) > len(days)
    ]
    return max(had) - min(had) if had else 0


class Circle:
    """`turn` is which shop has which day, by numbers of shop and day; only where it can be."""

    def __init__(self, asked: RotationAsked, group: GroupAsked) -> None:
        self.asked, self.group, self.cp = asked, group, cp_model.CpModel()
        self.turn: dict[tuple[int, int], IntVar] = {}
        fixed = took(asked, group)
        for day, date_ in enumerate(asked.days):
            self._day(day, date_, fixed.get(date_))
        self.cp.minimize(sum(self._prices()))

    def hint(self, shop_of: Mapping[date, str]) -> None:
        """Where to begin to look."""
        for (shop, day), turn in self.turn.items():
            self.cp.add_hint(turn, shop_of.get(self.asked.days[day]) == self.group.shops[shop].shop)

    def read(self, answer: cp_model.CpSolver) -> dict[date, str]:
        """Day → shop."""
        return {
            self.asked.days[day]: self.group.shops[shop].shop
            for (shop, day), turn in self.turn.items()
            if answer.boolean_value(turn)
        }

    def _day(self, day: int, on: date, fixed: str | None) -> None:
        if fixed is None and on in self.group.closed:
            return
        can = [
            number
            for number, shop in enumerate(self.group.shops)
            if (here(shop, on) if fixed is None else shop.shop == fixed)
        ]
        self.turn |= {(number, day): self.cp.new_bool_var("") for number in can}
        if can:
            self.cp.add_exactly_one(self.turn[number, day] for number in can)

    def _prices(self) -> Iterator[LinearExprT]:
        asked, shops = self.asked, self.group.shops
        all_days = range(len(asked.days))
        yield from self._even(TURN, [shop.before for shop in shops], all_days)
        free = [day for day in all_days if asked.days[day] in asked.free]
        yield from self._even(FREE, [shop.free_before for shop in shops], free)
        feasts = [day for day in all_days if asked.days[day] in asked.feasts]
        yield from self._even(FEAST, [shop.feasts_before for shop in shops], feasts)
        for number, shop in enumerate(shops):
            yield from self._near(number, shop)

    def _even(self, price: int, before: Sequence[int | None], days: Iterable[int]) -> Iterator[LinearExprT]:
        """Squares as steps: each turn more is dearer by two, so the dear ones are taken last."""
        had, days = carried(before, self.asked.catch_up), list(days)
        least = min(had, default=0)
        for number, begins in enumerate(had):
            turns = [self.turn[number, day] for day in days if (number, day) in self.turn]
            steps = [self.cp.new_bool_var("") for _ in turns]
            if turns:
                self.cp.add(sum(turns) == sum(steps))
            for step, taken in enumerate(steps):
                yield price * (2 * (begins - least + step) + 1) * taken

    def _near(self, number: int, shop: ShopAsked) -> Iterator[LinearExprT]:
        """In so many days running one turn; each window with more costs, so what is nearer costs more."""
        apart, first = self.asked.apart, self.asked.days[0]
        last = None if shop.last is None else (shop.last - first).days
        for begins in range(1 - apart, len(self.asked.days) - 1):
            window = range(begins, begins + apart)
            turns = [self.turn[number, day] for day in window if (number, day) in self.turn]
            known = 1 if last is not None and last < 0 and last in window else 0
            if len(turns) + known > 1:
                more = self.cp.new_int_var(0, apart, "")
                self.cp.add(sum(turns) + known <= 1 + more)
                yield NEAR * more
