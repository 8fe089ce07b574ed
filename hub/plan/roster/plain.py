"""Turns without a solver: simply round and round, or day by day to whoever has had fewest."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

from hub.plan.roster.circle import carried, here, took

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hub.core.rotation import GroupAsked, RotationAsked, ShopAsked


def round_and_round(asked: RotationAsked, group: GroupAsked) -> dict[date, str]:
    """One after the other, whoever is away is passed over; fixed turns stay. What many markets do."""
    found, turn = took(asked, group), count()
    for day, _ in _open(asked, group):
        shops = (group.shops[number % len(group.shops)] for number in turn)
        found[day] = next(shop.shop for shop in shops if here(shop, day))
    return found


def fewest_first(asked: RotationAsked, group: GroupAsked) -> dict[date, str]:
    """Day by day who is not too near to another turn of its own, with fewest turns, then days off work."""
    found = took(asked, group)
    had = dict(
        zip(_names(group), carried([shop.before for shop in group.shops], asked.catch_up), strict=True)
    )
    free = dict(
        zip(_names(group), carried([shop.free_before for shop in group.shops], asked.catch_up), strict=True)
    )
    now = Counter(found.values())
    taken = {shop.shop: [shop.last] if shop.last else [] for shop in group.shops}
    for day, shop in found.items():
        taken[shop].append(day)
    for day, there in _open(asked, group):
        off = day in asked.free

        def rank(shop: ShopAsked, day: date = day, *, off: bool = off) -> tuple[int, int, int]:
            near = sum(max(0, asked.apart - abs((day - other).days)) for other in taken[shop.shop])
            return near, had[shop.shop] + now[shop.shop], free[shop.shop] if off else -free[shop.shop]

        shop = min(there, key=rank).shop
        found[day] = shop
        now[shop] += 1
        free[shop] += off
        taken[shop].append(day)
    return found


def _names(group: GroupAsked) -> list[str]:
    return [shop.shop for shop in group.shops]


def _open(asked: RotationAsked, group: GroupAsked) -> Iterator[tuple[date, list[ShopAsked]]]:
    """Days that are to be given, and who is there on each."""
    fixed = took(asked, group)
    for day in asked.days:
        there = [shop for shop in group.shops if here(shop, day)]
        if there and day not in fixed and day not in group.closed:
            yield day, there
